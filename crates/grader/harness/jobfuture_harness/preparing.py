"""Making a snapshot, with the project's own code only: migrate, fill, and sign everybody in."""
import importlib

from . import runtime


def run(channel, head, printed):
    from django.core.management import call_command

    runtime.finish_loading()
    targets = head["migrate"]
    from django.apps import apps

    for app in targets:
        call_command("migrate", app, targets[app], verbosity=0, interactive=False)
    if targets:
        # The other apps as far as they go; none of them depends on what was left out.
        for config in apps.get_app_configs():
            if config.label not in targets and has_migrations(config):
                call_command("migrate", config.label, verbosity=0, interactive=False)
    else:
        call_command("migrate", verbosity=0, interactive=False)
    if head["fixture"]:
        module, function = head["fixture"].split(":")
        getattr(importlib.import_module(module), function)()
    sessions = {name: session_of(name) for name in head["people"]} if head["fixture"] else {}
    channel.send(b"p", {"sessions": sessions, "output": printed.take(), "versions": versions()})


def has_migrations(config):
    from django.db.migrations.loader import MigrationLoader

    return config.label in MigrationLoader(None, ignore_no_migrations=True).migrated_apps


def session_of(username):
    """A session as signing in would have made it; its key is what the cookie carries."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
    from django.contrib.sessions.backends.db import SessionStore

    user = get_user_model().objects.get(username=username)
    session = SessionStore()
    session[SESSION_KEY] = user._meta.pk.value_to_string(user)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    # Signed in for ten years: a snapshot outlives a fortnight.
    session.set_expiry(10 * 365 * 24 * 3600)
    session.create()
    return session.session_key


def versions():
    import platform

    import django
    import rest_framework

    return {"django": django.get_version(), "rest_framework": rest_framework.VERSION, "python": platform.python_version()}
