from django.contrib import admin

from .models import Entry, ReadingList


class EntryInline(admin.TabularInline):
    model = Entry
    extra = 0
    raw_id_fields = ["book"]


@admin.register(ReadingList)
class ReadingListAdmin(admin.ModelAdmin):
    list_display = ["title", "owner", "audience", "created_at"]
    list_select_related = ["owner__user"]
    list_filter = ["audience"]
    raw_id_fields = ["owner"]
    inlines = [EntryInline]
