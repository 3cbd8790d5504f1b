"""Loans, reservations and fines."""
from django.db import models
from django.db.models import F, Q


class LoanQuerySet(models.QuerySet):
    def open(self):
        return self.filter(returned_at__isnull=True)

    def overdue(self, today):
        return self.open().filter(due_on__lt=today)


class Loan(models.Model):
    MAX_RENEWALS = 2

    copy = models.ForeignKey(
        "catalog.Copy", on_delete=models.PROTECT, related_name="loans"
    )
    member = models.ForeignKey(
        "members.Member", on_delete=models.PROTECT, related_name="loans"
    )
    borrowed_at = models.DateTimeField()
    due_on = models.DateField()
    returned_at = models.DateTimeField(null=True, blank=True)
    renewals = models.PositiveSmallIntegerField(default=0)

    objects = LoanQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["copy"],
                condition=Q(returned_at__isnull=True),
                name="one_open_loan_per_copy",
            ),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True)
                | Q(returned_at__gte=F("borrowed_at")),
                name="returned_after_borrowed",
            ),
        ]

    def __str__(self):
        return f"{self.copy} to {self.member}, due {self.due_on}"


class Reservation(models.Model):
    book = models.ForeignKey(
        "catalog.Book", on_delete=models.CASCADE, related_name="reservations"
    )
    member = models.ForeignKey(
        "members.Member", on_delete=models.CASCADE, related_name="reservations"
    )
    pickup_branch = models.ForeignKey(
        "branches.Branch", on_delete=models.PROTECT, related_name="reservations"
    )
    created_at = models.DateTimeField()
    fulfilled_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self):
        return f"{self.book} for {self.member}"


class Fine(models.Model):
    loan = models.OneToOneField(Loan, on_delete=models.CASCADE, related_name="fine")
    amount = models.DecimalField(max_digits=6, decimal_places=2)
    issued_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["issued_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="fine_is_positive"),
        ]

    def __str__(self):
        return f"{self.amount} for loan {self.loan_id}"
