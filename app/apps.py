from collections.abc import Mapping

from django.apps import AppConfig as DjangoAppConfig


class AppConfig(DjangoAppConfig):
    """The wiring: commands, templates and the front door."""

    name = "app"
    label = "app"

    def ready(self) -> None:
        # Here and not in app/__init__.py: run.py imports from this package before anything is installed.
        from app import celery  # noqa: F401  # tasks sent from this process need to know their broker
        from usage.reports.labels import Dimension, register

        register(Dimension.SCENARIO, _scenario_names)
        register(Dimension.MODEL, _model_names)


def _scenario_names() -> Mapping[str, str]:
    """Usage knows slugs only; their names live in the catalog."""
    from conversations.models import Scenario

    return {scenario.slug: str(scenario) for scenario in Scenario.objects.all()}


def _model_names() -> Mapping[str, str]:
    from conversations.models import Model

    return {model.slug: str(model) for model in Model.objects.all()}
