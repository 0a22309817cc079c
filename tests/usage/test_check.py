"""``usage_rebuild --check``: finds what is not as the facts say, and changes nothing."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.usage import cast, written
from tests.usage.cast import LI, NOON, WANG
from usage import rollup
from usage.models import (
    ActiveDay,
    ActiveSpread,
    AdoptionDay,
    BusyWindow,
    CohortBracket,
    CohortDay,
    ConversationDay,
    FirstDay,
    LatencyWindow,
    LifecycleDay,
    Mark,
    PeopleDay,
    ReturnDay,
    Session,
    SessionDay,
    UsageDay,
    UsageWindow,
    UserDay,
)

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
        (lambda: BusyWindow.objects.update(peak=9), "stored peak=9, facts peak=1"),
        (lambda: LatencyWindow.objects.all().delete(), "latencywindow"),
        (lambda: FirstDay.objects.filter(subject=LI).delete(), "firstday"),
        (lambda: Session.objects.update(turns=9), "stored turns=9, facts turns=1"),
        (lambda: SessionDay.objects.update(people=9), "stored people=9, facts people=1"),
        (lambda: ActiveDay.objects.update(mau28=9), "stored mau28=9, facts mau28="),
        (lambda: ActiveSpread.objects.filter(span=7).delete(), "activespread"),
        (lambda: LifecycleDay.objects.filter(period="month").update(new=9), "stored new=9, facts new=2"),
        (lambda: CohortDay.objects.filter(period="week").update(on=9), "stored on=9, facts on=2"),
        (lambda: CohortBracket.objects.update(active=9), "stored active=9, facts active=0"),
        (lambda: ConversationDay.objects.filter(grouping="total").update(turns=9), "stored turns=9, facts turns=1"),
        (lambda: ReturnDay.objects.filter(grouping="total").update(people=9), "stored people=9, facts people=1"),
        (lambda: AdoptionDay.objects.update(organic_tried=9), "stored organic_tried=9, facts organic_tried=1"),
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


def test_what_looks_beyond_a_day_is_not_called_wrong_while_days_near_it_are_stale() -> None:
    cast.talk(cast.ending(cast.turn("new", who=WANG)))
    ActiveDay.objects.update(mau28=9)
    UserDay.objects.filter(subject=WANG).update(valued=9)
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("usage_rebuild", "--check", "--to=2026-11-19", stdout=out)
    assert "days near it are stale" in out.getvalue()
    assert "userday" in out.getvalue()
    assert "activeday" not in out.getvalue()


def test_a_day_that_is_known_to_be_stale_is_not_called_wrong() -> None:
    cast.talk(cast.ending(cast.turn("new")))
    assert checked("--from=2026-11-20").endswith("1 days, 1 not compared, 0 rows differ.\n")
    assert Mark.objects.exists()
