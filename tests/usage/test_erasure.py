"""Somebody leaves: nothing leads from facts to them any more, and what is published stays, or goes if it has to."""

from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from app.accounts.models import User
from tests.usage import cast, written
from tests.usage.cast import LI, NOON, WANG
from tests.usage.retention import DAY, FACTS, rows, seal, three_days
from usage import erasure, rollup
from usage.erasure import LINKED
from usage.models import Acquisition, Erasure, FirstDay, Mark, Session, TurnAccepted, UserDay
from usage.reports.asking import answer
from usage.reports.snapshot import erased_since

pytestmark = pytest.mark.django_db

PERSONAL: tuple[Any, ...] = (*FACTS, UserDay, Session, FirstDay, Acquisition)
REMOVE, UNLINK = Erasure.Mode.REMOVE.value, Erasure.Mode.UNLINK.value


@pytest.fixture(autouse=True)
def _history() -> None:
    three_days()


def erase(mode: str, *, who: Any = LI) -> Erasure:
    asked = erasure.request(who, now=NOON, mode=mode)
    assert erasure.erase_due(now=NOON) == 1
    asked.refresh_from_db()
    return asked


def conversations_of(subject: UUID) -> set[UUID]:
    named = [table.objects.filter(subject=subject).exclude(conversation=None) for table in LINKED]
    return {conversation for facts in named for conversation in facts.values_list("conversation", flat=True)}


def only_wang_ever_came() -> dict[str, list[Any]]:
    """The rows as they are when there is nothing but wang's second day, made from facts alone."""
    for table in PERSONAL:
        table.objects.filter(subject=LI).delete() if table not in FACTS else table.objects.filter(subject=LI).purge()
    rollup.mark_days(rollup.recorded_days())
    rollup.drain_all(now=NOON)
    return rows()


class TestUnlink:
    def test_no_fact_of_theirs_names_a_conversation_and_others_do(self) -> None:
        theirs, others = conversations_of(LI), conversations_of(WANG)
        erase(UNLINK)
        assert not theirs & conversations_of(LI)
        assert others == conversations_of(WANG)

    def test_what_was_one_conversation_is_one_still(self) -> None:
        for number in (0, 1):
            cast.talk(cast.ending(cast.turn(f"more {number}", within="a talk", at=NOON + number * DAY)))
        erase(UNLINK)
        more = [cast.turn(f"more {number}").generation for number in (0, 1)]
        turns = TurnAccepted.objects.filter(subject=LI)
        assert len(set(turns.filter(generation__in=more).values_list("conversation", flat=True))) == 1
        assert turns.values("conversation").distinct().count() == turns.count() - 1

    def test_every_number_stays_also_when_it_is_computed_again(self) -> None:
        before = rows()
        asked = erase(UNLINK)
        assert not Mark.objects.exists()
        rollup.mark_days(rollup.recorded_days())
        rollup.drain_all(now=NOON)
        assert rows() == before
        assert (asked.first_day, asked.last_day) == (None, None)


class TestRemove:
    def test_nothing_of_theirs_is_left(self) -> None:
        erase(REMOVE)
        rollup.drain_all(now=NOON)
        for table in PERSONAL:
            assert not table.objects.filter(subject=LI).exists(), table

    def test_every_number_is_as_if_they_had_never_come(self) -> None:
        erase(REMOVE)
        rollup.drain_all(now=NOON)
        assert rows() == only_wang_ever_came()

    def test_it_says_which_days_are_other_than_before_and_since_when(self) -> None:
        asked = erase(REMOVE)
        assert (asked.first_day, asked.last_day) == (NOON.date(), (NOON + 3 * DAY).date())
        assert erased_since(NOON.date(), NOON.date()) == NOON
        assert erased_since((NOON - DAY).date(), (NOON - DAY).date()) is None

    def test_a_report_of_these_days_says_so(self) -> None:
        params = {"from": "2026-11-20", "to": "2026-11-21"}
        assert answer("usage", params, now=NOON + DAY, audience="test").erased_since is None
        erase(REMOVE)
        assert answer("usage", params, now=NOON + DAY, audience="test").erased_since == NOON

    def test_their_rows_of_sealed_days_go_and_people_are_counted_anew(self) -> None:
        seal(until=NOON)
        sums = written.usage_days()
        erase(REMOVE)
        rollup.drain_all(now=NOON)
        for table in PERSONAL:
            assert not table.objects.filter(subject=LI).exists(), table
        assert not [key for key in written.people_days() if key[0] == NOON.date()]
        friday = {key for key in sums if key[0] == NOON.date()}
        assert {key: written.usage_days()[key] for key in friday} == {key: sums[key] for key in friday}


@pytest.mark.parametrize("mode", [UNLINK, REMOVE])
class TestInBothModes:
    def test_it_is_done_once_and_once_more_when_all_has_settled_then_forgotten(self, mode: str) -> None:
        asked = erase(mode)
        assert erasure.erase_due(now=NOON + timedelta(hours=1)) == 0
        cast.accept(cast.turn("was on its way", at=NOON + timedelta(minutes=1)))
        assert erasure.erase_due(now=NOON + erasure.SETTLED) == 1
        assert cast.turn("was on its way").conversation not in conversations_of(LI)
        asked.refresh_from_db()
        assert (asked.subject, asked.done_at) == (None, NOON)
        assert erasure.erase_due(now=NOON + 9 * DAY) == 0

    def test_twice_is_once(self, mode: str) -> None:
        erase(mode)
        rollup.drain_all(now=NOON)
        once = rows()
        assert erase(mode).facts == 0
        rollup.drain_all(now=NOON)
        assert rows() == once

    def test_who_never_asked_anything_leaves_too(self, mode: str) -> None:
        assert erase(mode, who=cast.ZHAO).facts == 0


class TestAccounts:
    @pytest.fixture
    def li_has_an_account(self) -> User:
        return User.objects.create_user("li@example.com", "li-knows-this", subject=LI)

    @pytest.mark.parametrize("mode", [UNLINK, REMOVE])
    def test_its_deletion_asks_for_the_erasure(self, li_has_an_account: User, mode: str) -> None:
        with override_settings(ERASURE=mode):
            User.objects.filter(pk=li_has_an_account.pk).delete()
        assert list(Erasure.objects.values_list("subject", "mode", "done_at")) == [(LI, mode, None)]

    def test_the_command_deletes_it_and_erases_at_once(self, li_has_an_account: User) -> None:
        out = StringIO()
        call_command("usage_erase", "Li@example.com", stdout=out)
        assert not User.objects.exists()
        assert out.getvalue() == f"account deleted, {Erasure.objects.get().facts} facts unlinked.\n"
        assert not TurnAccepted.objects.filter(subject=LI, is_unlinked=False).exists()

    def test_the_command_takes_the_subject_of_an_account_that_is_gone(self) -> None:
        out = StringIO()
        call_command("usage_erase", str(LI), "--mode=remove", stdout=out)
        assert out.getvalue().startswith("no account, ")
        assert not TurnAccepted.objects.filter(subject=LI).exists()

    def test_the_command_knows_when_there_is_nobody(self) -> None:
        with pytest.raises(CommandError, match="There is no account"):
            call_command("usage_erase", "nobody@example.com")
