"""``manage.py usage_simulate``."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count
from django.utils import timezone

from tests.usage import cast
from usage.models import Mark, PeopleDay, TurnAccepted
from usage.periods import day_of, reporting_zone

pytestmark = pytest.mark.django_db


def simulated(*arguments: str) -> str:
    said = StringIO()
    call_command("usage_simulate", "--users", "5", "--days", "10", *arguments, stdout=said)
    return said.getvalue()


def test_says_how_many_facts_there_are_and_writes_the_truth_about_them(tmp_path: Path) -> None:
    said = simulated("--until", "2026-05-20", "--truth", str(tmp_path / "truth.json"))
    truth = json.loads((tmp_path / "truth.json").read_text())
    turns = sum(day.get("turns", 0) for day in truth["usage"].values())
    everybody = TurnAccepted.objects.filter(is_internal=False).count()
    assert "5 people over 10 days to 2026-05-20" in said
    assert turns == everybody > 0


def test_ends_yesterday_unless_told_otherwise() -> None:
    simulated()
    today = day_of(timezone.now(), reporting_zone())
    assert all(day < today for day in TurnAccepted.objects.values_list("local_day", flat=True))


def test_the_future_is_not_simulated() -> None:
    tomorrow = day_of(timezone.now(), reporting_zone()) + timedelta(days=1)
    with pytest.raises(CommandError, match="yet to happen"):
        simulated("--until", tomorrow.isoformat())


def test_rolls_up_at_once_if_told_to() -> None:
    simulated("--until", "2026-05-20", "--roll-up")
    assert not Mark.objects.exists()
    active = PeopleDay.objects.filter(grouping=PeopleDay.Grouping.TOTAL).values_list("local_day", "active_all")
    assert dict(active) == dict(TurnAccepted.objects.values_list("local_day").annotate(Count("subject", distinct=True)))


def test_once_is_once() -> None:
    simulated("--until", "2026-05-20", "--once")
    before = TurnAccepted.objects.count()
    assert "nothing was changed" in simulated("--until", "2026-05-21", "--once")
    assert TurnAccepted.objects.count() == before


def test_once_does_not_mind_real_facts_that_came_later() -> None:
    simulated("--until", "2026-05-20", "--once")
    cast.talk(cast.ending(cast.turn("hello")))
    assert "nothing was changed" in simulated("--until", "2026-05-20", "--once")


def test_real_facts_are_a_reason_to_refuse() -> None:
    cast.talk(cast.ending(cast.turn("hello")))
    with pytest.raises(CommandError, match="facts of real people"):
        simulated("--until", "2026-05-20")
    assert TurnAccepted.objects.count() == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--days", "0"), "whole number"),
        (("--days", "9999"), "from 1 to 3660"),
        (("--users", "many"), "whole number"),
        (("--until", "someday"), "YYYY-MM-DD"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(arguments: tuple[str, ...], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        simulated(*arguments)
