"""Begin, look at what is open, answer it. An answer is in one transaction with the question that comes next."""
import random
from functools import cache

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from .models import Attempt, Item, Question

LONGEST = 12


@cache
def all_questions():
    return list(Question.objects.values_list("id", flat=True))


def ask_next(attempt, place, asked):
    left = [number for number in all_questions() if number not in asked]
    Item.objects.create(attempt=attempt, place=place, question_id=random.choice(left))


@csrf_exempt
@login_required
def begin(request):
    with transaction.atomic():
        attempt = Attempt.objects.create(account=request.user)
        ask_next(attempt, 1, set())
    return HttpResponseRedirect(f"/attempts/{attempt.id}")


@login_required
def look(request, attempt):
    attempt = get_object_or_404(Attempt, id=attempt, account=request.user)
    items = list(attempt.items.select_related("question").order_by("place"))
    return render(request, "question.html", {"attempt": attempt, "items": items, "open": items[-1]})


@csrf_exempt
@login_required
def answer(request, attempt, place):
    with transaction.atomic():
        attempt = get_object_or_404(Attempt, id=attempt, account=request.user)
        items = list(attempt.items.select_related("question").order_by("place"))
        item = items[-1]
        if item.place != place or item.closed_at:
            raise Http404
        now = timezone.now()
        item.answer = request.POST["option"]
        item.category = int(item.answer == str(item.question.right))
        item.closed_at, item.seconds = now, (now - attempt.heard_at).seconds
        item.save(update_fields=["answer", "category", "closed_at", "seconds"])
        attempt.spent_seconds, attempt.heard_at = attempt.spent_seconds + item.seconds, now
        if place < LONGEST:
            ask_next(attempt, place + 1, {item.question_id for item in items})
        else:
            attempt.ended_at = now
        attempt.save(update_fields=["spent_seconds", "heard_at", "ended_at"])
    return HttpResponseRedirect(f"/attempts/{attempt.id}")
