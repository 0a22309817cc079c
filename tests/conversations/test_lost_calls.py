"""What a lost process had asked an endpoint: one row of the ledger, with what is known of its tokens and no more."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from app.accounts.models import User
from conversations import lost_calls, turns
from conversations.claims import Claimed, Lookout
from conversations.ids import uuid7
from conversations.inference import estimate
from conversations.inference.types import Usage
from conversations.lost_calls import Lost, LostCall, Written, was_answered, written
from conversations.models import EndpointPrice, Generation, Message, ModelEndpoint
from conversations.protocol import Delta, LogFrame, Send, Snapshot, Started
from usage.models import UpstreamCall

pytestmark = pytest.mark.usefixtures("unseen", "catalog")

ID = uuid7()
FOR_THREE = 12
"""Statements: each has a savepoint of its own for its fact. One by one they are thirty."""
STARTED = Started(generation=ID, model="demonstration", context_cut=False)


@pytest.fixture
def claimed(li: User) -> Claimed:
    """An answer of a process that is gone, which had asked an endpoint."""
    (one,) = taken_over(li, "你好")
    return one


def taken_over(li: User, *texts: str) -> list[Claimed]:
    for text in texts:
        request = Send(id=uuid7(), conversation=uuid7(), parent=None, text=text)
        turns.accept(li, request, now=timezone.now(), process="owner")
    Generation.objects.update(
        lease_until=timezone.now() - timedelta(seconds=1),
        state="streaming",
        endpoint=ModelEndpoint.objects.get(),
        queue_ms=40,
    )
    return Lookout().claim("other")


def lost(claimed: Claimed, seen: Written, *, asked: int | None = None) -> LostCall:
    return LostCall(generation=claimed.generation, epoch=claimed.epoch, seen=seen, endpoint_pk=asked, at=timezone.now())


def account(claimed: Claimed, seen: Written) -> Usage:
    return lost_calls.account(lost(claimed, seen)).usage


def delta(after: int, text: str) -> Delta:
    return Delta(generation=ID, after=after, seq=after + 1, text=text, thinking="")


def snapshot(seq: int, text: str, thinking: str = "") -> Snapshot:
    return Snapshot(generation=ID, seq=seq, text=text, thinking=thinking)


# --- its row ----------------------------------------------------------------------------------------------------------


def test_words_that_were_seen_are_estimated_and_so_is_their_prompt(claimed: Claimed) -> None:
    usage = account(claimed, Written(text="一二三四五六七八九十", thinking="想一想"))
    (call,) = UpstreamCall.objects.all()
    assert (call.call_of, call.epoch, call.attempt, call.error) == (claimed.generation, 1, 1, "lease_lost")
    assert (call.endpoint, call.token_source) == (ModelEndpoint.objects.get().name, "estimated")
    visible, reasoning = estimate.tokens_of("一二三四五六七八九十"), estimate.tokens_of("想一想")
    assert (call.output_visible, call.output_reasoning) == (visible, reasoning)
    assert call.input_uncached is not None
    assert call.input_uncached >= estimate.tokens_of("你好") + estimate.MESSAGE_TOKENS
    assert (usage.input_tokens, usage.output_tokens) == (call.input_uncached, visible + reasoning)


def test_of_a_request_without_a_word_nothing_is_known(claimed: Claimed) -> None:
    assert account(claimed, Written()) == Usage()
    (call,) = UpstreamCall.objects.all()
    assert (call.token_source, call.input_uncached, call.output_visible, call.cost_pico) == ("none", None, None, None)


def test_what_was_gone_on_with_was_part_of_the_prompt(claimed: Claimed) -> None:
    alone = account(claimed, Written(text="后来的话"))
    UpstreamCall.objects.all().purge()
    after = account(claimed, Written(before="先前说过的话" * 20, text="后来的话"))
    assert alone.input_tokens is not None
    assert after.input_tokens == alone.input_tokens + estimate.tokens_of("先前说过的话" * 20)
    assert after.output_tokens == alone.output_tokens


def test_it_has_the_price_of_its_time(claimed: Claimed) -> None:
    EndpointPrice.objects.create(
        endpoint=ModelEndpoint.objects.get(),
        valid_from=timezone.now() - timedelta(days=1),
        currency="CNY",
        input_pico=1,
        output_pico=1_000_000,
    )
    usage = account(claimed, Written(text="一二三四五六七八九十"))
    (call,) = UpstreamCall.objects.all()
    assert usage.input_tokens is not None
    assert usage.output_tokens is not None
    assert (call.cost_pico, call.currency) == (usage.input_tokens + usage.output_tokens * 1_000_000, "CNY")


def test_it_is_accounted_once(claimed: Claimed) -> None:
    for _ in range(2):
        account(claimed, Written(text="一"))
    assert UpstreamCall.objects.count() == 1


def test_nothing_is_accounted_once_somebody_else_owns_it(claimed: Claimed) -> None:
    Generation.objects.update(epoch=3)
    assert account(claimed, Written(text="一")) == Usage()
    assert not UpstreamCall.objects.exists()


def test_those_of_a_process_are_accounted_together(li: User, django_assert_max_num_queries: Any) -> None:
    """And what its new owner would have to ask for again is known of each, but of whose answer is somebody else's."""
    claims = taken_over(li, "一", "二", "三")
    Generation.objects.filter(pk=claims[2].generation).update(epoch=3)
    with django_assert_max_num_queries(FOR_THREE):
        found = lost_calls.account_together([lost(each, Written(text="好")) for each in claims])
    assert [isinstance(each, Lost) and each.plan is not None for each in found] == [True, True, False]
    known = [each.turn.generation for each in found if isinstance(each, Lost) and each.turn]
    assert known == [each.generation for each in claims[:2]]
    assert {call.call_of for call in UpstreamCall.objects.all()} == set(known)


