"""A report belongs to one moment, whatever is committed while it is read."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from tests.usage import cast
from tests.usage.asking import total
from tests.usage.cast import LI, NOON, WANG
from tests.usage.interference import At, Elsewhere
from usage import rollup
from usage.models import LatencyDay, UsageDay
from usage.reports.dimensions import Dimension
from usage.reports.query import UsageQuery
from usage.reports.registry import find
from usage.reports.report import ask
from usage.reports.usage_by_day import usage_by_day

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("everybody_is_shown")]
DAY = timedelta(days=1)

FRIDAY = UsageQuery(first_day=NOON.date(), last_day=NOON.date())


@pytest.mark.parametrize("number", range(3, 13))
def test_what_is_committed_after_its_first_question_is_not_in_it(number: int) -> None:
    def wang_comes_too() -> None:
        cast.talk(cast.ending(cast.turn("second", who=WANG, scenario="study")))
        rollup.drain(now=NOON)

    cast.talk(cast.ending(cast.turn("first", who=LI)))
    rollup.drain(now=NOON)
    before = usage_by_day(FRIDAY, now=NOON)
    other = Elsewhere(wang_comes_too)
    with connection.execute_wrapper(At(number, other.begin)):
        during = usage_by_day(FRIDAY, now=NOON)
    other.join()
    assert (during.total, during.days) == (before.total, before.days)
    assert usage_by_day(FRIDAY, now=NOON).total.measures.active_users == 2


@pytest.mark.parametrize(
    ("name", "table"),
    [("usage", UsageDay), ("usage", LatencyDay), ("volume", UsageDay), ("unit_economics", UsageDay)],
)
def test_a_total_is_the_sum_of_its_rows_and_not_read_again(name: str, table: type[Model]) -> None:
    """And is the same as if it alone had been asked for."""
    for days, scenario in ((0, "study"), (1, "writing")):
        cast.talk(cast.ending(cast.turn(scenario, scenario=scenario, at=NOON - days * DAY)))
    rollup.drain_all(now=NOON)
    both = UsageQuery(first_day=NOON.date() - DAY, last_day=NOON.date(), by=(Dimension.DAY,))
    with CaptureQueriesContext(connection) as with_rows:
        report = ask(find(name), both, now=NOON)
    with CaptureQueriesContext(connection) as by_itself:
        alone = ask(find(name), replace(both, by=()), now=NOON)
    assert len(report.asked.rows) == 2
    assert [report.asked.total] == list(alone.asked.rows)
    its_sums = re.compile(rf'SUM\("{table._meta.db_table}"\.')
    read = [sum(bool(its_sums.search(each["sql"])) for each in seen) for seen in (with_rows, by_itself)]
    assert read[0] == read[1] > 0


def test_what_one_snapshot_read_no_other_one_knows() -> None:
    for times in (1, 2):
        cast.talk(cast.ending(cast.turn(f"{times}")))
        rollup.drain_all(now=NOON)
        report = ask(find("usage"), replace(FRIDAY, by=(Dimension.DAY,)), now=NOON)
        assert total(report.asked).turns == times
