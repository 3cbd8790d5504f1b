from django.contrib import admin

from .models import Member


@admin.register(Member)
class MemberAdmin(admin.ModelAdmin):
    list_display = ["card_number", "user", "home_branch", "joined_on", "is_suspended"]
    list_select_related = ["user", "home_branch"]
    list_filter = ["is_suspended", "home_branch"]
    search_fields = ["card_number", "user__first_name", "user__last_name"]
    raw_id_fields = ["user"]
