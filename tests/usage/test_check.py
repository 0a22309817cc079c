"""``usage_rebuild --check``: finds what is not as the facts say, and changes nothing."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.usage import cast, written
from tests.usage.cast import LI, NOON, WANG
from usage import rollup
from usage.models import Mark, PeopleDay, UsageDay, UsageWindow, UserDay

pytestmark = pytest.mark.django_db


def checked(*days: str) -> str:
    out = StringIO()
    call_command("usage_rebuild", "--check", *days, stdout=out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def _two_days() -> None:
    for days in (0, 1):
        turn = cast.turn(str(days), at=NOON - timedelta(days=days), who=(LI, WANG)[days])
        cast.talk(cast.ending(turn))
        cast.engage(cast.vote(turn, "up"))
    rollup.drain_all(now=NOON)


def test_rows_that_are_right_are_said_to_be_and_left_as_they_are() -> None:
    before = written.everything()
    assert checked() == "2 days, 0 not compared, 0 rows differ.\n"
    assert written.everything() == before
    assert not Mark.objects.exists()


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        (lambda: UsageWindow.objects.filter(turns=1).update(turns=7), "usagewindow"),
        (lambda: UsageDay.objects.filter(rated_up=1).update(rated_up=0), "stored rated_up=0, facts rated_up=1"),
        (lambda: UserDay.objects.filter(subject=LI).delete(), "stored no row"),
        (lambda: PeopleDay.objects.update(active=9), "stored active=9, facts active=1"),
    ],
)
def test_a_row_that_is_wrong_is_named_and_stays_wrong(harm, found: str) -> None:  # type: ignore[no-untyped-def]
    harm()
    before = written.everything()
    out = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("usage_rebuild", "--check", stdout=out)
    assert refused.value.returncode == 1
    assert found in out.getvalue()
    assert written.everything() == before


def test_only_the_days_asked_for_are_looked_at() -> None:
    PeopleDay.objects.filter(local_day="2026-11-19").update(active=9)
    assert checked("--from=2026-11-20") == "1 days, 0 not compared, 0 rows differ.\n"


def test_a_day_that_is_known_to_be_stale_is_not_called_wrong() -> None:
    cast.talk(cast.ending(cast.turn("new")))
    assert checked("--from=2026-11-20").endswith("1 days, 1 not compared, 0 rows differ.\n")
    assert Mark.objects.exists()
