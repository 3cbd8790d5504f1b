from django.contrib import admin

from .models import Branch, Post


class PostInline(admin.TabularInline):
    model = Post
    extra = 0
    raw_id_fields = ["user"]


@admin.register(Branch)
class BranchAdmin(admin.ModelAdmin):
    list_display = ["name", "opened_on"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [PostInline]
