"""What can go wrong in usage. Each error has a ``code`` and says whether a retry can help.

UsageError
├── FactIsImmutable      somebody tried to change or delete a recorded fact
├── RollupIncomplete     some keys could not be recomputed; their marks are still there
├── ErasureIncomplete    some people could not be erased; they are still due
├── RealFactsPresent     people may not be made up where real ones were recorded
└── BadQuery             a report was asked for what it cannot give; says what is possible
    ├── BadDay           not a day, or no such day
    ├── BadRange         the end before the start, too early or too late, more days than one report holds, days of
    │                    before it was counted, or of people who are purged
    ├── BadSwitch        neither yes nor no
    ├── BadZone          no such zone, or this report counts days of the reporting zone only
    ├── UnknownReport    no such report
    ├── UnknownParameter nothing is asked by that name
    ├── RepeatedParameter asked twice by one name
    ├── UnknownGrouping  no such dimension
    ├── UnknownValue     no such scenario or model
    └── NotCounted       rows told apart, or kept to, in a way that was not counted beforehand

Rendered only at the edges (admin, API, commands).
"""

from collections.abc import Sequence
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _


class UsageError(Exception):
    code = "internal"
    retryable = False


class FactIsImmutable(UsageError):
    code = "fact_is_immutable"


class RollupIncomplete(UsageError):
    """Raised after everything else was drained, so that one bad key starves no other."""

    code = "rollup_incomplete"
    retryable = True

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__(f"{len(keys)} keys failed: {', '.join(keys[:10])}")


class ErasureIncomplete(UsageError):
    """Raised after everybody else was erased."""

    code = "erasure_incomplete"
    retryable = True

    def __init__(self, people: int) -> None:
        super().__init__(f"{people} people could not be erased")


class RealFactsPresent(UsageError):
    code = "real_facts_present"

    def __init__(self) -> None:
        super().__init__("this database holds facts of real people; made-up ones would be counted among them")


class BadQuery(UsageError):
    """Its text is a sentence for a person, in the language active when it was raised."""

    code = "bad_query"


class BadDay(BadQuery):
    code = "bad_day"

    def __init__(self, text: str) -> None:
        super().__init__(_("“%(text)s” is not a day. Write it as YYYY-MM-DD.") % {"text": text[:40]})


class BadRange(BadQuery):
    code = "bad_range"

    @classmethod
    def backwards(cls, first: date, last: date) -> "BadRange":
        sentence = _("The range ends (%(last)s) before it starts (%(first)s).")
        return cls(sentence % {"first": first.isoformat(), "last": last.isoformat()})

    @classmethod
    def too_long(cls, days: int, possible: int) -> "BadRange":
        sentence = _("One report holds at most %(possible)d days; this range has %(days)d.")
        return cls(sentence % {"possible": possible, "days": days})

    @classmethod
    def too_far(cls, today: date) -> "BadRange":
        return cls(_("The range may not end after today (%(today)s).") % {"today": today.isoformat()})

    @classmethod
    def too_early(cls, possible: date) -> "BadRange":
        return cls(_("The range may not start before %(possible)s.") % {"possible": possible.isoformat()})

    @classmethod
    def uncounted(cls, possible: date) -> "BadRange":
        sentence = _("What this report shows is counted from %(possible)s on.")
        return cls(sentence % {"possible": possible.isoformat()})

    @classmethod
    def forgotten(cls, possible: date) -> "BadRange":
        sentence = _("This is counted from what single people did, which is kept from %(possible)s on.")
        return cls(sentence % {"possible": possible.isoformat()})


class BadSwitch(BadQuery):
    code = "bad_switch"

    def __init__(self, name: str, text: str) -> None:
        super().__init__(_("%(name)s is 1 or 0, not “%(text)s”.") % {"name": name, "text": text[:40]})


class UnknownValue(BadQuery):
    code = "unknown_value"

    def __init__(self, dimension: str | Promise, text: str, possible: Sequence[str]) -> None:
        sentence = _("There is no %(dimension)s “%(text)s”. Possible: %(possible)s.")
        listed = ", ".join(possible) or "—"
        super().__init__(sentence % {"dimension": dimension, "text": text[:100], "possible": listed})


class BadZone(BadQuery):
    code = "bad_zone"

    @classmethod
    def unknown(cls, text: str, reporting: str) -> "BadZone":
        sentence = _("There is no time zone “%(text)s”. Write an IANA name, such as %(zone)s.")
        return cls(sentence % {"text": text[:40], "zone": reporting})

    @classmethod
    def only(cls, reporting: str, possible: Sequence[str]) -> "BadZone":
        sentence = _(
            "People are counted by days of %(zone)s; this report has no other zone. Reports that have: %(possible)s."
        )
        return cls(sentence % {"zone": reporting, "possible": ", ".join(possible)})


class UnknownReport(BadQuery):
    code = "unknown_report"

    def __init__(self, name: str, possible: Sequence[str]) -> None:
        sentence = _("There is no report “%(name)s”. Possible: %(possible)s.")
        super().__init__(sentence % {"name": name[:40], "possible": ", ".join(possible)})


class UnknownParameter(BadQuery):
    code = "unknown_parameter"

    @classmethod
    def named(cls, name: str, possible: Sequence[str]) -> "UnknownParameter":
        sentence = _("Nothing can be asked by “%(name)s”. Possible: %(possible)s.")
        return cls(sentence % {"name": name[:40], "possible": ", ".join(possible)})

    @classmethod
    def metric(cls, name: str, report: str, metrics: Sequence[str]) -> "UnknownParameter":
        sentence = _("Nothing can be asked by “%(name)s”: %(report)s always has all its metrics: %(metrics)s.")
        return cls(sentence % {"name": name, "report": report, "metrics": ", ".join(metrics)})


class RepeatedParameter(BadQuery):
    code = "repeated_parameter"

    def __init__(self, name: str) -> None:
        sentence = _("“%(name)s” was given more than once. Give it once; several values of “by” are parted by commas.")
        super().__init__(sentence % {"name": name[:40]})


class UnknownGrouping(BadQuery):
    code = "unknown_grouping"

    def __init__(self, name: str, possible: Sequence[str]) -> None:
        sentence = _("Rows cannot be told apart by “%(name)s”. Possible: %(possible)s.")
        super().__init__(sentence % {"name": name[:40], "possible": ", ".join(possible)})


class NotCounted(BadQuery):
    code = "not_counted"

    @classmethod
    def together(cls, report: str, asked: Sequence[str], possible: Sequence[str]) -> "NotCounted":
        sentence = _("The report %(report)s was not counted by %(asked)s together. Possible: %(possible)s.")
        listed = "; ".join(possible)
        return cls(sentence % {"report": report, "asked": " + ".join(asked) or "—", "possible": listed})

    @classmethod
    def option(cls, report: str, option: str, possible: Sequence[str]) -> "NotCounted":
        sentence = _("The report %(report)s does not know %(option)s. It can be asked in: %(possible)s.")
        return cls(sentence % {"report": report, "option": option, "possible": ", ".join(possible) or "—"})
