"""Of scenario adoption: each step is of the people who took the one before."""

from django.utils.translation import gettext_lazy as _

from usage.reports.metrics.definition import Metric, Unit

OPEN = _("The days of this step are not over yet.")
NOBODY = _("Nobody took the step before, or its days are not over yet.")

ADOPTION = (
    Metric(
        id="saw",
        label=_("Saw"),
        unit=Unit.PEOPLE,
        formula=_("People to whom the scenario was first shown for a second, or who chose it, on that local day."),
    ),
    Metric(
        id="tried",
        label=_("Tried"),
        unit=Unit.PEOPLE,
        formula=_("Of those who saw: first turn in it that day or one of the 7 after."),
        null_means=OPEN,
    ),
    Metric(
        id="repeated",
        label=_("Repeated"),
        unit=Unit.PEOPLE,
        formula=_("Of those who tried: a second local day within 7 of the first."),
        null_means=OPEN,
    ),
    Metric(
        id="retained",
        label=_("Retained"),
        unit=Unit.PEOPLE,
        formula=_("Of those who repeated: active in it on any of the days 15 to 28 after the first."),
        null_means=OPEN,
    ),
    Metric(
        id="satisfied",
        label=_("Satisfied people"),
        unit=Unit.PEOPLE,
        formula=_("Of those who tried: a satisfied answer (strict) asked for within 7 days of the first."),
        null_means=OPEN,
    ),
    Metric(
        id="organic_tried",
        label=_("Tried unseen"),
        unit=Unit.PEOPLE,
        formula=_("Beside the funnel: first turn that day without an earlier sight, by an address or another way."),
    ),
    Metric(
        id="tried_share",
        label=_("Tried, share"),
        unit=Unit.SHARE,
        additive=False,
        formula=_("Tried over saw."),
        null_means=NOBODY,
    ),
    Metric(
        id="repeated_share",
        label=_("Repeated, share"),
        unit=Unit.SHARE,
        additive=False,
        formula=_("Repeated over tried."),
        null_means=NOBODY,
    ),
    Metric(
        id="retained_share",
        label=_("Retained, share"),
        unit=Unit.SHARE,
        additive=False,
        formula=_("Retained over repeated."),
        null_means=NOBODY,
    ),
    Metric(
        id="satisfied_share",
        label=_("Satisfied, share"),
        unit=Unit.SHARE,
        additive=False,
        formula=_("Satisfied people over tried."),
        null_means=NOBODY,
    ),
)
