"""Of endpoints: how busy they were, and what went wrong with them."""

from django.utils.translation import gettext_lazy as _

from usage.reports.metrics.definition import Metric, Unit

CAPACITY = (
    Metric(
        id="busy_ms",
        label=_("Busy, ms"),
        unit=Unit.MILLISECONDS,
        formula=_("Time of all calls within the windows, each call in every window it overlaps."),
    ),
    Metric(
        id="mean_concurrency",
        label=_("Calls at once, mean"),
        unit=Unit.RATE,
        additive=False,
        formula=_("Busy time over the time that has elapsed."),
        null_means=_("Nothing of it is counted yet."),
    ),
    Metric(
        id="peak_concurrency",
        label=_("Calls at once, peak"),
        unit=Unit.COUNT,
        additive=False,
        formula=_("Most calls at one moment; of several windows the greatest."),
    ),
    Metric(
        id="failed_calls",
        label=_("Failed calls"),
        unit=Unit.COUNT,
        formula=_("Calls begun that did not come to their end, those broken off by a person included."),
    ),
    Metric(
        id="error_rate",
        label=_("Error rate"),
        unit=Unit.SHARE,
        additive=False,
        formula=_("Failed calls over calls."),
        null_means=_("There was no call."),
    ),
    Metric(
        id="queue_p95_ms",
        label=_("Queue, p95"),
        unit=Unit.MILLISECONDS,
        additive=False,
        formula=_("95th percentile of the wait for a place, of answers by this endpoint, within 2 %."),
        null_means=_("Nothing was measured, or it is more than 35 days ago."),
    ),
    Metric(
        id="share_of_calls",
        label=_("Share of calls"),
        unit=Unit.SHARE,
        additive=False,
        formula=_("Calls that ended this way over all calls of the endpoint."),
    ),
)
