"""An account is deleted while answers of its person are running: they end with it, and their facts are told.

Their rows go with the account, so nobody could tell afterwards how they ended. The transaction that deletes them is
the last that can: it locks them, so that an owner who ends one meanwhile either was first or finds nothing. Owners
are told to stop; besides, the log refuses their next words, and their next renewal brings no row.
"""

import contextlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from redis.exceptions import RedisError

from conversations import catalog, hints, lost_calls, pending_facts, redis_wire
from conversations.accounting import tokens_of
from conversations.catalog import Catalog
from conversations.delta_log import DeltaLog
from conversations.events import GenerationFinished
from conversations.models import Generation, State, milliseconds
from conversations.people import Person
from conversations.prompt import brief_of_row, running
from conversations.protocol import LogFrame, Snapshot
from conversations.replay import text_so_far
from conversations.timing import timing
from conversations.turns import turn_of

REASON = "account_deleted"


def end_answers_of(person: Person, *, now: datetime) -> None:
    """To be called in the transaction that deletes the account, before its rows go. Their words are taken out of
    Redis once they are gone from the database.
    """
    offered = catalog.current()
    rows = running().filter(owner_id=person.pk).select_for_update(of=("self",))
    ends = [_ended(row, offered, now) for row in rows.order_by("pk")]
    pending_facts.tell_or_keep(ends, sender=Generation)
    ended, logged = [end.turn.generation for end in ends], _in_the_log(person, now)
    transaction.on_commit(partial(async_to_sync(_let_go), ended, logged))


def _ended(row: Generation, offered: Catalog, now: datetime) -> GenerationFinished:
    logged = async_to_sync(_closed_log)(row)
    shown = text_so_far(Snapshot(generation=row.pk, seq=row.seq, text=row.text, thinking=row.thinking), logged)
    turn = turn_of(row, row.owner)
    was_asked = row.state != State.QUEUED or lost_calls.was_answered(logged)
    seen = lost_calls.written(shown, logged, by_the_first=row.takeovers == 0)
    usage = lost_calls.usage_of(brief_of_row(row, offered), row.endpoint, seen)
    call = lost_calls.ended(
        row, offered, epoch=row.epoch, endpoint=row.endpoint, usage=usage, error="cancelled", at=now
    )
    return GenerationFinished(
        turn=turn,
        outcome=State.STOPPED,
        reason=REASON,
        endpoint=call.endpoint,
        attempts=int(was_asked),
        finished_at=now,
        queue_ms=row.queue_ms,
        first_token_ms=None,
        duration_ms=milliseconds(row.created_at, now),
        visible_characters=len(shown.text),
        tokens=tokens_of(usage),
        calls=(call,) if was_asked else (),
    )


async def _closed_log(row: Generation) -> list[LogFrame]:
    """All that was shown: its owner can show nothing more. Where nothing is deleted in the end, another one claims
    the row and goes on.
    """
    async with redis_wire.lent(settings.REDIS_URL) as redis:
        log = DeltaLog(redis, reply_s=timing().redis_reply_s)
        return (await log.seize({row.pk: row.epoch + 1}, within_s=0))[row.pk]


def _in_the_log(person: Person, now: datetime) -> list[UUID]:
    ended_lately = Q(finished_at__gte=now - timedelta(seconds=timing().log_expiry_s))
    theirs = Generation.objects.filter(owner_id=person.pk)
    return list((theirs.active() | theirs.filter(ended_lately)).values_list("pk", flat=True))


async def _let_go(ended: Sequence[UUID], logged: Sequence[UUID]) -> None:
    """Without Redis owners hear of it with their next renewal, and words stay until their logs expire."""
    with contextlib.suppress(RedisError, OSError, TimeoutError):
        async with redis_wire.lent(settings.REDIS_URL) as redis:
            await DeltaLog(redis, reply_s=timing().redis_reply_s).forget_words(logged)
        for generation in ended:
            await hints.tell_to_stop(generation)
