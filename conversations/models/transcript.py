"""Who said what: conversations, the tree of their messages, and the generations that write the answers."""

import hashlib
from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from conversations.events import TokenSource, TurnKind
from conversations.ids import uuid7
from conversations.models.catalog import Model, ModelEndpoint, Scenario
from conversations.people import Person


class State(models.TextChoices):
    QUEUED = "queued", _("queued")
    STARTING = "starting", _("starting")
    STREAMING = "streaming", _("streaming")
    COMPLETED = "completed", _("completed")
    STOPPED = "stopped", _("stopped")
    FAILED = "failed", _("failed")
    INTERRUPTED = "interrupted", _("interrupted")
    EXPIRED = "expired", _("expired")


FIRST_EPOCH = 1
"""Of whoever accepts a turn. Each takeover is the next one."""
ACTIVE = (State.QUEUED, State.STARTING, State.STREAMING)
TERMINAL = (State.COMPLETED, State.STOPPED, State.FAILED, State.INTERRUPTED, State.EXPIRED)
FILTERED = "content_filter"
HOPELESS = (FILTERED, "unavailable", "refused")
"""Why an answer broke off that no endpoint will go on with (frontend/src/thread/view.ts offers no button there)."""


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def of(self, owner: Person) -> Self:
        """Found through the owner is the permission: what is not theirs does not exist."""
        return self.filter(owner_id=owner.pk, deleted_at=None)

    def listed(self) -> Self:
        return self.filter(is_temporary=False)

    def purgeable(self, *, deleted_before: datetime, left_before: datetime) -> Self:
        """Out of reach of any undo; or temporary, deleted or long untouched. Nothing runs in it: how an answer ended is
        told by whoever ends it, which needs its row.
        """
        gone = Q(deleted_at__lt=deleted_before)
        left = Q(is_temporary=True) & (~Q(deleted_at=None) | Q(updated_at__lt=left_before))
        running = Generation.objects.active().filter(conversation=OuterRef("pk"))
        return self.filter(gone | left).exclude(Exists(running))

    def unarchived(self) -> Self:
        return self.filter(archived_at=None)

    def with_news(self) -> Self:
        """``unread``: an answer came to its end after the owner last looked."""
        ended = Generation.objects.filter(conversation=OuterRef("pk"), finished_at__isnull=False)
        since = ended.filter(finished_at__gt=OuterRef("read_at"))
        return self.annotate(unread=Q(Q(read_at=None) & Exists(ended)) | Q(Exists(since)))


class Conversation(models.Model):
    """One owner's thread."""

    class TitleSource(models.TextChoices):
        QUESTION = "question", _("first words")
        MODEL = "model", _("model")
        OWNER = "owner", _("owner")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="conversations")
    scenario = models.ForeignKey(Scenario, models.PROTECT, related_name="+", null=True, blank=True)
    title = models.CharField(max_length=120, blank=True)
    title_source = models.CharField(max_length=10, choices=TitleSource.choices, default=TitleSource.QUESTION)
    title_tries = models.PositiveSmallIntegerField(default=0)
    is_temporary = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    pinned_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    """Out of the list, found by a search, as it was in every other way."""
    read_at = models.DateTimeField(null=True, blank=True)
    """When its owner last looked at the end of it; None before the first time."""
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        indexes: ClassVar = [
            models.Index(fields=["owner", "-updated_at", "-id"], name="conversation_by_activity"),
            models.Index(fields=["deleted_at"], condition=~Q(deleted_at=None), name="conversation_deleted"),
        ]
        permissions: ClassVar = [("read_text", _("Can read what people wrote"))]

    def __str__(self) -> str:
        return str(self.id)


class MessageQuerySet(models.QuerySet["Message"]):
    def before(self, message: "Message") -> Self:
        """Said earlier; of what was said in the same moment, what has the smaller id."""
        earlier = Q(created_at__lt=message.created_at)
        return self.filter(earlier | Q(created_at=message.created_at, id__lt=message.id))


class Message(models.Model):
    """What one side said. Editing a question or asking again makes a sibling."""

    class Role(models.TextChoices):
        USER = "user", _("user")
        ASSISTANT = "assistant", _("assistant")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="messages")
    parent = models.ForeignKey("self", models.CASCADE, related_name="children", null=True, blank=True)
    role = models.CharField(max_length=10, choices=Role.choices)
    text = models.TextField(blank=True)
    """What a person wrote. Empty for an answer: its text is the texts of its generations in order."""
    created_at = models.DateTimeField()

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes: ClassVar = [models.Index(fields=["conversation", "created_at", "id"], name="message_in_order")]

    def __str__(self) -> str:
        return str(self.id)


