"""The same project with a check in it. What is acknowledged is on the disk, and a writer waits for its turn."""
from settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "checks"]  # noqa: F405
ROOT_URLCONF = "check_urls"
DATABASES = {
    "default": {
        **DATABASES["default"],  # noqa: F405
        "OPTIONS": {
            "init_command": "PRAGMA journal_mode=wal; PRAGMA synchronous=full",
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
        },
    }
}
