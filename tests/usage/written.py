"""What the product wrote, in the shape of the oracle."""

from typing import Any

from django.db import models

from tests.usage.oracle import SUMS, Row
from usage.models import (
    Acquisition,
    ActiveDay,
    ActiveSpread,
    AdoptionDay,
    BusyWindow,
    CallDay,
    CohortBracket,
    CohortCost,
    CohortDay,
    ConversationDay,
    FirstDay,
    LatencyDay,
    LatencyWindow,
    LifecycleDay,
    PeopleDay,
    ReturnDay,
    Session,
    SessionDay,
    UsageDay,
    UsageWindow,
    UserDay,
)

DIMENSIONS = (
    *("source", "scenario", "model", "endpoint", "channel", "kind", "outcome", "currency", "is_internal"),
    "organic",
)


def usage_windows() -> dict[Row, dict[str, int]]:
    return _sums(UsageWindow.objects.values(), "window_start")


def usage_days() -> dict[Row, dict[str, int]]:
    return _sums(UsageDay.objects.values(), "local_day")


def _dicts(table: models.Manager[Any]) -> list[dict[str, Any]]:
    return list(table.values())


def _sums(rows: Any, when: str) -> dict[Row, dict[str, int]]:
    found: dict[Row, dict[str, int]] = {}
    for row in rows:
        row["pico"] = row["cost_units"] * 10**12 + row["cost_rest_pico"]
        assert 0 <= row["cost_rest_pico"] < 10**12
        found[row[when], *(row[name] for name in DIMENSIONS)] = {name: row[name] for name in SUMS}
    return found


def latency_days() -> dict[Row, int]:
    where = ("local_day", "measure", "scenario", "model", "endpoint", "channel", "is_internal", "organic", "bucket")
    return {tuple(row[name] for name in where): row["generations"] for row in _dicts(LatencyDay.objects)}


def user_days() -> dict[Row, tuple[int, int, int]]:
    where = ("local_day", "subject", "scenario", "model", "channel", "is_internal")
    return {
        tuple(row[name] for name in where): (row["turns"], row["valued"], row["satisfied"])
        for row in _dicts(UserDay.objects)
    }


def organic_user_days() -> dict[Row, bool]:
    where = ("local_day", "subject", "scenario", "model", "channel", "is_internal")
    return {key: organic for key, (organic,) in _rows(UserDay, where, ("organic",)).items()}


def people_days() -> dict[Row, Row]:
    where = ("local_day", "grouping", "scenario", "model", "channel")
    counts = ("active", "valued", "top_turns")
    return _rows(PeopleDay, where, (*counts, *(f"{name}_all" for name in counts)))


def organic_people_days() -> dict[Row, tuple[int, int]]:
    where = ("local_day", "grouping", "scenario", "model", "channel")
    return _rows(PeopleDay, where, ("active_organic", "valued_organic"))


def _rows(table: type[models.Model], where: tuple[str, ...], what: tuple[str, ...]) -> dict[Row, Any]:
    rows = _dicts(table._default_manager)
    return {tuple(row[name] for name in where): tuple(row[name] for name in what) for row in rows}


def returns() -> dict[Row, int]:
    where = ("local_day", "grouping", "scenario", "valued", "organic", "since_last")
    return {key: people for key, (people,) in _rows(ReturnDay, where, ("people",)).items()}


def acquisitions() -> dict[Any, Row]:
    return {subject: row for (subject,), row in _rows(Acquisition, ("subject",), ("campaign", "at")).items()}


def first_days() -> dict[Row, Row]:
    return _rows(FirstDay, ("subject", "grouping", "scenario", "is_internal"), ("local_day", "organic"))


def active_days() -> dict[Row, Row]:
    spans = ("dau", "wau", "mau28", "mau30")
    return _rows(ActiveDay, ("local_day", "organic"), (*spans, *(f"valued_{span}" for span in spans)))


def active_spread() -> dict[Row, int]:
    where = ("local_day", "span", "valued", "active_days", "organic")
    return {key: people for key, (people,) in _rows(ActiveSpread, where, ("people",)).items()}


def lifecycle() -> dict[Row, Row]:
    kinds = ("active", "new", "returning", "resurrecting", "dormant", "satisfied_twice")
    return _rows(LifecycleDay, ("period", "period_start", "organic"), kinds)


def cohorts() -> dict[Row, Row]:
    return _rows(CohortDay, ("period", "cohort", "n", "organic"), ("members", "on", "on_or_after"))


def brackets() -> dict[Row, Row]:
    return _rows(CohortBracket, ("cohort", "first_n", "last_n", "organic"), ("members", "active"))


def cohort_costs() -> dict[Row, Row]:
    """By (day, cohort, organic, currency): calls, unpriced, pico-units."""
    found = _rows(
        CohortCost,
        ("local_day", "cohort", "organic", "currency"),
        ("calls", "unpriced", "cost_units", "cost_rest_pico"),
    )
    return {key: (calls, unpriced, units * 10**12 + rest) for key, (calls, unpriced, units, rest) in found.items()}


def adoption() -> dict[Row, Row]:
    steps = ("saw", "tried", "repeated", "retained", "satisfied", "organic_tried")
    return _rows(AdoptionDay, ("local_day", "scenario", "organic"), steps)


def sessions() -> set[Row]:
    return set(Session.objects.values_list("subject", "is_internal", "started_at", "ended_at", "turns"))


def session_days() -> dict[Row, Row]:
    what = ("sessions", "people", "turns", "duration_ms", "one_turn")
    return _rows(SessionDay, ("local_day", "is_internal"), what)


def busy_windows() -> dict[Row, Row]:
    return _rows(BusyWindow, ("window_start", "endpoint"), ("busy_ms", "peak", "calls", "failed"))


def call_days() -> dict[Row, Row]:
    """By (day, scenario, model, endpoint, channel, currency): asked first, failed over, answered elsewhere, pico."""
    where = ("local_day", "scenario", "model", "endpoint", "channel", "currency")
    counts = ("asked_first", "failed_over", "answered_elsewhere", "superseded_units", "superseded_rest_pico")
    return {key: (*row[:3], row[3] * 10**12 + row[4]) for key, row in _rows(CallDay, where, counts).items()}


def conversation_days() -> dict[Row, Row]:
    where = ("local_day", "grouping", "scenario", "channel", "since_last", "since_second_last")
    return _rows(ConversationDay, where, ("turns", "turns_all"))


def latency_windows() -> dict[Row, int]:
    where = ("window_start", "measure", "endpoint", "is_internal", "bucket")
    return {key: count for key, (count,) in _rows(LatencyWindow, where, ("generations",)).items()}


ROLLUPS = (
    *(UsageWindow, UsageDay, LatencyDay, UserDay, PeopleDay, BusyWindow, LatencyWindow),
    *(Acquisition, FirstDay, ActiveDay, ActiveSpread, LifecycleDay, CohortDay, CohortBracket, CohortCost),
    *(AdoptionDay, Session, SessionDay, CallDay, ConversationDay, ReturnDay),
)


def everything() -> list[list[Row]]:
    """All rollup rows, byte for byte."""
    return [sorted((tuple(row.items()) for row in _dicts(table._default_manager)), key=repr) for table in ROLLUPS]
