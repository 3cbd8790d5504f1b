"""Two people, a notebook each, two notes in each."""
from datetime import datetime, timezone

from django.contrib.auth.models import User

from notes.models import Note, Notebook


def load():
    for name in ["ada", "ben"]:
        user = User(username=name, date_joined=datetime(2026, 3, 2, 12, 0, tzinfo=timezone.utc))
        user.set_unusable_password()
        user.save()
        notebook = Notebook.objects.create(owner=user, name=f"Of {name}")
        for place in [1, 2]:
            Note.objects.create(
                notebook=notebook, title=f"Note {place} of {name}", slug=f"{name}-{place}", body="Words.", place=place
            )
