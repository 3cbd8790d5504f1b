"""The places where books stand, and who works there."""
from django.conf import settings
from django.db import models


class Branch(models.Model):
    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(unique=True)
    opened_on = models.DateField()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "branches"

    def __str__(self):
        return self.name


class Post(models.Model):
    """A person's post at a branch: what they may do there, and nowhere else."""

    LIBRARIAN = "librarian"
    MANAGER = "manager"
    ROLES = [(LIBRARIAN, "Librarian"), (MANAGER, "Manager")]

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="posts"
    )
    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, related_name="posts")
    role = models.CharField(max_length=20, choices=ROLES, default=LIBRARIAN)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "branch"], name="one_post_per_branch"),
        ]

    def __str__(self):
        return f"{self.user} ({self.get_role_display()}, {self.branch})"


class Closure(models.Model):
    """A time in which nothing may be changed through the API: `begins_at` belongs to it, `ends_at` does not."""

    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=200)

    class Meta:
        ordering = ["begins_at", "pk"]

    def __str__(self):
        return f"{self.reason}, until {self.ends_at}"


class JournalEntry(models.Model):
    """A change that was asked for through the API, and what came of it."""

    reference = models.CharField(max_length=40, db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    method = models.CharField(max_length=10)
    path = models.CharField(max_length=500)
    status = models.PositiveSmallIntegerField()
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "journal entries"

    def __str__(self):
        return f"{self.method} {self.path}: {self.status}"
