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
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.lookups import Exact

from conversations.events import EngagementKind, TurnKind, Vote
from usage.models import EngagementEvent, UsageRecord

HORIZON = timedelta(hours=72)
"""Of the verdict, from the moment the answer was asked for. Until then it is pending."""
EARLY_CHARACTERS = 200
SOON = timedelta(seconds=120)
REPHRASED_PER_MILLE = 600
REPHRASE_VERSION = 1

USED = (EngagementKind.COPIED, EngagementKind.SHARED, EngagementKind.EXPORTED)
BEGINS_AN_ANSWER = ~Q(kind=TurnKind.CONTINUE) & Q(answer__isnull=False)
FAILED = Q(outcome__in=("failed", "expired"))
STOPPED_EARLY = Q(outcome="stopped", visible_characters__lt=EARLY_CHARACTERS)

SIGNALS = {
    "copied": EngagementKind.COPIED,
    "shared": EngagementKind.SHARED,
    "exported": EngagementKind.EXPORTED,
    "regenerated": EngagementKind.REGENERATED,
    "followed_up": EngagementKind.FOLLOW_UP,
}
COUNTS: Mapping[str, tuple[str, object]] = {
    "answers": ("is_answer", True),
    "shown": ("is_shown", True),
    "abandoned": ("is_abandoned", True),
    "stopped_early": ("is_cut_short", True),
    "rated_up": ("vote", Vote.UP.value),
    "rated_down": ("vote", Vote.DOWN.value),
    **{name: (f"is_{name}", True) for name in SIGNALS},
    "satisfied_strict": ("verdict", "strict"),
    "satisfied_broad": ("verdict", "broad"),
    "unsatisfied": ("verdict", "unsatisfied"),
}
"""Numbers of answers, never of signals (who copies twice liked one answer): those with this value in this column."""


def answers() -> "QuerySet[UsageRecord, Any]":
    """The record of each answer's first generation."""
    return UsageRecord.objects.filter(BEGINS_AN_ANSWER)


def columns() -> dict[str, Combinable]:
    """What ``COUNTS`` are counted by, of the record of each answer."""
    flags = {
        "is_answer": BEGINS_AN_ANSWER,
        "is_shown": Q(visible_characters__gt=0),
        "is_abandoned": Q(outcome="stopped", visible_characters=0),
        "is_cut_short": STOPPED_EARLY & Q(visible_characters__gt=0),
    }
    return {
        **{name: ExpressionWrapper(flag, BooleanField()) for name, flag in flags.items()},
        **{f"is_{name}": Exists(_signals(kind)) for name, kind in SIGNALS.items()},
        "vote": _latest(_votes()),
        "verdict": verdict(),
    }


def verdict() -> Case:
    vote = _latest(_votes().filter(_within_horizon()))
    return Case(
        When(Exact(vote, Value(Vote.UP.value)), then=Value("strict")),
        When(Exact(vote, Value(Vote.DOWN.value)), then=Value("unsatisfied")),
        When(FAILED | STOPPED_EARLY | _judged(EngagementKind.REGENERATED) | _said_again(), then=Value("unsatisfied")),
        When(_judged(*USED), then=Value("strict")),
        When(_judged(EngagementKind.FOLLOW_UP, only=_SOMETHING_ELSE), then=Value("broad")),
        default=Value("unknown"),
    )


def _signals(*kinds: EngagementKind) -> "QuerySet[EngagementEvent, Any]":
    """About the answer of the record outside, by whoever asked for it."""
    return EngagementEvent.objects.filter(answer=OuterRef("answer"), subject=OuterRef("subject"), kind__in=kinds)


def _within_horizon() -> Q:
    return Q(occurred_at__lt=F("asked_at") + HORIZON)


def _votes() -> "QuerySet[EngagementEvent, Any]":
    return _signals(EngagementKind.RATED).order_by("-occurred_at", "-event")


def _latest(votes: "QuerySet[EngagementEvent, Any]") -> Subquery:
    return Subquery(votes.values("value")[:1])


_SAME_AGAIN = Q(rephrase_version=REPHRASE_VERSION, rephrase_per_mille__gte=REPHRASED_PER_MILLE)
_SOMETHING_ELSE = Q(rephrase_version=REPHRASE_VERSION, rephrase_per_mille__lt=REPHRASED_PER_MILLE)


def _judged(*kinds: EngagementKind, only: Q | None = None) -> Q:
    return Q(Exists(_signals(*kinds).filter(_within_horizon(), only or Q())))


def _said_again() -> Q:
    """Within two minutes of the end: who asks the same thing once more did not get it."""
    soon = _signals(EngagementKind.FOLLOW_UP).filter(_SAME_AGAIN, _within_horizon())
    return Q(Exists(soon.filter(occurred_at__lt=OuterRef("finished_at") + SOON)))
