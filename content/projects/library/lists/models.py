"""Reading lists: private to their owner unless shared with a branch."""
from django.db import models


class ReadingList(models.Model):
    PRIVATE = "private"
    BRANCH = "branch"
    AUDIENCES = [(PRIVATE, "Only me"), (BRANCH, "The staff of my home branch")]

    owner = models.ForeignKey(
        "members.Member", on_delete=models.CASCADE, related_name="reading_lists"
    )
    title = models.CharField(max_length=120)
    audience = models.CharField(max_length=10, choices=AUDIENCES, default=PRIVATE)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "pk"]

    def __str__(self):
        return self.title


class Entry(models.Model):
    reading_list = models.ForeignKey(
        ReadingList, on_delete=models.CASCADE, related_name="entries"
    )
    book = models.ForeignKey(
        "catalog.Book", on_delete=models.CASCADE, related_name="entries"
    )
    position = models.PositiveIntegerField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(
                fields=["reading_list", "book"], name="book_once_per_list"
            ),
        ]

    def __str__(self):
        return f"{self.position}. {self.book}"