def test_one_that_cannot_be_accounted_harms_no_other(li: User) -> None:
    """Its question is gone, which the database lets nobody do."""
    claims = taken_over(li, "一", "二")
    broken = Generation.objects.get(pk=claims[0].generation)
    Message.objects.filter(pk=broken.message_id).update(parent=None)
    first, second = lost_calls.account_together([lost(each, Written(text="好")) for each in claims])
    assert isinstance(first, AssertionError)
    assert isinstance(second, Lost)
    assert UpstreamCall.objects.get().call_of == claims[1].generation


def test_who_was_asked_may_be_known_of_a_slot_only(claimed: Claimed) -> None:
    Generation.objects.update(endpoint=None, state="queued")
    endpoint = ModelEndpoint.objects.get()
    lost_calls.account(lost(claimed, Written(), asked=endpoint.pk))
    assert UpstreamCall.objects.get().endpoint == endpoint.name


# --- what the log tells of it -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("logged", "was"),
    [
        ([], False),
        ([STARTED], True),
        ([STARTED, delta(0, "一"), snapshot(1, "一")], False),
        ([STARTED, delta(0, "一"), snapshot(1, "一"), STARTED], True),
    ],
    ids=["an empty log", "it began", "taken over, nobody asked since", "taken over, and asked"],
)
def test_whether_its_owner_was_answered(logged: list[LogFrame], was: bool) -> None:
    assert was_answered(logged) is was


def test_the_first_process_wrote_all_of_it() -> None:
    assert written(snapshot(2, "一二", "想"), [], by_the_first=True) == Written(text="一二", thinking="想")


def test_a_later_one_wrote_what_stands_after_its_snapshot() -> None:
    logged: list[LogFrame] = [STARTED, delta(0, "一"), snapshot(1, "一"), STARTED, delta(1, "二")]
    assert written(snapshot(2, "一二"), logged, by_the_first=False) == Written(before="一", text="二")


def test_without_the_log_nobody_knows_which_part_a_later_one_wrote() -> None:
    assert written(snapshot(2, "一二"), [], by_the_first=False) == Written(before="一二")
