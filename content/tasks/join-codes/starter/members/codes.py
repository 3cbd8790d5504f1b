"""Codes that become library cards, and the tries that came to nothing.

The tables were there before this project, and the old desk program still reads them: Django does not manage them.
"""
from django.conf import settings
from django.db import models


class JoinCode(models.Model):
    """A code that a desk has issued for an e-mail address. What stands on the paper is not kept."""

    branch = models.ForeignKey("branches.Branch", models.CASCADE, related_name="+")
    email = models.EmailField()
    # SHA-256 of the code, in lower-case hexadecimal digits.
    code_hash = models.CharField(max_length=64, unique=True)
    note = models.TextField(blank=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "members"
        db_table = "members_joincode"
        managed = False
        ordering = ["-issued_at", "pk"]


class JoinAttempt(models.Model):
    """A code that was refused: by whom it was tried, and when."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    tried_at = models.DateTimeField()

    class Meta:
        app_label = "members"
        db_table = "members_joinattempt"
        managed = False
