"""The numbers of one group of a usage report: read as sums, added, and only then turned into values."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Self, TypeVar

from django.db.models import BooleanField, ExpressionWrapper, Model, Q, QuerySet, Sum, Value

from usage.histogram import quantile
from usage.models import LatencyDay, Source, UsageDay
from usage.reports.query import UsageQuery
from usage.reports.snapshot import read_before
from usage.rollup.crowds import ONE_IN
from usage.rollup.exact import UNIT_PICO
from usage.rollup.sums import TOKENS

M = TypeVar("M", bound=Model)
Row = TypeVar("Row")

VERDICTS = ("satisfied_strict", "satisfied_broad", "unsatisfied")
ANSWERS = (
    *("answers", "shown", "rated_up", "rated_down", "copied", "shared", "exported", "regenerated", "followed_up"),
    *("abandoned", "stopped_early"),
    *VERDICTS,
)
OUTCOMES = ("completed", "stopped", "failed", "interrupted", "expired")


Key = tuple[Any, ...]
"""The values of the columns that were asked for, in that order."""


class People(NamedTuple):
    """Distinct subjects, counted for exactly one group."""

    active: int = 0
    valued: int = 0
    top_turns: int | None = 0
    """Turns of the one in a hundred with the most; None where that was not counted."""

    @property
    def top(self) -> int:
        """How many that one in a hundred are, rounded up."""
        return -(-self.active // ONE_IN)

    def behind(self, counts: Mapping[str, int]) -> int:
        """How many people stand behind a group of these sums, which is what it is hidden by.

        Those who are known to: a model that answered in place of another has people of value only. Where nobody is (it
        failed in place of another, or made titles), they are at most as many as what happened.
        """
        return max(self.active, self.valued) or happened(counts)


def happened(counts: Mapping[str, int]) -> int:
    """Turns, endings or answers, whichever are most; calls where there is a cost and nothing else."""
    return max(counts.get(name, 0) for name in ("turns", "endings", "answers")) or counts.get("calls", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenSum:
    sum: int | None
    """Over the answers whose count is known; None if there are answers and none is known."""
    unknown: int
    """Ended answers whose count is not known: with any, ``sum`` is a lower bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """Field names are ids in ``usage.reports.metrics``. Money is in pico-units, by currency."""

    turns: int
    active_users: int
    value_active_users: int
    completed: int
    stopped: int
    failed: int
    interrupted: int
    expired: int
    unfinished: int | None
    input_uncached_tokens: TokenSum
    input_cached_tokens: TokenSum
    output_visible_tokens: TokenSum
    output_reasoning_tokens: TokenSum
    estimated_answers: int
    answers: int
    shown_answers: int
    rated_up: int
    rated_down: int
    copied: int
    regenerated: int
    abandoned: int
    stopped_early: int
    satisfied_strict: int | None
    satisfied_broad: int | None
    unsatisfied: int | None
    quality_unknown: int | None
    first_token_p50_ms: int | None
    first_token_p95_ms: int | None
    without_first_token: int
    calls: int
    unpriced_calls: int
    cost: Mapping[str, int]
    cost_internal: Mapping[str, int]


@dataclass(slots=True)
class Sums:
    """What may be added."""

    counts: Counter[str] = field(default_factory=Counter)
    first_token: Counter[int] = field(default_factory=Counter)
    cost: Counter[str] = field(default_factory=Counter)
    cost_internal: Counter[str] = field(default_factory=Counter)
    cost_wasted: Counter[str] = field(default_factory=Counter)
    """Of calls that failed or were broken off."""

    @classmethod
    def of(cls, parts: Iterable[Self]) -> Self:
        total = cls()
        for part in parts:
            total.counts.update(part.counts)
            total.first_token.update(part.first_token)
            total.cost.update(part.cost)
            total.cost_internal.update(part.cost_internal)
            total.cost_wasted.update(part.cost_wasted)
        return total

    def measures(self, people: People, *, by_model: bool, is_judged: bool) -> Measures:
        """``by_model``: the group holds one model only, so that turns and endings may not match.

        ``is_judged``: every answer of it is old enough for its verdict to stand.
        """
        counts = self.counts
        return Measures(
            turns=counts["turns"],
            active_users=people.active,
            value_active_users=people.valued,
            completed=counts["completed"],
            stopped=counts["stopped"],
            failed=counts["failed"],
            interrupted=counts["interrupted"],
            expired=counts["expired"],
            unfinished=None if by_model else counts["turns"] - sum(counts[name] for name in OUTCOMES),
            input_uncached_tokens=self._tokens("input_uncached"),
            input_cached_tokens=self._tokens("input_cached"),
            output_visible_tokens=self._tokens("output_visible"),
            output_reasoning_tokens=self._tokens("output_reasoning"),
            estimated_answers=counts["estimated"],
            answers=counts["answers"],
            shown_answers=counts["shown"],
            rated_up=counts["rated_up"],
            rated_down=counts["rated_down"],
            copied=counts["copied"],
            regenerated=counts["regenerated"],
            abandoned=counts["abandoned"],
            stopped_early=counts["stopped_early"],
            satisfied_strict=counts["satisfied_strict"] if is_judged else None,
            satisfied_broad=counts["satisfied_broad"] if is_judged else None,
            unsatisfied=counts["unsatisfied"] if is_judged else None,
            quality_unknown=counts["answers"] - sum(counts[name] for name in VERDICTS) if is_judged else None,
            first_token_p50_ms=quantile(self.first_token, 0.5),
            first_token_p95_ms=quantile(self.first_token, 0.95),
            without_first_token=counts["endings"] - self.first_token.total(),
            calls=counts["calls"],
            unpriced_calls=counts["unpriced"],
            cost=dict(self.cost),
            cost_internal=dict(self.cost_internal),
        )

    def _tokens(self, name: str) -> TokenSum:
        endings, known = self.counts["endings"], self.counts[f"{name}_known"]
        return TokenSum(sum=self.counts[name] if known or not endings else None, unknown=endings - known)


