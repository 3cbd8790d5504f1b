"""A check as Django would keep it: attempts, and what was asked in them. The next question is drawn by lot, not chosen."""
import uuid

from django.conf import settings
from django.db import models


class Question(models.Model):
    prompt = models.TextField()
    options = models.JSONField()
    right = models.IntegerField()


class Attempt(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    begun_at = models.DateTimeField(auto_now_add=True)
    heard_at = models.DateTimeField(auto_now_add=True)
    spent_seconds = models.IntegerField(default=0)
    ended_at = models.DateTimeField(null=True)


class Item(models.Model):
    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="items")
    place = models.IntegerField()
    question = models.ForeignKey(Question, models.PROTECT)
    asked_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)
    seconds = models.IntegerField(null=True)
    answer = models.TextField(null=True)
    category = models.IntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attempt", "place"], name="one_item_a_place")]