class GenerationQuerySet(models.QuerySet["Generation"]):
    def of(self, owner: Person) -> Self:
        return self.filter(owner_id=owner.pk, conversation__deleted_at=None)

    def active(self) -> Self:
        return self.filter(state__in=ACTIVE)


class Generation(models.Model):
    """One run of a model that writes one answer, or goes on with it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    message = models.ForeignKey(Message, models.CASCADE, related_name="generations")
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="generations")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    request_id = models.UUIDField()
    request_hash = models.BinaryField(max_length=32)
    kind = models.CharField(_("kind"), max_length=12, choices=[(k, k) for k in TurnKind])
    scenario = models.ForeignKey(Scenario, models.PROTECT, related_name="+", null=True, verbose_name=_("scenario"))
    model = models.ForeignKey(Model, models.PROTECT, related_name="+", verbose_name=_("model"))
    model_chosen = models.BooleanField(default=False)
    """The person picked the model: no other one may answer in its place."""
    endpoint = models.ForeignKey(
        ModelEndpoint, models.SET_NULL, related_name="+", null=True, blank=True, verbose_name=_("endpoint")
    )
    thinking_wanted = models.BooleanField(default=False)
    hint = models.CharField(max_length=12, blank=True)
    channel = models.CharField(max_length=10, default="web")
    client = models.CharField(max_length=40, blank=True, default="", db_default="")
    """What asked, as it names itself and its version; empty where it does not."""
    locale = models.CharField(max_length=2, default="zh")

    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.QUEUED)
    reason = models.CharField(_("reason"), max_length=24, blank=True)
    error_ref = models.CharField(_("reference"), max_length=16, blank=True)
    """What the log calls this fault, for ``internal`` ones."""
    epoch = models.PositiveSmallIntegerField(default=FIRST_EPOCH)
    """Fences: whoever writes must still hold this number."""
    lease_owner = models.CharField(max_length=40)
    lease_until = models.DateTimeField()
    takeovers = models.PositiveSmallIntegerField(default=0)
    stop_requested_at = models.DateTimeField(null=True, blank=True)

    text = models.TextField(blank=True)
    thinking = models.TextField(blank=True)
    seq = models.PositiveIntegerField(default=0)
    """The last log entry that ``text`` and ``thinking`` contain."""
    context_cut = models.BooleanField(default=False)

    created_at = models.DateTimeField(_("accepted"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    queue_ms = models.PositiveIntegerField(null=True, blank=True)
    first_token_ms = models.PositiveIntegerField(_("first token (ms)"), null=True, blank=True)
    duration_ms = models.PositiveIntegerField(_("duration (ms)"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    input_tokens = models.PositiveIntegerField(_("input tokens"), null=True, blank=True)
    output_tokens = models.PositiveIntegerField(_("output tokens"), null=True, blank=True)
    reasoning_tokens = models.PositiveIntegerField(_("reasoning tokens"), null=True, blank=True)
    token_source = models.CharField(
        _("token source"), max_length=10, choices=[(s, s) for s in TokenSource], default=TokenSource.NONE
    )

    objects = GenerationQuerySet.as_manager()

    class Meta:
        verbose_name = _("generation")
        verbose_name_plural = _("generations")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "request_id"], name="one_generation_per_request"),
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(state__in=ACTIVE), name="one_active_generation_per_conversation"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["lease_until"], condition=Q(state__in=ACTIVE), name="generation_leases"),
            models.Index(fields=["message", "created_at"], name="generation_in_order"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE

    @property
    def can_continue(self) -> bool:
        """There is something to go on with, the endpoint had more to say, and nothing says it would refuse again."""
        if self.state == State.INTERRUPTED:
            return self.reason not in HOPELESS
        return self.state == State.STOPPED or (self.state == State.COMPLETED and self.reason == "length")


def text_digest(text: str) -> tuple[int, str]:
    """Code points and sha256 of a text, as ``finished`` announces them."""
    return len(text), hashlib.sha256(text.encode()).hexdigest()


def milliseconds(start: datetime, end: datetime) -> int:
    return max(0, round((end - start).total_seconds() * 1000))
