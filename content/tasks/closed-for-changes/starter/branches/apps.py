from django.apps import AppConfig


class BranchesConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "branches"

    def ready(self):
        # The layers stand in a file of their own, so that they can be moved without touching the other settings.
        from django.conf import settings

        from library.layers import MIDDLEWARE

        settings.MIDDLEWARE = MIDDLEWARE
