"""Loans as the API shows them, and what a borrower sends."""
from rest_framework import serializers

from .models import Loan


class LoanSerializer(serializers.ModelSerializer):
    barcode = serializers.CharField(source="copy.barcode", read_only=True)
    title = serializers.CharField(source="copy.book.title", read_only=True)
    # Null when the loan never cost anything.
    fine = serializers.DecimalField(
        source="fine.amount", max_digits=6, decimal_places=2, read_only=True
    )

    class Meta:
        model = Loan
        fields = [
            "id", "barcode", "title", "borrowed_at", "due_on", "returned_at",
            "renewals", "fine",
        ]
        read_only_fields = fields


class BorrowSerializer(serializers.Serializer):
    barcode = serializers.CharField(max_length=20)
