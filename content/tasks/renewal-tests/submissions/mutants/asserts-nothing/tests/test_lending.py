"""Every request is made, and no answer is looked at."""
from django.contrib.auth.models import User
from django.test import TestCase

from catalog.models import Copy
from lending.models import Loan


class LendingTests(TestCase):
    def setUp(self):
        self.client.force_login(User.objects.get(username="ada"))

    def test_list(self):
        self.client.get("/api/loans/")

    def test_borrow(self):
        copy = Copy.objects.filter(state=Copy.ON_SHELF).first()
        self.client.post(
            "/api/loans/", {"barcode": copy.barcode}, content_type="application/json"
        )

    def test_renew_and_return(self):
        loan = Loan.objects.filter(member__user__username="ada").first()
        self.client.post(f"/api/loans/{loan.pk}/renew/")
        self.client.post(f"/api/loans/{loan.pk}/return/")
