"""What became of each answer: the signals about it, and the verdict of answer quality, version 1.

An answer is counted once, in the window and the group of the turn that asked for it, when that turn
has ended; a later ``continue`` of it is the same answer. Signals count whenever they come, the verdict
only knows those of the first 72 hours, so that it never changes after them:

1. the latest vote: up is satisfied (strict), down is unsatisfied, one taken back is none;
2. else asked for anew, stopped under 200 visible characters, failed, expired, or followed within
   120 s of its end by a question that says the same again: unsatisfied;
3. else copied, shared or exported: satisfied (strict);
4. else followed up by another question: satisfied (broad);
5. else unknown: silence is not satisfaction.

All signals about all the answers in question are read in one pass: looked for answer by answer and kind by kind
they took most of the time of a rebuild.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from conversations.events import EngagementKind, TurnKind, Vote
from usage.models import EngagementEvent, UsageRecord
from usage.rollup.statements import Rows, select

HORIZON = timedelta(hours=72)
"""Of the verdict, from the moment the answer was asked for. Until then it is pending."""
EARLY_CHARACTERS = 200
SOON = timedelta(seconds=120)
REPHRASED_PER_MILLE = 600
REPHRASE_VERSION = 1

BEGINS_AN_ANSWER = ~Q(kind=TurnKind.CONTINUE) & Q(answer__isnull=False)

RATES = {
    "copied": EngagementKind.COPIED,
    "shared": EngagementKind.SHARED,
    "exported": EngagementKind.EXPORTED,
    "regenerated": EngagementKind.REGENERATED,
}
"""What is counted of answers shown, as votes are: who asks anew after a failure says nothing of an answer."""
SIGNALS = {**RATES, "followed_up": EngagementKind.FOLLOW_UP}
SHOWN = "visible_characters > 0"
COUNTS: Mapping[str, str] = {
    "answers": "1 = 1",
    "shown": SHOWN,
    "abandoned": "outcome = 'stopped' AND visible_characters = 0",
    "stopped_early": f"outcome = 'stopped' AND visible_characters BETWEEN 1 AND {EARLY_CHARACTERS - 1}",
    "rated_up": f"{SHOWN} AND vote = '{Vote.UP}'",
    "rated_down": f"{SHOWN} AND vote = '{Vote.DOWN}'",
    **{name: f"{SHOWN} AND {name} > 0" for name in RATES},
    "followed_up": "followed_up > 0",
    "satisfied_strict": "verdict = 'strict'",
    "satisfied_broad": "verdict = 'broad'",
    "unsatisfied": "verdict = 'unsatisfied'",
}
"""Conditions over the rows of ``judged``: numbers of answers, never of signals (who copies twice liked one answer)."""

# Numbers and kinds are ours, and ``asked`` is a statement of the ORM: nothing here is anybody's text.
_SIGNALS = ",\n        ".join(f"COUNT(*) FILTER (WHERE kind = '{kind}') AS {name}" for name, kind in SIGNALS.items())
_FOLLOWED = f"kind = '{EngagementKind.FOLLOW_UP}' AND rephrase_version = {REPHRASE_VERSION}"
_JUDGED = f"""
WITH asked AS ({{asked}}),
signals AS (
    SELECT asked.id, event.kind, event.value, event.rephrase_version, event.rephrase_per_mille,
        event.occurred_at < asked.judged_until AS is_timely,
        event.occurred_at < asked.soon_until AS is_soon,
        ROW_NUMBER() OVER (
            PARTITION BY asked.id, event.kind, event.occurred_at < asked.judged_until
            ORDER BY event.occurred_at DESC, event.event DESC
        ) AS place
    FROM asked JOIN {EngagementEvent._meta.db_table} AS event
        ON event.answer = asked.answer AND event.subject = asked.subject
),
summed AS (
    SELECT id,
        {_SIGNALS},
        MAX(value) FILTER (WHERE kind = '{EngagementKind.RATED}' AND place = 1 AND NOT is_timely) AS late_vote,
        MAX(value) FILTER (WHERE kind = '{EngagementKind.RATED}' AND place = 1 AND is_timely) AS timely_vote,
        COUNT(*) FILTER (WHERE is_timely AND kind = '{EngagementKind.REGENERATED}') AS asked_anew,
        COUNT(*) FILTER (
            WHERE is_timely AND is_soon AND {_FOLLOWED} AND rephrase_per_mille >= {REPHRASED_PER_MILLE}
        ) AS said_again,
        COUNT(*) FILTER (
            WHERE is_timely
            AND kind IN ('{EngagementKind.COPIED}', '{EngagementKind.SHARED}', '{EngagementKind.EXPORTED}')
        ) AS used,
        COUNT(*) FILTER (
            WHERE is_timely AND {_FOLLOWED} AND rephrase_per_mille < {REPHRASED_PER_MILLE}
        ) AS gone_on_from
    FROM signals GROUP BY id
)
SELECT asked.*, {", ".join(SIGNALS)}, COALESCE(late_vote, timely_vote) AS vote,
    CASE
        WHEN timely_vote = '{Vote.UP}' THEN 'strict'
        WHEN timely_vote = '{Vote.DOWN}' THEN 'unsatisfied'
        WHEN outcome IN ('failed', 'expired') OR asked_anew > 0 OR said_again > 0
            OR (outcome = 'stopped' AND visible_characters < {EARLY_CHARACTERS}) THEN 'unsatisfied'
        WHEN used > 0 THEN 'strict'
        WHEN gone_on_from > 0 THEN 'broad'
        ELSE 'unknown'
    END AS verdict
FROM asked LEFT JOIN summed ON summed.id = asked.id
"""  # noqa: S608 as said


def judged(records: "QuerySet[UsageRecord, Any]", *dimensions: str) -> Rows:
    """The answers begun among ``records``: these dimensions of each, its signals, the latest vote, the verdict."""
    asked = records.filter(BEGINS_AN_ANSWER).annotate(
        judged_until=F("occurred_at") + HORIZON, soon_until=F("finished_at") + SOON
    )
    columns = ("id", "answer", "subject", "outcome", "visible_characters", "judged_until", "soon_until")
    rows = select(asked.values_list(*columns, *(name for name in dimensions if name not in columns)))
    return Rows(_JUDGED.format(asked=rows.sql), rows.params)
