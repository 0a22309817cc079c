"""What the simulated lives were is what the rollups say of them; the two share no code."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from tests.usage.simulated import History, Row
from usage.reports.ratios import decimal

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(900)]
"""Else no database is made for the history. Whoever asks first has it made, on a busy machine perhaps for minutes."""

OUTCOMES = ("completed", "stopped", "failed", "interrupted", "expired")
VERDICTS = ("satisfied_strict", "satisfied_broad", "unsatisfied")
PICO = 10**12

Counts = Mapping[str, Counter[str]]


def counters(told: Mapping[str, Mapping[str, int]]) -> Counts:
    return {key: Counter(counts) for key, counts in told.items()}


def not_empty(counts: Counts) -> Counts:
    """What is nowhere said is 0."""
    return {key: count for key, count in counts.items() if count.total()}


def usage_by(rows: Iterable[Row], *names: str) -> Counts:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        counts = found[" ".join(str(row[name]) for name in names)]
        if row["source"] == "called":
            counts.update(calls=row["calls"], unpriced=row["unpriced"])
            counts[f"cost_{row['currency']}"] += row["cost_units"] * PICO + row["cost_rest_pico"]
        elif not row["is_internal"]:
            counts.update({name: row[name] for name in ("turns", "valued", "answers", *VERDICTS)})
            counts["quality_unknown"] += row["answers"] - sum(row[name] for name in VERDICTS)
            if row["outcome"] in OUTCOMES:
                counts[row["outcome"]] += row["endings"]
    return not_empty(found)


def by_key(rows: Iterable[Row], keys: tuple[str, ...], values: Iterable[str], *, last: date) -> Counts:
    """Rows of the days that are over; of people, whether they are organic is the last part of a key."""
    values = tuple(values)
    return not_empty(
        {
            " ".join(_said(row[key]) for key in keys): Counter({value: row[value] for value in values})
            for row in rows
            if row[keys[0]] <= last
        }
    )


def _said(value: object) -> str:
    return {True: "organic", False: "campaign"}[value] if isinstance(value, bool) else str(value)


def test_usage(history: History) -> None:
    assert usage_by(history.rollups["UsageDay"], "local_day") == not_empty(counters(history.truth["usage"]))


def test_usage_of_scenarios(history: History) -> None:
    told = not_empty(counters(history.truth["usage_by_scenario"]))
    assert usage_by(history.rollups["UsageDay"], "local_day", "scenario") == told


def test_active_users(history: History) -> None:
    names = ("dau", "wau", "mau28", "mau30")
    values = [*names, *(f"valued_{name}" for name in names)]
    rows = by_key(history.rollups["ActiveDay"], ("local_day", "organic"), values, last=history.plan.until)
    assert rows == not_empty(counters(history.truth["active"]))


@pytest.mark.parametrize("period", ["day", "week", "month"])
def test_lifecycle(history: History, period: str) -> None:
    states = ("new", "returning", "resurrecting", "dormant", "satisfied_twice")
    of_period = [row for row in history.rollups["LifecycleDay"] if row["period"] == period]
    rows = by_key(of_period, ("period_start", "organic"), states, last=history.plan.until)
    assert rows == not_empty(counters(history.truth["lifecycle"][period]))


def test_retention(history: History) -> None:
    told = {
        (cohort, n): (cells["members"], cells["on"][n], cells["on_or_after"][n])
        for cohort, cells in history.truth["cohorts"].items()
        for n in range(57)
    }
    cells: dict[Any, tuple[int, int, int]] = {
        (f"{row['cohort']} {_said(row['organic'])}", row["n"]): (row["members"], row["on"], row["on_or_after"])
        for row in history.rollups["CohortDay"]
        if row["period"] == "day"
    }
    assert {key[0] for key in cells} == {key[0] for key in told}
    for key, (members, on, on_or_after) in told.items():
        found = cells.get(key, (members, 0, 0))
        assert found[0] == members
        assert on in (None, found[1])
        assert on_or_after in (None, found[2])


def test_retention_in_brackets(history: History) -> None:
    found = {
        (f"{row['cohort']} {_said(row['organic'])}", row["first_n"]): row["active"]
        for row in history.rollups["CohortBracket"]
    }
    for cohort, cells in history.truth["cohorts"].items():
        for first_n, active in zip((1, 2, 8, 15), cells["brackets"], strict=True):
            assert active in (None, found[cohort, first_n])


def test_sessions(history: History) -> None:
    of_people = [row for row in history.rollups["SessionDay"] if not row["is_internal"]]
    values = ("sessions", "turns", "one_turn")
    rows = by_key(of_people, ("local_day",), values, last=history.plan.until)
    assert rows == counters(history.truth["sessions"])


def test_adoption_of_scenarios(history: History) -> None:
    steps = ("saw", "tried", "repeated", "retained", "satisfied", "organic_tried")
    keys = ("local_day", "scenario", "organic")
    rows = by_key(history.rollups["AdoptionDay"], keys, steps, last=history.plan.until)
    assert rows == not_empty(counters(history.truth["adoption"]))


def test_shares_of_scenarios(history: History) -> None:
    told: Counter[str] = Counter()
    for key, counts in history.truth["usage_by_scenario"].items():
        told[key.partition(" ")[2]] += counts.get("turns", 0)
    rows = history.reports["scenario_share"]
    assert {row["scenario"]: row["turns_share_numerator"] for row in rows} == told
    assert {row["turns_share_denominator"] for row in rows} == {told.total()}


def test_scenarios_used_together(history: History) -> None:
    told = history.truth["together"]
    rows = history.reports["scenario_co_use"]
    assert {f"{row['scenario']} {row['beside']}": row["both_users"] for row in rows} == {
        pair: people for pair, people in told.items() if len(set(pair.split())) == 2
    }
    assert {f"{row['scenario']} {row['scenario']}": row["scenario_users"] for row in rows}.items() <= told.items()
    (breadth,) = history.reports["scenario_breadth"]
    used_alone = [people for pair, people in told.items() if len(set(pair.split())) == 1]
    assert breadth["scenarios_per_user"] == decimal(sum(used_alone), breadth["active_users"])


def test_waiting_for_the_first_token(history: History) -> None:
    """Each bucket is as wide as 2 % to either side of what is said of it."""
    told = history.truth["first_token"]
    rows = [row for row in history.reports["latency"] if row["measure"] == "first_token" and row["measured"]]
    assert {f"{row['day']} {row['endpoint']}" for row in rows} == told.keys()
    for row in rows:
        for name, exactly in told[f"{row['day']} {row['endpoint']}"].items():
            assert abs(row[name] - exactly) <= exactly * 0.02 + 1, name


def test_cost_per_active_user(history: History) -> None:
    """Where no more than one call in a hundred is without a price."""
    told: dict[tuple[str, str], Decimal] = {}
    for key, counts in history.truth["usage_by_scenario"].items():
        people = history.truth["askers_by_scenario"].get(key)
        if people and counts.get("unpriced", 0) * 100 <= counts["calls"]:
            costs = {name: pico for name, pico in counts.items() if name.startswith("cost_")}
            told |= {(key, name): Decimal(round(Fraction(pico, people))) / PICO for name, pico in costs.items()}
    found = {
        (f"{row['day']} {row['scenario']}", name.replace("_per_active_user", "")): value
        for row in history.reports["unit_economics"]
        for name, value in row.items()
        if name.startswith("cost_per_active_user_") and value is not None
    }
    assert found == told != {}
