from django.contrib.auth.models import User
from django.test import TestCase


class LoanListTests(TestCase):
    def test_a_member_can_ask_for_loans(self):
        self.client.force_login(User.objects.get(username="ada"))
        response = self.client.get("/api/loans/")
        self.assertEqual(response.status_code, 200)
