"""Of people: who is active, who came and went, who stayed, and what one person did."""

from django.utils.translation import gettext_lazy as _

from usage.reports.metrics.definition import Metric, Text, Unit

OPEN = _("Not over yet.")
NOBODY = _("There is nobody in it.")


def _people(name: str, label: Text, formula: Text, null_means: Text = "") -> Metric:
    return Metric(id=name, label=label, unit=Unit.PEOPLE, additive=False, formula=formula, null_means=null_means)


ACTIVE = (
    _people("dau", _("DAU"), _("Distinct people with an accepted turn that day.")),
    _people("wau", _("WAU"), _("Distinct people over the trailing 7 days; never a sum of days.")),
    _people("mau28", _("MAU"), _("Distinct people over the trailing 28 days; never a sum of days.")),
    _people("mau30", _("MAU, 30 days"), _("Distinct people over the trailing 30 days, to compare with others.")),
    _people("valued_dau", _("Value-active, day"), _("DAU of people with an answer completed and visible.")),
    _people("valued_wau", _("Value-active, 7 days"), _("WAU of people with an answer completed and visible.")),
    _people("valued_mau28", _("Value-active, 28 days"), _("MAU of people with an answer completed and visible.")),
    _people("valued_mau30", _("Value-active, 30 days"), _("The same over 30 days.")),
    Metric(
        id="stickiness",
        label=_("Stickiness"),
        unit=Unit.SHARE,
        additive=False,
        formula=_("Mean DAU over the 28 days of the MAU, over the MAU: sum of 28 DAU over 28 times MAU."),
        null_means=NOBODY,
    ),
    Metric(
        id="history_days",
        label=_("Days of history"),
        unit=Unit.DAYS,
        additive=False,
        formula=_(
            "Days since anybody was first active, up to 30: under 28, MAU looks back on fewer days than it says."
        ),
    ),
    _people("spread_people", _("People"), _("People active on that many of the trailing days.")),
    _people("spread_valued", _("Value-active people"), _("The same of days with an answer completed and visible.")),
)

LIFECYCLE = (
    _people("active", _("Active"), _("Active in the period: new, returning and resurrecting.")),
    _people("new", _("New"), _("Active for the first time ever.")),
    _people("returning", _("Returning"), _("Active in this period and in the one before.")),
    _people("resurrecting", _("Resurrecting"), _("Active in this period, not in the one before, and not new.")),
    _people(
        "satisfied_twice",
        _("Satisfied on two days"),
        _("The north star: people with a satisfied answer (strict), asked for on at least two local days of the week."),
        null_means=_("Pending for 72 hours after the week, or of before this was counted."),
    ),
    _people("dormant", _("Dormant"), _("Active in the period before, not in this one.")),
)

RETENTION = (
    _people(
        "members", _("Members"), _("People first ever active on that day; of several cohorts, of the closed ones.")
    ),
    Metric(
        id="retained_on",
        label=_("Retained on"),
        unit=Unit.SHARE,
        additive=False,
        formula=_("Members active in exactly the n-th day (week) after, over members. Means weigh closed cohorts."),
        null_means=OPEN,
    ),
    Metric(
        id="retained_on_low",
        label=_("95 %, from"),
        unit=Unit.SHARE_END,
        additive=False,
        formula=_("Lower end of the 95 % interval of Wilson."),
        null_means=OPEN,
    ),
    Metric(
        id="retained_on_high",
        label=_("95 %, to"),
        unit=Unit.SHARE_END,
        additive=False,
        formula=_("Upper end of the 95 % interval of Wilson."),
        null_means=OPEN,
    ),
    Metric(
        id="retained_on_or_after",
        label=_("Retained on or after"),
        unit=Unit.SHARE,
        additive=False,
        formula=_("Members active in the n-th day (week) after or a later one, up to day 56 (week 8), over members."),
        null_means=_("Day 56 (week 8) after is not over yet."),
    ),
    Metric(
        id="retained_in",
        label=_("Retained in"),
        unit=Unit.SHARE,
        additive=False,
        formula=_("Members active on any day of the bracket, over members."),
        null_means=OPEN,
    ),
)

PERSON = (
    Metric(
        id="active_days",
        label=_("Active days"),
        unit=Unit.DAYS,
        formula=_("Days of the range with an accepted turn."),
    ),
    Metric(
        id="valued_turns",
        label=_("Turns of value"),
        unit=Unit.COUNT,
        formula=_("Turns that ended completed with a visible answer."),
    ),
    Metric(
        id="scenarios_used",
        label=_("Scenarios used"),
        unit=Unit.COUNT,
        additive=False,
        formula=_("Distinct scenarios with an accepted turn in the range. A turn without a scenario is of none."),
        version=2,
    ),
    Metric(
        id="first_active",
        label=_("First active"),
        unit=Unit.TEXT,
        additive=False,
        formula=_("The first local day ever with an accepted turn."),
        null_means=_("Only answers, no accepted turn, were recorded."),
    ),
    Metric(
        id="last_active",
        label=_("Last active"),
        unit=Unit.TEXT,
        additive=False,
        formula=_("The last local day of the range with an accepted turn."),
        null_means=_("No accepted turn in the range."),
    ),
)
