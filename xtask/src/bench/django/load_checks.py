"""`load_checks.py PEOPLE`: questions, and people who are signed in; prints their cookies, a line each."""
import os
import sys

import django

django.setup()
from checks.models import Question
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import transaction

call_command("migrate", run_syncdb=True, verbosity=0)
with transaction.atomic():
    if not Question.objects.exists():
        Question.objects.bulk_create(
            Question(prompt=f"What is {at}? " * 12, options=["one", "two", "three", "four"], right=2) for at in range(114)
        )
    before = User.objects.count()
    for at in range(before, before + int(sys.argv[1])):
        user = User(username=f"person{at}")
        user.set_unusable_password()
        user.save()
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        print(f"sessionid={session.session_key}")
