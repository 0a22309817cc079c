"""Of scenarios side by side: their shares of use, how many of them people use, and which together."""

from django.utils.translation import gettext_lazy as _

from usage.reports.metrics.definition import Metric, Unit

NOBODY = _("Nobody was active.")

SCENARIOS = (
    Metric(
        id="turns_share",
        label=_("Share of turns"),
        unit=Unit.SHARE,
        additive=False,
        formula=_("Turns over those of all scenarios, and of none: adds up to 100 %."),
        null_means=_("There was no turn."),
    ),
    Metric(
        id="tokens",
        label=_("Tokens"),
        unit=Unit.TOKENS,
        formula=_("Input and output tokens of all four kinds, which are disjoint, of the calls that answered."),
        null_means=_("No ended answer has a known count."),
    ),
    Metric(
        id="tokens_share",
        label=_("Share of tokens"),
        unit=Unit.SHARE,
        additive=False,
        formula=_("Known tokens over those of all scenarios, and of none: adds up to 100 %."),
        null_means=_("No tokens are known."),
    ),
    Metric(
        id="cost_share",
        label=_("Share of cost"),
        unit=Unit.MONEY_SHARE,
        additive=False,
        formula=_("Cost over that of all scenarios, and of none, in one currency: adds up to 100 %."),
        null_means=_("No call was priced in this currency."),
    ),
    Metric(
        id="users_share",
        label=_("Share of people"),
        unit=Unit.SHARE,
        additive=False,
        formula=_("Active users over all active users: does not add up to 100 %, since people use several scenarios."),
        null_means=NOBODY,
    ),
    Metric(
        id="scenarios_per_user",
        label=_("Scenarios per person"),
        unit=Unit.RATE,
        additive=False,
        formula=_("Distinct scenarios with an accepted turn of each active user, over active users."),
        null_means=NOBODY,
    ),
    Metric(
        id="one_scenario_share",
        label=_("One scenario"),
        unit=Unit.SHARE,
        additive=False,
        formula=_("Active users of exactly one scenario over active users."),
        null_means=NOBODY,
    ),
    Metric(
        id="several_scenarios_share",
        label=_("Three or more"),
        unit=Unit.SHARE,
        additive=False,
        formula=_("Active users of at least three scenarios over active users."),
        null_means=NOBODY,
    ),
    Metric(
        id="scenario_users",
        label=_("Users of the scenario"),
        unit=Unit.PEOPLE,
        additive=False,
        formula=_("Distinct people with an accepted turn in the scenario."),
    ),
    Metric(
        id="both_users",
        label=_("Users of both"),
        unit=Unit.PEOPLE,
        additive=False,
        formula=_("Those of them with an accepted turn in the other scenario, too, within the range."),
    ),
    Metric(
        id="co_use_share",
        label=_("Used together"),
        unit=Unit.SHARE,
        additive=False,
        formula=_("Users of both over users of the scenario."),
        null_means=NOBODY,
    ),
)
