"""Thin views; the rules are in rules.py."""
from django.db import transaction
from django.utils import timezone
from rest_framework import permissions, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from catalog.models import Copy

from . import rules
from .models import Fine, Loan
from .serializers import BorrowSerializer, LoanSerializer


class CardHolder(permissions.IsAuthenticated):
    message = "A library card is needed."

    def has_permission(self, request, view):
        return super().has_permission(request, view) and hasattr(request.user, "member")


class LoanViewSet(viewsets.GenericViewSet):
    permission_classes = [CardHolder]
    serializer_class = LoanSerializer

    def get_queryset(self):
        return Loan.objects.filter(member__user=self.request.user).order_by("pk")

    def list(self, request):
        return Response(self.get_serializer(self.get_queryset(), many=True).data)

    @transaction.atomic
    def create(self, request):
        form = BorrowSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        member = request.user.member
        rules.check_card(member)
        copy = get_object_or_404(Copy, barcode=form.validated_data["barcode"])
        rules.check_borrowing(member, copy)
        now = timezone.now()
        loan = Loan.objects.create(
            copy=copy, member=member, borrowed_at=now, due_on=timezone.localdate() + rules.TERM
        )
        Copy.objects.filter(pk=copy.pk).update(state=Copy.ON_LOAN)
        return Response(self.get_serializer(loan).data, status=201)

    @action(detail=True, methods=["post"])
    def renew(self, request, pk):
        loan = self.get_object()
        rules.check_card(loan.member)
        rules.check_renewal(loan)
        Loan.objects.filter(pk=loan.pk).update(
            due_on=loan.due_on + rules.TERM, renewals=loan.renewals + 1
        )
        loan.refresh_from_db()
        return Response(self.get_serializer(loan).data)

    @action(detail=True, methods=["post"], url_path="return")
    @transaction.atomic
    def give_back(self, request, pk):
        loan = self.get_object()
        rules.check([(loan.returned_at is not None, "Back already.")])
        fine = rules.fine_for(loan)
        loan.returned_at = timezone.now()
        loan.save()
        Copy.objects.filter(pk=loan.copy_id).update(state=Copy.ON_SHELF)
        if fine and not hasattr(loan, "fine"):
            Fine.objects.create(loan=loan, amount=fine, issued_at=loan.returned_at)
        return Response(self.get_serializer(loan).data)
