"""What people do with the product besides asking: the signals from which adoption and quality are read."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from usage.models.facts import SLUG, Fact


class EngagementEvent(Fact):
    """Immutable, like every fact. ``occurred_at`` is when it was done, ``asked_at`` when the answer was asked for.

    ``scenario``, ``model``, ``channel`` and ``is_internal`` of a signal about an answer are those of the
    turn that asked for it, so that a rate has numerator and denominator in the same group.
    """

    event = models.UUIDField(_("event"), help_text=_("Chosen by whoever reported it: a repeat is the same fact."))
    kind = models.CharField(_("kind"), max_length=30)
    subject = models.UUIDField(_("subject"))
    conversation = models.UUIDField(_("conversation"), null=True, help_text=_("Unlinked when a person is erased."))
    answer = models.UUIDField(_("answer"), null=True)
    asked_at = models.DateTimeField(_("answer asked for at"), null=True)
    asked_window = models.DateTimeField(_("window of the answer"), null=True)
    value = models.CharField(_("value"), max_length=SLUG, blank=True)
    reasons = models.CharField(
        _("reasons"), max_length=500, blank=True, help_text=_("Slugs of a vote's reasons, sorted, separated by commas.")
    )
    rephrase_per_mille = models.PositiveSmallIntegerField(_("likeness to the question before, ‰"), null=True)
    rephrase_version = models.PositiveSmallIntegerField(_("version of the likeness"), null=True)

    class Meta:
        verbose_name = _("engagement event")
        verbose_name_plural = _("engagement events")
        default_permissions = ("view",)
        constraints: ClassVar = [
            # Of one person: nobody can take an id that somebody else's page will report.
            models.UniqueConstraint(fields=["subject", "event"], name="usage_engagement_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["window_start"], name="usage_engagement_window"),
            models.Index(fields=["asked_window"], name="usage_engagement_asked"),
            models.Index(fields=["answer", "occurred_at"], name="usage_engagement_answer"),
        ]
