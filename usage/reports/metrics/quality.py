"""Of answer quality: what became of answers, and the rates that are read from it."""

from django.utils.translation import gettext_lazy as _

from usage.reports.metrics.definition import Metric, Unit
from usage.reports.metrics.usage import PENDING

NOTHING_SHOWN = _("No answer was shown.")

QUALITY = (
    Metric(
        id="shared",
        label=_("Shared"),
        unit=Unit.COUNT,
        formula=_("Shown answers shared at least once."),
        version=2,
    ),
    Metric(
        id="exported",
        label=_("Exported"),
        unit=Unit.COUNT,
        formula=_("Shown answers exported at least once."),
        version=2,
    ),
    Metric(
        id="followed_up",
        label=_("With a next question"),
        unit=Unit.COUNT,
        formula=_("Answers after which the person asked on in the same conversation, whatever it was."),
    ),
    Metric(
        id="csat",
        label=_("CSAT"),
        unit=Unit.SHARE,
        additive=False,
        formula=_("Up over up and down, by the latest vote. To be read beside the response rate only."),
        null_means=_("Nobody voted."),
        version=2,
    ),
    Metric(
        id="response_rate",
        label=_("Response rate"),
        unit=Unit.SHARE,
        additive=False,
        formula=_("Shown answers with a vote over answers shown: on how few CSAT rests."),
        null_means=NOTHING_SHOWN,
        version=2,
    ),
    Metric(
        id="satisfied_strict_share",
        label=_("Satisfied, strict"),
        unit=Unit.SHARE,
        additive=False,
        formula=_("Satisfied over all answers, the unknown ones included."),
        null_means=PENDING,
    ),
    Metric(
        id="satisfied_broad_share",
        label=_("Satisfied, broad"),
        unit=Unit.SHARE,
        additive=False,
        formula=_("Satisfied and followed up over all answers, the unknown ones included."),
        null_means=PENDING,
    ),
    Metric(
        id="unsatisfied_share",
        label=_("Unsatisfied, share"),
        unit=Unit.SHARE,
        additive=False,
        formula=_("Unsatisfied over all answers, the unknown ones included."),
        null_means=PENDING,
    ),
    Metric(
        id="quality_unknown_share",
        label=_("Unknown, share"),
        unit=Unit.SHARE,
        additive=False,
        formula=_("Unknown over all answers: what neither strict nor broad says anything about."),
        null_means=PENDING,
    ),
    Metric(
        id="copy_rate",
        label=_("Copy rate"),
        unit=Unit.SHARE,
        additive=False,
        formula=_("Copied over answers shown."),
        null_means=NOTHING_SHOWN,
        version=2,
    ),
    Metric(
        id="regenerate_rate",
        label=_("Asked-again rate"),
        unit=Unit.SHARE,
        additive=False,
        formula=_("Asked again over answers shown."),
        null_means=NOTHING_SHOWN,
        version=2,
    ),
    Metric(
        id="stop_rate",
        label=_("Cut-short rate"),
        unit=Unit.SHARE,
        additive=False,
        formula=_("Cut short over answers shown: what a reader decided."),
        null_means=NOTHING_SHOWN,
    ),
    Metric(
        id="abandonment_rate",
        label=_("Given-up rate"),
        unit=Unit.SHARE,
        additive=False,
        formula=_("Given up over all answers: a failure of latency, apart from cutting short while reading."),
        null_means=_("There was no answer."),
    ),
)
