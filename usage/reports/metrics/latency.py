"""Of latency: percentiles of one measure, and how many answers they stand on."""

from django.utils.translation import gettext_lazy as _

from usage.reports.metrics.definition import Metric, Unit

NOT_MEASURED = _("No answer of this group has this measure.")

LATENCY = (
    Metric(
        id="endings",
        label=_("Ended"),
        unit=Unit.COUNT,
        formula=_("Answers of that day that have ended, whichever way, those that go on with another included."),
    ),
    Metric(
        id="measured",
        label=_("Measured"),
        unit=Unit.COUNT,
        formula=_("Those of them with this measure: what the percentiles are of."),
    ),
    Metric(
        id="p50_ms",
        label=_("Median"),
        unit=Unit.MILLISECONDS,
        additive=False,
        formula=_("Median from added log histograms, within 2 %. Percentiles are never averaged."),
        null_means=NOT_MEASURED,
    ),
    Metric(
        id="p90_ms",
        label=_("p90"),
        unit=Unit.MILLISECONDS,
        additive=False,
        formula=_("90th percentile from added log histograms, within 2 %."),
        null_means=NOT_MEASURED,
    ),
    Metric(
        id="p95_ms",
        label=_("p95"),
        unit=Unit.MILLISECONDS,
        additive=False,
        formula=_("95th percentile from added log histograms, within 2 %."),
        null_means=NOT_MEASURED,
    ),
    Metric(
        id="p99_ms",
        label=_("p99"),
        unit=Unit.MILLISECONDS,
        additive=False,
        formula=_("99th percentile from added log histograms, within 2 %."),
        null_means=NOT_MEASURED,
    ),
)

NOT_TIMED = _("No answer of this group was timed.")

SPEED = (
    Metric(
        id="timed_answers",
        label=_("Timed"),
        unit=Unit.COUNT,
        formula=_("Those of them with a first token, time after it, and tokens that the endpoint reported to the end."),
    ),
    Metric(
        id="tokens_per_s_p50",
        label=_("Tokens/s, median"),
        unit=Unit.RATE,
        additive=False,
        formula=_(
            "Output tokens, visible and reasoning, over the time from first token to end: the median, from added log "
            "histograms, within 2 %."
        ),
        null_means=NOT_TIMED,
    ),
    Metric(
        id="tokens_per_s_p10",
        label=_("Tokens/s, slowest tenth"),
        unit=Unit.RATE,
        additive=False,
        formula=_("The speed that one answer in ten does not reach: the 10th percentile."),
        null_means=NOT_TIMED,
    ),
    Metric(
        id="tokens_per_s_p5",
        label=_("Tokens/s, slowest twentieth"),
        unit=Unit.RATE,
        additive=False,
        formula=_("The speed that one answer in twenty does not reach: the 5th percentile."),
        null_means=NOT_TIMED,
    ),
)
