"""What rows can be told apart by. The ids are columns of files and words of ``by=``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from usage.reports.metrics import Text

GroupValue = str | int | date | datetime


class Dimension(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    WINDOW = "window"
    COHORT = "cohort"
    COHORT_WEEK = "cohort_week"
    OFFSET = "offset"
    BRACKET = "bracket"
    SPAN = "span"
    ACTIVE_DAYS = "active_days"
    SCENARIO = "scenario"
    BESIDE = "beside"
    MODEL = "model"
    CHANNEL = "channel"
    ENDPOINT = "endpoint"
    MEASURE = "measure"
    ERROR = "error"
    PERSON = "person"
    CHECK = "check"


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionText:
    label: Text
    meaning: Text


DIMENSIONS: Mapping[Dimension, DimensionText] = {
    Dimension.DAY: DimensionText(label=_("Day"), meaning=_("Local day of the reporting zone.")),
    Dimension.WEEK: DimensionText(label=_("Week"), meaning=_("ISO week, by its Monday.")),
    Dimension.MONTH: DimensionText(label=_("Month"), meaning=_("Calendar month, by its first day.")),
    Dimension.WINDOW: DimensionText(label=_("Window"), meaning=_("Start of 15 minutes, UTC.")),
    Dimension.COHORT: DimensionText(label=_("Cohort"), meaning=_("The first day ever of those in it.")),
    Dimension.COHORT_WEEK: DimensionText(
        label=_("Cohort week"), meaning=_("The Monday of the week of the first day ever of those in it.")
    ),
    Dimension.OFFSET: DimensionText(label=_("After"), meaning=_("Days, or weeks of a weekly cohort, since the first.")),
    Dimension.BRACKET: DimensionText(label=_("Days after"), meaning=_("1, 2-7, 8-14 or 15-28 days after the first.")),
    Dimension.SPAN: DimensionText(label=_("Trailing days"), meaning=_("7 or 28, the day itself included.")),
    Dimension.ACTIVE_DAYS: DimensionText(
        label=_("Active on"), meaning=_("On how many of the trailing days a person was active.")
    ),
    Dimension.SCENARIO: DimensionText(label=_("Scenario"), meaning=_("Empty: none was chosen.")),
    Dimension.BESIDE: DimensionText(label=_("Together with"), meaning=_("Another scenario that a person used too.")),
    Dimension.MODEL: DimensionText(
        label=_("Model"), meaning=_("The one asked for turns and people, the one that answered for answers.")
    ),
    Dimension.CHANNEL: DimensionText(label=_("Channel"), meaning=_("web or api; empty where it is not known.")),
    Dimension.ENDPOINT: DimensionText(label=_("Endpoint"), meaning=_("The one that answered; empty if none did.")),
    Dimension.MEASURE: DimensionText(label=_("Measure"), meaning=_("queue (waited), first_token or duration, in ms.")),
    Dimension.ERROR: DimensionText(label=_("Error"), meaning=_("A stable word; empty: the call came to its end.")),
    Dimension.PERSON: DimensionText(
        label=_("Person"), meaning=_("A pseudonym that holds for one audience only; never the subject.")
    ),
    Dimension.CHECK: DimensionText(
        label=_("Check"), meaning=_("What is looked at, to know whether numbers can be trusted.")
    ),
}
