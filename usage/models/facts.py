"""Immutable facts. Nobody is named here, no text is kept, nothing points into conversations.

``window_start`` and ``local_day`` (with the zone it was counted in) are computed once, when
the fact is recorded. Rollups read ``window_start`` only, so that a change of the reporting
zone can rebuild days without touching a fact. ``occurred_at`` of a turn is its acceptance.
"""

from typing import Any, ClassVar, NoReturn
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from usage.errors import FactIsImmutable

SLUG = 100


class FactQuerySet(models.QuerySet[Any]):
    """Facts are inserted and read. Nothing here can change one by accident: what must be done has names of its own.

    ``Any``: which fact it is differs by table, and mypy 1.19 breaks on a generic one.
    """

    def update(self, **_: Any) -> NoReturn:
        raise FactIsImmutable("facts are not updated")

    def bulk_update(self, *_: Any, **__: Any) -> NoReturn:
        raise FactIsImmutable("facts are not updated")

    def delete(self) -> NoReturn:
        raise FactIsImmutable("facts are not deleted")

    def purge(self) -> int:
        """For sealing and for erasure. How many there were."""
        deleted, _ = super().delete()
        return deleted

    def unlink(self) -> int:
        """For erasure: nothing leads from these facts to what was said. How many did."""
        return models.QuerySet.update(self.exclude(conversation=None), conversation=None)


class TurnQuerySet(FactQuerySet):
    def unlink(self) -> int:
        """Turns of a conversation stay together, under a random id of which nothing else knows: it is counted again."""
        linked = self.filter(is_unlinked=False).exclude(conversation=None)
        conversations = list(linked.values_list("conversation", flat=True).distinct())
        return sum(
            models.QuerySet.update(linked.filter(conversation=conversation), conversation=uuid4(), is_unlinked=True)
            for conversation in conversations
        )


class Fact(models.Model):
    occurred_at = models.DateTimeField(_("occurred at"))
    window_start = models.DateTimeField(_("window"), help_text=_("Start of its 15 minutes, UTC."))
    local_day = models.DateField(_("local day"))
    zone = models.CharField(_("reporting zone"), max_length=64)
    is_internal = models.BooleanField(_("internal"), help_text=_("Staff, tests and load tests."))
    simulated = models.BooleanField(_("simulated"), default=False)
    scenario = models.CharField(_("scenario"), max_length=SLUG, blank=True)
    model = models.CharField(_("model"), max_length=SLUG, blank=True)
    channel = models.CharField(_("channel"), max_length=20, blank=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise FactIsImmutable("facts are not updated")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        raise FactIsImmutable("facts are not deleted")


class TurnFact(Fact):
    """What an accepted turn and its ending have in common."""

    generation = models.UUIDField(_("generation"))
    answer = models.UUIDField(
        _("answer"), null=True, help_text=_("Shared by a generation and those that continue it. Empty in old facts.")
    )
    conversation = models.UUIDField(_("conversation"), null=True, help_text=_("Unlinked when a person is erased."))
    subject = models.UUIDField(_("subject"))
    kind = models.CharField(_("kind"), max_length=20)
    locale = models.CharField(_("locale"), max_length=20, blank=True)
    client = models.CharField(
        _("client"),
        max_length=40,
        blank=True,
        default="",
        db_default="",
        help_text=_("What asked, as it names itself and its version. Empty where it does not."),
    )

    class Meta:
        abstract = True


class TokenCounts(models.Model):
    """Disjoint: input = uncached + cached, output = visible + reasoning. NULL is unknown, never 0."""

    input_uncached = models.PositiveBigIntegerField(_("input tokens, uncached"), null=True)
    input_cached = models.PositiveBigIntegerField(_("input tokens, cached"), null=True)
    output_visible = models.PositiveBigIntegerField(_("output tokens, visible"), null=True)
    output_reasoning = models.PositiveBigIntegerField(_("output tokens, reasoning"), null=True)
    token_source = models.CharField(_("token source"), max_length=20)
    tokens_flagged = models.BooleanField(
        _("tokens flagged"),
        default=False,
        help_text=_("The endpoint reported something impossible, which was clamped."),
    )
    cost_pico = models.PositiveBigIntegerField(
        _("cost"), null=True, help_text=_("1e-12 of one unit of the currency. Empty where no price was valid.")
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True)

    class Meta:
        abstract = True


class TurnAccepted(TurnFact):
    """A person asked for something. Activity is counted from here: it never waits for an answer to end."""

    is_unlinked = models.BooleanField(
        _("unlinked"),
        default=False,
        db_default=False,
        help_text=_("Its person was erased: the conversation is a random id that tells it from others."),
    )

    objects: ClassVar = TurnQuerySet.as_manager()

    class Meta:
        verbose_name = _("accepted turn")
        verbose_name_plural = _("accepted turns")
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["generation", "occurred_at"], name="usage_turn_once")]
        indexes = [
            models.Index(fields=["window_start"], name="usage_turn_window"),
            models.Index(fields=["subject", "window_start"], name="usage_turn_subject"),
            models.Index(fields=["conversation", "window_start"], name="usage_turn_conversation"),
        ]


