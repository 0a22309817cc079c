from django.apps import AppConfig as DjangoAppConfig


class AppConfig(DjangoAppConfig):
    """The wiring: commands, templates and the front door."""

    name = "app"
    label = "app"

    def ready(self) -> None:
        # Here and not in app/__init__.py: run.py imports from this package before anything is installed.
        from app import celery  # noqa: F401  # tasks sent from this process need to know their broker
