"""Of the trust report: what was looked at, and whether it is well."""

from django.utils.translation import gettext_lazy as _

from usage.reports.metrics.definition import Metric, Unit

TRUST = (
    Metric(
        id="status",
        label=_("Status"),
        unit=Unit.TEXT,
        additive=False,
        formula=_("green: as it should be; amber: look at it; red: numbers are wrong or late."),
        null_means=_("Nobody can tell here."),
    ),
    Metric(
        id="found",
        label=_("Found"),
        unit=Unit.COUNT,
        additive=False,
        formula=_("How many, or how many seconds, were found of what the check is named for."),
        null_means=_("There is nothing of the kind."),
    ),
    Metric(
        id="found_of",
        label=_("Of"),
        unit=Unit.COUNT,
        additive=False,
        formula=_("Of how many."),
        null_means=_("It is no part of anything."),
    ),
    Metric(
        id="found_share",
        label=_("Share"),
        unit=Unit.SHARE,
        additive=False,
        formula=_("Found over of."),
        null_means=_("It is no part of anything."),
    ),
)
