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

NO_PRICE = _("No call was priced in this currency.")

WASTE = (
    Metric(
        id="cost_failed",
        label=_("of it failed"),
        unit=Unit.MONEY,
        formula=_("The part of the cost of calls that failed before their end."),
        null_means=NO_PRICE,
    ),
    Metric(
        id="cost_broken_off",
        label=_("of it broken off"),
        unit=Unit.MONEY,
        formula=_("The part of the cost of calls that were broken off from here, mostly because a person stopped."),
        null_means=NO_PRICE,
    ),
    Metric(
        id="cost_superseded",
        label=_("of it superseded"),
        unit=Unit.MONEY,
        formula=_("The part of the cost of calls that came to their end, and the question was asked anew or edited."),
        null_means=NO_PRICE,
    ),
    Metric(
        id="waste_share",
        label=_("Waste, share"),
        unit=Unit.MONEY_SHARE,
        additive=False,
        formula=_("Failed, broken off and superseded over all cost, in one currency."),
        null_means=NO_PRICE,
    ),
)

COHORTS = (
    Metric(
        id="retained_members",
        label=_("Members who stayed"),
        unit=Unit.PEOPLE,
        additive=False,
        formula=_("Members active on any of the days 15 to 28 after the first."),
        null_means=_("Day 28 after is not over yet."),
    ),
    Metric(
        id="cohort_calls",
        label=_("Calls of members"),
        unit=Unit.COUNT,
        formula=_("Calls for members begun on the first day or one of the 28 after, titles included."),
    ),
    Metric(
        id="cohort_unpriced_calls",
        label=_("Unpriced calls of members"),
        unit=Unit.COUNT,
        formula=_("Those of them for which no price was valid, or whose tokens are not known."),
    ),
    Metric(
        id="cohort_cost",
        label=_("Cost of members"),
        unit=Unit.MONEY,
        formula=_("Cost of these calls."),
        null_means=NO_PRICE,
    ),
    Metric(
        id="cost_per_retained_user",
        label=_("Cost per retained user"),
        unit=Unit.MONEY,
        additive=False,
        formula=_("Cost of members over the members who stayed; of several cohorts, of the closed ones."),
        null_means=_("Nobody stayed, day 28 is not over, or more than 1 % of the calls had no price."),
    ),
)
