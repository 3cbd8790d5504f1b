from django.contrib import admin

from .models import Fine, Loan, Reservation


@admin.register(Loan)
class LoanAdmin(admin.ModelAdmin):
    list_display = ["copy", "member", "borrowed_at", "due_on", "returned_at", "renewals"]
    # The copy's name is its book's title, the member's name is its user's.
    list_select_related = ["copy__book", "member__user"]
    list_filter = [("returned_at", admin.EmptyFieldListFilter)]
    date_hierarchy = "due_on"
    raw_id_fields = ["copy", "member"]


@admin.register(Reservation)
class ReservationAdmin(admin.ModelAdmin):
    list_display = ["book", "member", "pickup_branch", "created_at", "fulfilled_at"]
    list_select_related = ["book", "member__user", "pickup_branch"]
    raw_id_fields = ["book", "member"]


@admin.register(Fine)
class FineAdmin(admin.ModelAdmin):
    list_display = ["loan_id", "amount", "issued_at", "paid_at"]
    list_filter = [("paid_at", admin.EmptyFieldListFilter)]
    raw_id_fields = ["loan"]
