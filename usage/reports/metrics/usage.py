"""Of the usage report: turns, people, answers, calls, cost and tokens, in the order of its columns."""

from django.utils.translation import gettext_lazy as _

from usage.reports.metrics.definition import Metric, Unit

PENDING = _("Pending: signals about an answer count for 72 hours, and not all have had them.")
NO_COUNT = _("No ended answer has a known count.")

USAGE = (
    Metric(
        id="turns",
        label=_("Turns"),
        unit=Unit.COUNT,
        formula=_("Turns accepted that day: sent, regenerated, edited, continued. By the model that was asked."),
    ),
    Metric(
        id="active_users",
        label=_("Active users"),
        unit=Unit.PEOPLE,
        additive=False,
        formula=_("Distinct people with at least one accepted turn. Counted anew for every subtotal, never added."),
    ),
    Metric(
        id="value_active_users",
        label=_("Value-active"),
        unit=Unit.PEOPLE,
        additive=False,
        formula=_("Distinct people with at least one turn that ended completed with a visible answer."),
    ),
    Metric(
        id="completed",
        label=_("Completed"),
        unit=Unit.COUNT,
        formula=_("Turns of that day whose answer came to its end. By the model that answered."),
    ),
    Metric(
        id="stopped", label=_("Stopped"), unit=Unit.COUNT, formula=_("Turns of that day whose answer a person stopped.")
    ),
    Metric(
        id="failed",
        label=_("Failed"),
        unit=Unit.COUNT,
        formula=_("Turns of that day that ended without a usable answer."),
    ),
    Metric(
        id="interrupted",
        label=_("Interrupted"),
        unit=Unit.COUNT,
        formula=_("Turns of that day whose answer broke off after its first word."),
    ),
    Metric(
        id="expired",
        label=_("Expired"),
        unit=Unit.COUNT,
        formula=_("Turns of that day that waited in the queue past their deadline."),
    ),
    Metric(
        id="unfinished",
        label=_("Unfinished"),
        unit=Unit.COUNT,
        formula=_("Turns minus completed, stopped, failed, interrupted and expired."),
        null_means=_("Not defined per model: another model may answer than the one that was asked."),
    ),
    Metric(
        id="first_token_p50_ms",
        label=_("p50"),
        unit=Unit.MILLISECONDS,
        additive=False,
        formula=_("Median of accepted turn to first token, from added log histograms, within 2 %."),
        null_means=_("No answer of this group has a first token."),
    ),
    Metric(
        id="first_token_p95_ms",
        label=_("p95"),
        unit=Unit.MILLISECONDS,
        additive=False,
        formula=_("95th percentile of accepted turn to first token, from added log histograms, within 2 %."),
        null_means=_("No answer of this group has a first token."),
    ),
    Metric(
        id="without_first_token",
        label=_("No first token"),
        unit=Unit.COUNT,
        formula=_("Ended answers without a first token: beside the percentiles, not inside."),
    ),
    Metric(
        id="answers",
        label=_("Answers"),
        unit=Unit.COUNT,
        formula=_("Answers asked for that day whose first run has ended, whichever way. By the model that answered."),
    ),
    Metric(
        id="shown_answers",
        label=_("Shown"),
        unit=Unit.COUNT,
        formula=_(
            "Answers with at least one visible character: what the rates of copying, asking again and votes are of."
        ),
    ),
    Metric(
        id="rated_up",
        label=_("Up"),
        unit=Unit.COUNT,
        formula=_(
            "Shown answers whose latest vote is up. Satisfaction (CSAT) is up of up and down, beside both of shown."
        ),
        version=2,
    ),
    Metric(
        id="rated_down",
        label=_("Down"),
        unit=Unit.COUNT,
        formula=_("Shown answers whose latest vote is down. One taken back counts as none."),
        version=2,
    ),
    Metric(
        id="copied",
        label=_("Copied"),
        unit=Unit.COUNT,
        formula=_("Shown answers copied at least once, as a whole."),
        version=2,
    ),
    Metric(
        id="regenerated",
        label=_("Asked again"),
        unit=Unit.COUNT,
        formula=_("Shown answers after which the same question was asked once more: after a failure it says nothing."),
        version=2,
    ),
    Metric(
        id="abandoned",
        label=_("Given up"),
        unit=Unit.COUNT,
        formula=_("Answers stopped before their first visible character: a failure of latency."),
    ),
    Metric(
        id="stopped_early",
        label=_("Cut short"),
        unit=Unit.COUNT,
        formula=_("Answers stopped while being read, before 200 visible characters."),
    ),
    Metric(
        id="satisfied_strict",
        label=_("Satisfied"),
        unit=Unit.COUNT,
        formula=_(
            "Answers whose latest vote is up; without a vote and without a bad sign, those copied, shared or exported."
        ),
        null_means=PENDING,
    ),
    Metric(
        id="satisfied_broad",
        label=_("Followed up"),
        unit=Unit.COUNT,
        formula=_("Answers with no other sign than a next question that does not say the same again."),
        null_means=PENDING,
    ),
    Metric(
        id="unsatisfied",
        label=_("Unsatisfied"),
        unit=Unit.COUNT,
        formula=_(
            "Answers whose latest vote is down; without a vote those failed, expired, asked again, stopped under 200 "
            "characters, or followed within 120 s by a question that says the same again."
        ),
        null_means=PENDING,
    ),
    Metric(
        id="quality_unknown",
        label=_("Unknown"),
        unit=Unit.COUNT,
        formula=_("Answers minus satisfied, followed up and unsatisfied: silence is not satisfaction."),
        null_means=PENDING,
    ),
    Metric(
        id="calls",
        label=_("Calls"),
        unit=Unit.COUNT,
        formula=_("Requests to endpoints begun that day: failed attempts, titles and internal people included."),
    ),
    Metric(
        id="unpriced_calls",
        label=_("Unpriced"),
        unit=Unit.COUNT,
        formula=_("Calls for which no price was valid. Their cost is unknown, not 0."),
    ),
    Metric(
        id="cost",
        label=_("Cost"),
        unit=Unit.MONEY,
        formula=_("Tokens times the price valid then, over all priced calls. Currencies are never added."),
        null_means=_("No call was priced in this currency."),
    ),
    Metric(
        id="cost_internal",
        label=_("of it internal"),
        unit=Unit.MONEY,
        formula=_("The part of the cost caused by staff, tests and load tests."),
        null_means=_("No call was priced in this currency."),
    ),
    Metric(
        id="input_uncached_tokens",
        label=_("Input"),
        unit=Unit.TOKENS,
        formula=_("Input tokens not served from a cache, of the call that answered."),
        null_means=NO_COUNT,
    ),
    Metric(
        id="input_cached_tokens",
        label=_("Cached input"),
        unit=Unit.TOKENS,
        formula=_("Input tokens served from a cache; not part of Input."),
        null_means=NO_COUNT,
    ),
    Metric(
        id="output_visible_tokens",
        label=_("Output"),
        unit=Unit.TOKENS,
        formula=_("Output tokens of visible answers."),
        null_means=NO_COUNT,
    ),
    Metric(
        id="output_reasoning_tokens",
        label=_("Reasoning"),
        unit=Unit.TOKENS,
        formula=_("Output tokens of reasoning; not part of Output."),
        null_means=NO_COUNT,
    ),
    Metric(
        id="estimated_answers",
        label=_("Not reported"),
        unit=Unit.COUNT,
        formula=_(
            "Ended answers whose token counts the endpoint did not report to its end: estimated, partial or none."
        ),
    ),
)