class UsageRecord(TurnFact, TokenCounts):
    """A generation reached its end. ``window_start`` is that of its acceptance.

    ``cost_pico`` is that of the calls that ended with it, for reading one record; it is NULL if
    one of them is unpriced. Sums of cost come from ``UpstreamCall`` only, which has every call.
    """

    endpoint = models.CharField(_("endpoint"), max_length=SLUG, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20)
    reason = models.CharField(_("reason"), max_length=50, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"))
    finished_at = models.DateTimeField(_("finished at"))
    visible_characters = models.PositiveIntegerField(_("visible characters"))
    queue_ms = models.PositiveBigIntegerField(_("waited, ms"), null=True)
    first_token_ms = models.PositiveBigIntegerField(_("first token, ms"), null=True)
    duration_ms = models.PositiveBigIntegerField(_("duration, ms"))
    queue_bucket = models.SmallIntegerField(null=True, editable=False)
    first_token_bucket = models.SmallIntegerField(null=True, editable=False)
    duration_bucket = models.SmallIntegerField(null=True, editable=False)
    speed_bucket = models.SmallIntegerField(null=True, editable=False)
    """Of tenths of an output token in a second, from the first one to the end, where tokens were reported."""

    class Meta:
        verbose_name = _("usage record")
        verbose_name_plural = _("usage records")
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["generation", "occurred_at"], name="usage_record_once")]
        indexes = [
            models.Index(fields=["window_start"], name="usage_record_window"),
            models.Index(fields=["subject", "window_start"], name="usage_record_subject"),
        ]


class UpstreamCall(Fact, TokenCounts):
    """One request to an endpoint, whatever became of it. The only source of cost and capacity.

    ``occurred_at`` is the start of the call. ``channel`` is empty where the call belongs to no
    ending (titles, the attempts of a lost owner): not known.
    """

    call_of = models.UUIDField(_("generation or background work"))
    epoch = models.PositiveIntegerField(_("epoch"))
    attempt = models.PositiveIntegerField(_("attempt"))
    purpose = models.CharField(_("purpose"), max_length=20)
    subject = models.UUIDField(_("subject"), null=True)
    endpoint = models.CharField(_("endpoint"), max_length=SLUG, blank=True)
    ended_at = models.DateTimeField(_("ended at"))
    last_window = models.DateTimeField(_("last window"), help_text=_("The last one it was busy in."))
    error = models.CharField(_("error"), max_length=50, blank=True)

    class Meta:
        verbose_name = _("upstream call")
        verbose_name_plural = _("upstream calls")
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["call_of", "epoch", "attempt"], name="usage_call_once")]
        indexes = [
            models.Index(fields=["window_start"], name="usage_call_window"),
            models.Index(fields=["subject"], name="usage_call_subject"),
            # The few that run over the end of a window: found again in the windows after it.
            models.Index(
                fields=["last_window"],
                condition=models.Q(last_window__gt=models.F("window_start")),
                name="usage_call_over",
            ),
        ]