def read_sums(query: UsageQuery, by: Sequence[str], *, with_latency: bool = True) -> dict[Key, Sums]:
    """By these columns of ``UsageDay``: at most three queries on day-level rollups, whatever the range and the traffic.

    Of latency there are many more rows than of all the rest; without it its histogram is empty.
    """

    def read() -> dict[Key, Sums]:
        groups = sums_of(_within(UsageDay.objects.all(), query), query, by)
        for row in _first_tokens(query, by) if with_latency else ():
            groups[_key(row, by)].first_token[row["bucket"]] += int(row["sum_generations"])
        return groups

    return read_or_added_up((UsageDay, with_latency, replace(query, by=())), by, read)


def read_or_added_up(question: Hashable, by: Sequence[str], read: Callable[[], dict[Key, Sums]]) -> dict[Key, Sums]:
    """What ``read`` finds, unless this snapshot has read it by more columns: a total is the sum of its rows."""
    before = read_before(question)
    for finer, groups in before:
        if set(by) <= set(finer):
            return _added_up(groups, [finer.index(name) for name in by])
    groups = read()
    before.append((by, dict(groups)))
    return groups


def _added_up(groups: Mapping[Key, Sums], places: Sequence[int]) -> dict[Key, Sums]:
    parts: dict[Key, list[Sums]] = defaultdict(list)
    for key, sums in groups.items():
        parts[tuple(key[place] for place in places)].append(sums)
    return {key: Sums.of(each) for key, each in parts.items()}


def sums_of(rows: "QuerySet[Any, Any]", query: UsageQuery, by: Sequence[str]) -> dict[Key, Sums]:
    """By these columns of ``rows``: days or windows, those that the query asks for."""
    groups: dict[Key, Sums] = defaultdict(Sums)
    rows = organic_if_asked_for(rows, query)
    for row in _turns(rows, query, by):
        sums = groups[_key(row, by)]
        sums.counts.update({name: int(row[f"sum_{name}"] or 0) for name in _TURN_SUMS})
    for row in _calls(rows, by):
        sums = groups[_key(row, by)]
        sums.counts.update(calls=int(row["sum_calls"]), unpriced=int(row["sum_unpriced"]))
        if row["currency"]:
            pico = int(row["units"]) * UNIT_PICO + int(row["rest"])
            sums.cost[row["currency"]] += pico
            sums.cost_internal[row["currency"]] += pico if row["is_internal"] else 0
            sums.cost_wasted[row["currency"]] += pico if row["is_wasted"] else 0
    return groups


_TURN_SUMS = (
    "turns",
    "endings",
    *OUTCOMES,
    *TOKENS,
    *(f"{name}_known" for name in TOKENS),
    "estimated",
    *ANSWERS,
)


def _turns(rows: "QuerySet[Any, Any]", query: UsageQuery, by: Sequence[str]) -> Iterable[dict[str, Any]]:
    """Sums are None where nothing was found and nothing is told apart."""
    plain = {f"sum_{name}": Sum(name) for name in _TURN_SUMS if name not in OUTCOMES}
    ended = {f"sum_{name}": Sum("endings", filter=Q(outcome=name), default=0) for name in OUTCOMES}
    rows = rows.filter(source__in=(Source.ACCEPTED, Source.ENDED, Source.ANSWERED))
    # With a constant in it, grouping by nothing is grouping still.
    found: Iterable[dict[str, Any]] = (
        _people_asked_for(rows, query).values(*by, everything=Value(1)).annotate(**plain, **ended)
    )
    return found


def _calls(rows: "QuerySet[Any, Any]", by: Sequence[str]) -> Iterable[dict[str, Any]]:
    """Internal people's too, whatever the query says of them: their cost is cost."""
    is_wasted = ExpressionWrapper(~Q(outcome=""), BooleanField())
    groups = rows.filter(source=Source.CALLED).values(*by, "currency", "is_internal", is_wasted=is_wasted)
    found: Iterable[dict[str, Any]] = groups.annotate(
        sum_calls=Sum("calls"), sum_unpriced=Sum("unpriced"), units=Sum("cost_units"), rest=Sum("cost_rest_pico")
    )
    return found


def _first_tokens(query: UsageQuery, by: Sequence[str]) -> Iterable[dict[str, Any]]:
    rows = _within(LatencyDay.objects.filter(measure=LatencyDay.Measure.FIRST_TOKEN), query)
    rows = organic_if_asked_for(rows, query)
    groups = _people_asked_for(rows, query).values(*by, "bucket")
    found: Iterable[dict[str, Any]] = groups.annotate(sum_generations=Sum("generations"))
    return found


def _within(rows: "QuerySet[M, Row]", query: UsageQuery) -> "QuerySet[M, Row]":
    return query.matching(rows.filter(local_day__range=(query.first_day, query.last_day)))


def _people_asked_for(rows: "QuerySet[M, Row]", query: UsageQuery) -> "QuerySet[M, Row]":
    return rows if query.include_internal else rows.filter(is_internal=False)


def organic_if_asked_for(rows: "QuerySet[M, Row]", query: UsageQuery) -> "QuerySet[M, Row]":
    return rows.filter(organic=True) if query.organic_only else rows


def _key(row: Mapping[str, Any], by: Sequence[str]) -> Key:
    return tuple(row[name] for name in by)
