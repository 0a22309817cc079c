"""The small parts that everything stands on: ids, secrets, money, the live answer and its log entries."""

import time
from base64 import urlsafe_b64decode
from datetime import UTC, datetime

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from conversations import secrets
from conversations.events import Cost, Tokens, TokenSource
from conversations.ids import uuid7
from conversations.live_answer import LiveAnswer
from conversations.models import EndpointPrice, Message, text_digest
from conversations.protocol import Delta, Snapshot, Started, decode_log

NOW = datetime(2026, 11, 23, tzinfo=UTC)


# --- ids --------------------------------------------------------------------------------------------------------------


def test_an_id_is_a_version_7_uuid_of_this_moment() -> None:
    before = time.time_ns() // 1_000_000
    made = uuid7()
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000


def test_ids_are_never_the_same_and_later_ones_are_larger() -> None:
    ids = [uuid7() for _ in range(10_000)]
    assert len(set(ids)) == 10_000
    moments = [made.int >> 64 for made in ids]
    assert moments == sorted(moments)


def test_ids_of_one_millisecond_are_in_order_too() -> None:
    """Within the quarter of a microsecond that an id can tell, two rows are never made."""
    ids = [Message(text="").pk for _ in range(1_000)]
    assert ids == sorted(ids)


# --- secrets ----------------------------------------------------------------------------------------------------------


def test_a_key_at_rest_is_not_the_key_and_comes_back(settings: Settings) -> None:
    token = secrets.encrypt("sk-密钥")
    assert "sk-密钥".encode() not in token + urlsafe_b64decode(token)
    assert secrets.decrypt(token) == "sk-密钥"
    assert secrets.encrypt("sk-密钥") != token


def test_an_older_field_key_still_decrypts_and_the_newest_encrypts(settings: Settings) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.FIELD_KEYS = [old]
    kept = secrets.encrypt("sk-1")
    settings.FIELD_KEYS = [new, old]
    assert secrets.decrypt(kept) == "sk-1"
    fresh = secrets.encrypt("sk-2")
    settings.FIELD_KEYS = [new]
    assert secrets.decrypt(fresh) == "sk-2"
    with pytest.raises(ImproperlyConfigured, match="another FIELD_KEY"):
        secrets.decrypt(kept)


def test_without_a_field_key_nothing_is_kept_and_it_is_said_what_to_do(settings: Settings) -> None:
    settings.FIELD_KEYS = []
    with pytest.raises(ImproperlyConfigured, match="FIELD_KEY is not set"):
        secrets.encrypt("sk-1")


# --- money ------------------------------------------------------------------------------------------------------------


def tokens(
    uncached: int | None = 0, cached: int | None = 0, visible: int | None = 0, thought: int | None = 0
) -> Tokens:
    return Tokens(
        input_uncached=uncached,
        input_cached=cached,
        output_visible=visible,
        output_reasoning=thought,
        source=TokenSource.REPORTED,
        flagged=False,
    )


PRICE = EndpointPrice(currency="CNY", input_pico=2_400_000, cached_input_pico=480_000, output_pico=9_600_000)


def test_each_kind_of_token_has_its_price_and_reasoning_is_output() -> None:
    assert PRICE.cost(tokens(1000, 500, 100, 50)) == Cost(
        pico=1000 * 2_400_000 + 500 * 480_000 + 150 * 9_600_000, currency="CNY"
    )


def test_a_cached_token_without_a_price_of_its_own_costs_as_any_other() -> None:
    price = EndpointPrice(currency="CNY", input_pico=7, output_pico=0)
    assert price.cost(tokens(uncached=1, cached=2)) == Cost(pico=21, currency="CNY")


def test_a_cached_token_may_be_free() -> None:
    price = EndpointPrice(currency="CNY", input_pico=7, cached_input_pico=0, output_pico=0)
    assert price.cost(tokens(uncached=1, cached=2)) == Cost(pico=7, currency="CNY")


@pytest.mark.parametrize("unknown", [tokens(uncached=None), tokens(visible=None), Tokens()])
def test_unknown_tokens_cost_an_unknown_amount_never_nothing(unknown: Tokens) -> None:
    assert PRICE.cost(unknown).pico is None


def test_no_tokens_cost_nothing() -> None:
    assert PRICE.cost(tokens()) == Cost(pico=0, currency="CNY")


# --- a live answer ----------------------------------------------------------------------------------------------------


def an_answer(epoch: int = 1) -> LiveAnswer:
    answer = LiveAnswer(
        generation=uuid7(), conversation=uuid7(), message=uuid7(), owner_pk=1, epoch=epoch, accepted_at=NOW
    )
    answer.started = Started(generation=answer.generation, model="demonstration", context_cut=False)
    return answer


@given(st.lists(st.tuples(st.text(max_size=4), st.text(max_size=4), st.booleans()), max_size=30))
def test_what_is_taken_in_ticks_is_what_was_written(parts: list[tuple[str, str, bool]]) -> None:
    answer, text, thinking, seq = an_answer(), "", "", 0
    for new_text, new_thinking, is_tick in [*parts, ("", "", True)]:
        answer.write(new_text, new_thinking, NOW)
        entry = answer.take() if is_tick else None
        if entry is not None:
            frame = decode_log(entry.text)
            assert isinstance(frame, Delta)
            assert (frame.after, frame.seq) == (seq, seq + 1)
            text, thinking, seq = text + frame.text, thinking + frame.thinking, frame.seq
    assert (text, thinking) == (answer.text, answer.thinking)
    assert seq == answer.seq


def test_only_the_first_word_is_urgent() -> None:
    answer = an_answer()
    assert answer.write("一", "", NOW)
    assert not answer.write("二", "", NOW)


def test_an_empty_tick_is_no_entry() -> None:
    assert an_answer().take() is None


def test_after_a_hole_the_log_gets_everything_and_readers_only_what_is_new() -> None:
    """Else every tick of an outage would send each reader all of the answer."""
    answer = an_answer()
    answer.write("一", "想", NOW)
    answer.take()
    answer.log_has_hole = True
    answer.write("二", "", NOW)
    entry = answer.take()
    assert entry is not None
    assert decode_log(entry.text) == entry.frame == Delta(generation=answer.generation, after=1, seq=2, text="二")
    assert decode_log(entry.kept) == Snapshot(generation=answer.generation, seq=2, text="一二", thinking="想")
    answer.write("三", "", NOW)
    later = answer.take()
    assert later is not None
    assert later.kept == later.text
    assert later.frame == Delta(generation=answer.generation, after=2, seq=3, text="三")


def test_a_checkpoint_holds_what_was_taken_and_not_what_waits() -> None:
    answer = an_answer()
    answer.write("一", "想", NOW)
    answer.take()
    answer.write("二", "完", NOW)
    progress = answer.progress()
    assert (progress.seq, progress.text, progress.thinking) == (1, "一", "想")
    assert answer.frames()[1:] == [Snapshot(generation=answer.generation, seq=1, text="一", thinking="想")]


def test_every_entry_has_a_larger_id_and_a_new_owner_a_larger_one_still() -> None:
    answer, heir = an_answer(epoch=2), an_answer(epoch=3)
    ids: list[str] = []
    for owner in (answer, heir):
        for _ in range(12):
            owner.write("字", "", NOW)
            entry = owner.take()
            assert entry is not None
            ids.append(entry.id)
    numbers = [tuple(map(int, entry_id.split("-"))) for entry_id in ids]
    assert numbers == sorted(set(numbers))


def test_a_digest_counts_characters_and_hashes_bytes() -> None:
    assert text_digest("你好👋")[0] == 3
    assert text_digest("") == (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
