"""What is left of facts that are gone: which days are sealed, what came too late for them, who was erased."""

from datetime import date
from typing import ClassVar

from django.db import models

from usage.models.facts import SLUG


class Seal(models.Model):
    """One local day whose raw facts were purged: its rows are final. Days are sealed in order, the oldest first.

    Everything before the latest ``ends_at`` is sealed, whatever the reporting zone is by now.
    """

    ends_at = models.DateTimeField(primary_key=True)
    starts_at = models.DateTimeField()
    local_day = models.DateField()
    zone = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()
    facts = models.BigIntegerField()
    """Purged with it."""
    crossing_calls = models.JSONField(default=list)
    """Ids of the calls that were still running when the day ended: the next day needs them, and purges them."""
    people_purged_at = models.DateTimeField(null=True)
    """When the rows of single people (user-days, sessions) of that day were purged too."""

    class Meta:
        default_permissions = ()


class CountedSince(models.Model):
    """What was counted only when days had been sealed already, which nothing could be counted from any more.

    No row: it is counted from the first fact on.
    """

    class What(models.TextChoices):
        CALLS = "calls"
        SPEED = "speed"
        CONVERSATIONS = "conversations"
        PEOPLE = "people"
        """Of a range, from its days."""
        ORGANIC = "organic"
        """Of turns, answers and calls, whether a campaign had brought their person."""

    what = models.CharField(primary_key=True, max_length=20, choices=What.choices)
    local_day = models.DateField()
    """The first one."""

    class Meta:
        default_permissions = ()

    @classmethod
    def first_day(cls, what: What) -> date | None:
        return cls.objects.filter(what=what).values_list("local_day", flat=True).first()


class LateAdjustment(models.Model):
    """A fact that came when its day was sealed: kept beside the numbers of that day, never added to them silently.

    A line per fact, without its person. ``outcome`` is that of an ending, the error of a call, the value of a signal.
    """

    class FactKind(models.TextChoices):
        TURN = "turn"
        ENDING = "ending"
        CALL = "call"
        ENGAGEMENT = "engagement"

    fact_kind = models.CharField(max_length=10, choices=FactKind.choices)
    fact = models.UUIDField()
    """Made of the fact's unique key, one way: a repeat is the same line, and leads to nobody."""
    arrived_at = models.DateTimeField()
    """When a worker found it."""
    window_start = models.DateTimeField()
    """The sealed window it would have changed: of a signal about an answer, that of the answer."""
    local_day = models.DateField()
    zone = models.CharField(max_length=64)
    scenario = models.CharField(max_length=SLUG)
    model = models.CharField(max_length=SLUG)
    endpoint = models.CharField(max_length=SLUG)
    channel = models.CharField(max_length=20)
    kind = models.CharField(max_length=30)
    outcome = models.CharField(max_length=50)
    is_internal = models.BooleanField()
    simulated = models.BooleanField()
    cost_pico = models.PositiveBigIntegerField(null=True)
    """Of a call: unpriced is NULL."""
    currency = models.CharField(max_length=3)

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [models.UniqueConstraint(fields=["fact_kind", "fact"], name="usage_late_once")]
        indexes: ClassVar = [models.Index(fields=["local_day"], name="usage_late_day")]


class Erasure(models.Model):
    """A person who is gone. Asked for in the transaction that deletes the account, done soon after by a worker."""

    class Mode(models.TextChoices):
        UNLINK = "unlink"
        """Published history stays: facts keep their subject, which leads to nobody any more."""
        REMOVE = "remove"
        """Facts are deleted and every number they were in is computed again."""

    subject = models.UUIDField(null=True)
    """Cleared when nothing of theirs can come in any more."""
    mode = models.CharField(max_length=10, choices=Mode.choices)
    requested_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    """When all that was there was unlinked or removed for the first time."""
    facts = models.BigIntegerField(default=0)
    """Unlinked or removed."""
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    """The local days whose numbers are other than before; None if none is."""

    class Meta:
        default_permissions = ()
        indexes: ClassVar = [
            models.Index(fields=["requested_at"], condition=models.Q(subject__isnull=False), name="usage_erasure_open")
        ]
