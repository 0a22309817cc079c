from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.apps import AppConfig as DjangoAppConfig

if TYPE_CHECKING:
    from usage.reports.terminal import TerminalGenerations


class AppConfig(DjangoAppConfig):
    """The wiring: commands, templates and the front door."""

    name = "app"
    label = "app"

    def ready(self) -> None:
        # Here and not in app/__init__.py: run.py imports from this package before anything is installed.
        from app import celery  # noqa: F401  # tasks sent from this process need to know their broker
        from usage.reports import limits, terminal
        from usage.reports.labels import Dimension, register

        register(Dimension.SCENARIO, _scenario_names)
        register(Dimension.MODEL, _model_names)
        terminal.register(_terminal_generations)
        limits.register(_endpoint_limits)


def _scenario_names() -> Mapping[str, str]:
    """Usage knows slugs only; their names live in the catalog."""
    from conversations.models import Scenario

    return {scenario.slug: str(scenario) for scenario in Scenario.objects.all()}


def _model_names() -> Mapping[str, str]:
    from conversations.models import Model

    return {model.slug: str(model) for model in Model.objects.all()}


def _endpoint_limits() -> Mapping[str, int]:
    from conversations.models import ModelEndpoint

    return dict(ModelEndpoint.objects.values_list("name", "max_concurrency"))


def _terminal_generations(start: datetime, end: datetime) -> "TerminalGenerations":
    """The one place that sees both halves: what conversations ended, and what usage knows of it."""
    from django.db.models import Count, Exists, OuterRef, Q

    from conversations.models import TERMINAL, Generation
    from usage.models import UsageRecord
    from usage.reports.terminal import TerminalGenerations

    ended = Generation.objects.filter(state__in=TERMINAL, created_at__gte=start, created_at__lt=end)
    told = ended.annotate(has_fact=Exists(UsageRecord.objects.filter(generation=OuterRef("pk"))))
    counts = told.aggregate(ended=Count("pk"), without_fact=Count("pk", filter=Q(has_fact=False)))
    return TerminalGenerations(**counts)
