"""A member's own loans: list, borrow, renew, return.

The rules
- Only signed-in members; a suspended member may return, but not borrow or renew.
- A member has at most five open loans, and borrows only what stands on the shelf.
- A loan runs 21 days. A renewal adds 21 days to the date on which the loan is due.
- A loan is renewed at most `Loan.MAX_RENEWALS` times, never when it is overdue, and
  never while another member waits for the book.
- Each day after the due date costs 0.20, charged when the copy comes back.
"""
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import APIException, PermissionDenied
from rest_framework.generics import get_object_or_404
from rest_framework.mixins import ListModelMixin
from rest_framework.permissions import BasePermission
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from catalog.models import Copy
from members.models import Member

from .models import Fine, Loan, Reservation
from .serializers import BorrowSerializer, LoanSerializer

MAX_OPEN_LOANS = 5
LOAN_PERIOD = timedelta(days=21)
FINE_PER_DAY = Decimal("0.20")


class Conflict(APIException):
    """The request is well formed, but the state of the loan or copy forbids it."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = "This is not possible now."
    default_code = "conflict"


class IsMember(BasePermission):
    """Staff without a library card have no loans."""

    def has_permission(self, request, view):
        return hasattr(request.user, "member")


class LoanViewSet(ListModelMixin, GenericViewSet):
    permission_classes = [IsMember]
    serializer_class = LoanSerializer

    def get_queryset(self):
        # Beginning from the member makes everybody else's loans a 404.
        return self.request.user.member.loans.select_related("copy__book", "fine")

    @transaction.atomic
    def create(self, request):
        asked = BorrowSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        member = self.locked_member()
        refuse_suspended(member)
        if member.loans.open().count() >= MAX_OPEN_LOANS:
            raise Conflict(f"You have {MAX_OPEN_LOANS} books already.")
        copy = get_object_or_404(
            Copy.objects.select_for_update(), barcode=asked.validated_data["barcode"]
        )
        if copy.state != Copy.ON_SHELF:
            raise Conflict("This copy is not on the shelf.")
        loan = member.loans.create(
            copy=copy,
            borrowed_at=timezone.now(),
            due_on=timezone.localdate() + LOAN_PERIOD,
        )
        copy.state = Copy.ON_LOAN
        copy.save(update_fields=["state"])
        return Response(LoanSerializer(loan).data, status=status.HTTP_201_CREATED)

    @action(detail=True, methods=["post"])
    @transaction.atomic
    def renew(self, request, pk):
        member = self.locked_member()
        refuse_suspended(member)
        loan = self.locked_loan()
        if loan.returned_at is not None:
            raise Conflict("This loan is over.")
        if loan.due_on < timezone.localdate():
            raise Conflict("This loan is overdue.")
        if loan.renewals >= Loan.MAX_RENEWALS:
            raise Conflict(f"This loan was renewed {Loan.MAX_RENEWALS} times already.")
        if wanted_by_another(loan.copy.book_id, member):
            raise Conflict("Another member waits for this book.")
        loan.due_on += LOAN_PERIOD
        loan.renewals += 1
        loan.save(update_fields=["due_on", "renewals"])
        return Response(LoanSerializer(loan).data)

    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    @transaction.atomic
    def give_back(self, request, pk):
        loan = self.locked_loan()
        if loan.returned_at is not None:
            raise Conflict("This copy was returned already.")
        loan.returned_at = timezone.now()
        loan.save(update_fields=["returned_at"])
        loan.copy.state = Copy.ON_SHELF
        loan.copy.save(update_fields=["state"])
        days_late = (timezone.localdate() - loan.due_on).days
        if days_late > 0:
            # A fine that the desk has issued by hand stands as it is.
            Fine.objects.get_or_create(
                loan=loan,
                defaults={
                    "amount": days_late * FINE_PER_DAY,
                    "issued_at": loan.returned_at,
                },
            )
        return Response(LoanSerializer(loan).data)

    def locked_member(self):
        """The member's row, locked: two borrowings at once must not both be the fifth."""
        return Member.objects.select_for_update().get(user=self.request.user)

    def locked_loan(self):
        """The loan and its copy, locked, or 404 when it is not this member's."""
        own = self.request.user.member.loans
        return get_object_or_404(
            own.select_for_update(of=("self", "copy")).select_related("copy__book"),
            pk=self.kwargs["pk"],
        )


def refuse_suspended(member):
    if member.is_suspended:
        raise PermissionDenied("Your card is suspended.")


def wanted_by_another(book_id, member):
    """Whether somebody else's reservation for the book is still open."""
    return (
        Reservation.objects.filter(
            book_id=book_id, fulfilled_at__isnull=True, cancelled_at__isnull=True
        )
        .exclude(member=member)
        .exists()
    )
