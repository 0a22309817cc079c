"""What must hold after every fault (reliability.md, I1 to I6), read from the database and from what tabs saw."""

from collections.abc import Sequence
from uuid import UUID

from conversations.models import TERMINAL, Generation
from tests.database import rows
from tests.tab import Tab
from usage.models import UpstreamCall, UsageRecord


async def judged(generation: UUID, tabs: Sequence[Tab] = ()) -> Generation:
    """The ended row, found to be in order: one fact, and every tab shows what is stored."""
    (row,) = await rows(Generation.objects.filter(pk=generation))
    assert row.state in TERMINAL, row.state
    (record,) = await rows(UsageRecord.objects.filter(generation=generation))
    assert (record.outcome, record.reason) == (row.state, row.reason)
    assert record.visible_characters == len(row.text)
    for tab in tabs:
        seen = tab.of(generation)
        assert seen.finished is not None
        assert (seen.text, seen.thinking, seen.seq) == (row.text, row.thinking, row.seq)
        assert (seen.finished.state, seen.finished.reason) == (row.state, row.reason)
    return row


async def calls_of(generation: UUID) -> list[tuple[int, int, str, str]]:
    """(epoch, attempt, error, token source) of every request made for it, in order."""
    query = UpstreamCall.objects.filter(call_of=generation).order_by("epoch", "attempt")
    return [(call.epoch, call.attempt, call.error, call.token_source) for call in await rows(query)]
