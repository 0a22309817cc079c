"""``manage.py usage_rebuild``: which days it takes, and what it says to those that it cannot."""

from datetime import timedelta
from io import StringIO
from itertools import count
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.usage import cast
from tests.usage.cast import NOON
from usage import rollup
from usage.models import Mark, UsageDay

pytestmark = pytest.mark.django_db


def rebuilt(*arguments: str) -> str:
    out = StringIO()
    call_command("usage_rebuild", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def _two_days() -> None:
    cast.talk(*(cast.ending(cast.turn(str(days), at=NOON - timedelta(days=days))) for days in (0, 1)))
    rollup.drain_all(now=NOON)
    UsageDay.objects.update(turns=77)


@pytest.mark.usefixtures("_two_days")
def test_recomputes_the_days_of_the_range_and_no_other() -> None:
    assert rebuilt("--from=2026-11-20", "--to=2026-11-30").startswith("1 days, ")
    wrong = UsageDay.objects.filter(turns=77)
    assert set(wrong.values_list("local_day", flat=True)) == {(NOON - timedelta(days=1)).date()}


@pytest.mark.usefixtures("_two_days")
@pytest.mark.parametrize("check", [(), ("--check",)])
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("--from=2026-11-20", "--to=2026-11-19"),
            r"The range ends \(2026-11-19\) before it starts \(2026-11-20\)\. Nothing was changed\.",
        ),
        (("--from=2026-11-21",), "Nothing is recorded of these days. Possible: 2026-11-19 to 2026-11-20."),
        (("--to=2026-11-18",), "Nothing is recorded of these days. Possible: 2026-11-19 to 2026-11-20."),
        (("--from=yesterday",), "“yesterday” is not a day. Write it as YYYY-MM-DD."),
        (("--to=2026-02-30",), "“2026-02-30” is not a day. Write it as YYYY-MM-DD."),
        (("--to=20261120",), "“20261120” is not a day. Write it as YYYY-MM-DD."),
    ],
)
def test_a_range_that_cannot_be_is_refused_with_what_can(
    arguments: tuple[str, ...], sentence: str, check: tuple[str, ...]
) -> None:
    with pytest.raises(CommandError, match=sentence):
        rebuilt(*arguments, *check)
    assert not Mark.objects.exists()
    assert not UsageDay.objects.exclude(turns=77).exists()


def test_where_nothing_is_recorded_there_is_nothing_to_do() -> None:
    assert rebuilt() == "0 days, 0 keys recomputed.\n"


@pytest.mark.usefixtures("_two_days")
def test_ends_although_facts_arrive_all_the_while() -> None:
    """With every look for marks one more turn is there."""
    numbers = count()

    def arrive(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT") and Mark._meta.db_table in sql:
            number = next(numbers)
            assert number < 200, "it looks for new marks again and again"
            cast.accept(cast.turn(f"arrives {number}", at=NOON + number * timedelta(minutes=15)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(arrive):
        assert rebuilt("--from=2026-11-20", "--to=2026-11-20").startswith("1 days, ")
    assert not UsageDay.objects.filter(local_day=NOON.date(), turns=77).exists()
    assert Mark.objects.exists(), "of what arrived last"
