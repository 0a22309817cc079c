"""The history that reports are held against meets the borders of the definitions: one that moved would be seen."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

import pytest

from conversations.events import GenerationFinished
from tests.usage.simulated import PLAN
from usage.simulation import Truth
from usage.simulation.ledger import lives_of
from usage.simulation.truth import adoption
from usage.simulation.visits import Visit


@pytest.fixture(scope="module")
def lives() -> Sequence[Visit]:
    return list(lives_of(PLAN))


def told(lives: Sequence[Visit]) -> str:
    truth = Truth(PLAN)
    for visit in lives:
        truth.see(visit)
    return truth.as_json()


@pytest.mark.parametrize(
    ("step", "days"),
    [
        ("TRIED", range(7)),
        ("TRIED", range(9)),
        ("REPEATED", range(8)),
        ("REPEATED", range(1, 7)),
        ("REPEATED", range(1, 9)),
        ("RETAINED", range(15, 28)),
        ("RETAINED", range(15, 30)),
        ("RETAINED", range(14, 29)),
        ("RETAINED", range(16, 29)),
        ("SATISFIED", range(7)),
        ("SATISFIED", range(9)),
    ],
)
def test_a_step_of_adoption_that_took_other_days_would_tell_something_else(
    monkeypatch: pytest.MonkeyPatch, lives: Sequence[Visit], step: str, days: range
) -> None:
    as_defined = told(lives)
    monkeypatch.setattr(adoption, step, days)
    assert told(lives) != as_defined


def test_somebody_got_nothing_but_empty_answers_all_day(lives: Sequence[Visit]) -> None:
    """Completed and without a visible character: active, and not value-active."""
    days: dict[tuple[UUID, date], list[GenerationFinished]] = defaultdict(list)
    for visit in lives:
        for exchange in visit.exchanges:
            turn = exchange.accepted.turn
            days[turn.subject, turn.occurred_at.astimezone(PLAN.zone).date()].append(exchange.finished)
    completed = [[it for it in endings if it.outcome == "completed"] for endings in days.values()]
    assert any(endings and not any(it.visible_characters for it in endings) for endings in completed)
