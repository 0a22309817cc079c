"""Of unit economics: what use costs, and on how few people it rests."""

from django.utils.translation import gettext_lazy as _

from usage.reports.metrics.definition import Metric, Unit

UNPRICED = _("Nothing to divide by, or more than 1 % of the calls had no price.")

ECONOMICS = (
    Metric(
        id="cost_wasted",
        label=_("of it wasted"),
        unit=Unit.MONEY,
        formula=_("The part of the cost of calls that failed, were stopped, or were lost with their process."),
        null_means=_("No call was priced in this currency."),
    ),
    Metric(
        id="unpriced_share",
        label=_("Unpriced, share"),
        unit=Unit.SHARE,
        additive=False,
        formula=_("Unpriced over all calls: what every cost here is short of."),
        null_means=_("There was no call."),
    ),
    Metric(
        id="satisfied_answers",
        label=_("Satisfied answers"),
        unit=Unit.COUNT,
        formula=_("Answers satisfied in the strict sense."),
        null_means=_("Pending: signals about an answer count for 72 hours, and not all have had them."),
    ),
    Metric(
        id="cost_per_active_user",
        label=_("Cost per active user"),
        unit=Unit.MONEY,
        additive=False,
        formula=_("All cost of the group over its active users, internal cost included."),
        null_means=UNPRICED,
    ),
    Metric(
        id="cost_per_turn",
        label=_("Cost per turn"),
        unit=Unit.MONEY,
        additive=False,
        formula=_("All cost of the group over its turns, internal cost included."),
        null_means=UNPRICED,
    ),
    Metric(
        id="cost_per_satisfied_answer",
        label=_("Cost per satisfied answer"),
        unit=Unit.MONEY,
        additive=False,
        formula=_("All cost of the group over its satisfied answers (strict), internal cost included."),
        null_means=UNPRICED,
    ),
    Metric(
        id="top_people",
        label=_("Top 1 % of people"),
        unit=Unit.PEOPLE,
        additive=False,
        formula=_("One active user in a hundred, rounded up: those with the most turns."),
    ),
    Metric(
        id="top_share",
        label=_("Share of the top 1 %"),
        unit=Unit.SHARE,
        additive=False,
        formula=_("Turns of the top 1 % of people over all turns of the group: how much of it is few people."),
        null_means=_("There was no turn."),
    ),
)
