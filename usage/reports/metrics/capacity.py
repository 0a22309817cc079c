"""Of endpoints: how busy they were, and what went wrong with them."""

from django.utils.translation import gettext_lazy as _

from usage.reports.metrics.definition import Metric, Unit

NO_LIMIT = _("The catalog has no such endpoint any more.")

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
        id="endpoint_limit",
        label=_("Limit"),
        unit=Unit.COUNT,
        additive=False,
        formula=_("Most answers the endpoint may give at once, as it is set now; what it was then is not kept."),
        null_means=NO_LIMIT,
    ),
    Metric(
        id="mean_of_limit",
        label=_("Mean of limit"),
        unit=Unit.RATE,
        additive=False,
        formula=_("Calls at once, mean, over the limit. Titles are calls and take no place of it."),
        null_means=NO_LIMIT,
    ),
    Metric(
        id="peak_of_limit",
        label=_("Peak of limit"),
        unit=Unit.SHARE,
        additive=False,
        formula=_("Calls at once, peak, over the limit. Over 1: titles, or a limit that was higher."),
        null_means=NO_LIMIT,
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
        null_means=_("Nothing was measured, or a part of it is more than 35 days ago."),
    ),
    Metric(
        id="share_of_calls",
        label=_("Share of calls"),
        unit=Unit.SHARE,
        additive=False,
        formula=_("Calls that ended this way over all calls of the endpoint."),
    ),
)

FAILOVER = (
    Metric(
        id="asked_first",
        label=_("Asked first"),
        unit=Unit.COUNT,
        formula=_("Answers whose first call that day went to this endpoint; after a takeover they begin anew."),
    ),
    Metric(
        id="failed_over",
        label=_("Failed over"),
        unit=Unit.COUNT,
        formula=_("Those of them for which another endpoint was asked after it."),
    ),
    Metric(
        id="failover_rate",
        label=_("Failover rate"),
        unit=Unit.SHARE,
        additive=False,
        formula=_("Failed over, over asked first."),
    ),
    Metric(
        id="answered_elsewhere",
        label=_("Answered elsewhere"),
        unit=Unit.COUNT,
        formula=_("Failed over, and another endpoint answered to its end."),
    ),
)
