"""People who borrow."""
from django.conf import settings
from django.db import models


class Member(models.Model):
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="member"
    )
    card_number = models.CharField(max_length=12, unique=True)
    home_branch = models.ForeignKey(
        "branches.Branch", on_delete=models.PROTECT, related_name="members"
    )
    joined_on = models.DateField()
    is_suspended = models.BooleanField(default=False)

    class Meta:
        ordering = ["card_number"]

    def __str__(self):
        return f"{self.user.get_full_name() or self.user.username} ({self.card_number})"
