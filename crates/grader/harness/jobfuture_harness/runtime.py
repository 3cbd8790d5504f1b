"""Loading Django once, in the template."""
import importlib
import os
import sys

# What runs and how; set by `preload`, read in every child.
config = {}
handler = None

# Loaded before any run, so that no run pays for them. None of them belongs to the project.
LIBRARIES = [
    "ctypes", "decimal", "json", "sqlite3", "unittest", "zoneinfo",
    "django.contrib.admin", "django.contrib.auth.decorators", "django.contrib.auth.mixins",
    "django.contrib.sessions.backends.db", "django.core.handlers.wsgi", "django.core.paginator",
    "django.core.management.commands.migrate", "django.db.migrations.executor", "django.forms", "django.http",
    "django.shortcuts", "django.template.loader", "django.test", "django.urls", "django.views.generic",
    "rest_framework.decorators", "rest_framework.filters", "rest_framework.generics", "rest_framework.mixins",
    "rest_framework.pagination", "rest_framework.parsers", "rest_framework.permissions", "rest_framework.renderers",
    "rest_framework.response", "rest_framework.routers", "rest_framework.serializers", "rest_framework.test",
    "rest_framework.validators", "rest_framework.views", "rest_framework.viewsets",
]


def preload(given):
    config.update(given)
    # What the operator has installed beside the standard library is no part of a project.
    sys.path[:] = [path for path in sys.path if os.path.basename(path) not in ("site-packages", "dist-packages")]
    sys.path[:0] = [config["project"], *config["site_packages"]]
    os.environ["DJANGO_SETTINGS_MODULE"] = config["settings"]
    from django.conf import settings

    settings.DATABASES = {
        "default": {"ENGINE": "jobfuture_harness.database", "NAME": "recorder", "CONN_MAX_AGE": None}
    }
    config["all_apps"] = list(settings.INSTALLED_APPS)
    if config["late"]:
        settings.INSTALLED_APPS = [app for app in config["all_apps"] if not belongs_to_project(app)]
    # Mapped now or never: a run cannot map executable memory.
    for name in config["modules"]:
        try:
            importlib.import_module(name)
        except ImportError:
            pass
    import django

    django.setup()
    for name in LIBRARIES:
        importlib.import_module(name)
    if not config["late"]:
        make_handler()
        remember_admin_urls()


def belongs_to_project(name):
    return os.path.exists(os.path.join(config["project"], name.split(".")[0]))


def finish_loading():
    """In a child of a template without the project's apps: load them, with the run's files laid over."""
    if config["late"]:
        from django.apps import apps
        from django.conf import settings

        settings.INSTALLED_APPS = config["all_apps"]
        apps.set_installed_apps(config["all_apps"])
    if handler is None:
        make_handler()


def make_handler():
    global handler
    from .serving import Handler

    handler = Handler()
    handler.load_middleware()


def remember_admin_urls():
    """The admin's addresses are the same in all runs that register nothing with it, and making them takes a third of the time
    in which a run's files are loaded."""
    from django.apps import apps
    from django.contrib import admin

    if not apps.is_installed("django.contrib.admin"):
        return
    registered, make = dict(admin.site._registry), admin.site.get_urls
    # A project's own way of making them may depend on a module that a run replaces.
    if all(one.get_urls.__module__.startswith("django.") for one in (admin.site, *registered.values())):
        made = make()
        admin.site.get_urls = lambda: made if admin.site._registry == registered else make()


def forget_project(loaded_before):
    """After a rehearsal: no module of the project stays as the rehearsal has loaded it, and no cache remembers one. Those that
    it has loaded from the project itself are loaded again, for runs that replace nothing that they need."""
    from django.contrib.contenttypes.models import ContentType
    from django.db import connections
    from django.urls import clear_url_caches, set_urlconf

    from .overlay import Kept, forget

    for name in [name for name in sys.modules if name not in loaded_before]:
        if belongs_to_project(name):
            Kept.keep(sys.modules[name], config["project"])
            forget(name)
    if Kept not in sys.meta_path:
        # In place of the search along the path, which stays for whatever no rehearsal has loaded.
        sys.meta_path.insert(0, Kept)
    Kept.load()
    clear_url_caches()
    set_urlconf(None)
    ContentType.objects.clear_cache()
    connections["default"].connection = None
    del connections["default"]
