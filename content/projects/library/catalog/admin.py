from django.contrib import admin

from .models import Author, Book, Copy, Genre, Publisher, Review


class CopyInline(admin.TabularInline):
    model = Copy
    extra = 0


@admin.register(Book)
class BookAdmin(admin.ModelAdmin):
    list_display = ["title", "publisher", "isbn", "published_on"]
    list_select_related = ["publisher"]
    list_filter = ["genres"]
    search_fields = ["title", "isbn", "authors__name"]
    autocomplete_fields = ["authors", "publisher"]
    filter_horizontal = ["genres"]
    inlines = [CopyInline]


@admin.register(Copy)
class CopyAdmin(admin.ModelAdmin):
    list_display = ["barcode", "book", "branch", "state"]
    list_select_related = ["book", "branch"]
    list_filter = ["state", "branch"]
    search_fields = ["barcode", "book__title"]
    autocomplete_fields = ["book"]


@admin.register(Review)
class ReviewAdmin(admin.ModelAdmin):
    list_display = ["book", "rating", "is_visible", "written_at"]
    list_select_related = ["book"]
    list_filter = ["is_visible", "rating"]
    raw_id_fields = ["book", "member"]
    actions = ["hide"]

    @admin.action(description="Hide the chosen reviews")
    def hide(self, request, queryset):
        count = queryset.update(is_visible=False)
        self.message_user(request, f"{count} hidden.")


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin):
    list_display = ["name", "born"]
    search_fields = ["name"]


@admin.register(Publisher)
class PublisherAdmin(admin.ModelAdmin):
    list_display = ["name", "country"]
    search_fields = ["name"]


admin.site.register(Genre)
