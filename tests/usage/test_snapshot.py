"""A report belongs to one moment, whatever is committed while it is read."""

import pytest
from django.db import connection

from tests.usage import cast
from tests.usage.cast import LI, NOON, WANG
from tests.usage.interference import At, Elsewhere
from usage import rollup
from usage.reports.query import UsageQuery
from usage.reports.usage_by_day import usage_by_day

pytestmark = pytest.mark.django_db(transaction=True)

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
