"""What people think of answers, the reasons they are offered to give, and what they tell the administration of one."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conversations.events import Vote
from conversations.models.catalog import Bilingual, Scenario
from conversations.models.transcript import Generation, Message

COMMENT_LENGTH = 500


class FeedbackReasonQuerySet(models.QuerySet["FeedbackReason"]):
    def offered(self) -> Self:
        return self.filter(is_active=True)

    def general(self) -> Self:
        return self.filter(scenario=None)

    def serving(self, scenario: Scenario | None) -> Self:
        """Those for every scenario, and this one's own."""
        return self.offered().filter(Q(scenario=None) | Q(scenario=scenario))


class FeedbackReason(Bilingual):
    """Why an answer was not good: what a person can say with one click."""

    slug = models.SlugField(_("slug"), max_length=40, unique=True)
    scenario = models.ForeignKey(
        Scenario,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="reasons",
        verbose_name=_("scenario"),
        help_text=_("Empty: for every scenario."),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("offered"), default=True)

    objects = FeedbackReasonQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position", "slug"]
        verbose_name = _("reason of a vote")
        verbose_name_plural = _("reasons of votes")


class Rating(models.Model):
    """The latest vote of a person on an answer. One taken back stays as ``Vote.WITHDRAWN``, without its words."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="ratings")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    value = models.CharField(max_length=4, choices=[(vote, vote) for vote in Vote], blank=True)
    reasons = models.JSONField(default=list, blank=True)
    """Slugs, sorted."""
    comment = models.CharField(max_length=COMMENT_LENGTH, blank=True)
    rated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "owner"], name="one_vote_per_person_and_answer")
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.value}"


class Appeal(models.Model):
    """A person tells the administration that an answer was filtered wrongly, or should not have been given."""

    generation = models.OneToOneField(Generation, models.CASCADE, verbose_name=_("generation"))
    comment = models.CharField(_("what they say"), max_length=COMMENT_LENGTH, blank=True)
    made_at = models.DateTimeField(_("received"))
    is_settled = models.BooleanField(_("settled"), default=False)

    class Meta:
        ordering: ClassVar = ["is_settled", "-made_at"]
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M}"
