"""The shapes of REST, as docs/protocol.md section 2 lists them."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from conversations.api.pages import Page
from conversations.catalog import Catalog
from conversations.events import Vote
from conversations.models import (
    Appeal,
    Conversation,
    FeedbackReason,
    Generation,
    Message,
    Model,
    Rating,
    Scenario,
    Starter,
)
from conversations.models.feedback import COMMENT_LENGTH
from conversations.prompt import answer_text

MAX_REASONS = 10


class BilingualSerializer(serializers.Serializer[Any]):
    zh = serializers.CharField()
    en = serializers.CharField()


class UsageSerializer(serializers.Serializer[Any]):
    input_tokens = serializers.IntegerField(allow_null=True)
    output_tokens = serializers.IntegerField(allow_null=True)
    reasoning_tokens = serializers.IntegerField(allow_null=True)
    token_source = serializers.CharField()


class StarterSerializer(serializers.ModelSerializer[Starter]):
    zh = serializers.CharField(source="text_zh")
    en = serializers.CharField(source="text_en")

    class Meta:
        model = Starter
        fields = ("zh", "en")


class ReasonSerializer(serializers.ModelSerializer[FeedbackReason]):
    name = serializers.SerializerMethodField()

    class Meta:
        model = FeedbackReason
        fields = ("slug", "name")

    @extend_schema_field(BilingualSerializer)
    def get_name(self, reason: FeedbackReason) -> dict[str, str]:
        return {"zh": reason.name_zh, "en": reason.name_en}


class ScenarioSerializer(serializers.ModelSerializer[Scenario]):
    name = serializers.SerializerMethodField()
    tagline = serializers.SerializerMethodField()
    placeholder = serializers.SerializerMethodField()
    thinking = serializers.BooleanField(source="thinks")
    starters = StarterSerializer(many=True)
    reasons = ReasonSerializer(many=True)
    model = serializers.SerializerMethodField(help_text="Answers its turns where the person chose none.")

    class Meta:
        model = Scenario
        fields = (
            "slug",
            "name",
            "tagline",
            "placeholder",
            "icon",
            "thinking",
            "is_paused",
            "starters",
            "reasons",
            "model",
        )

    def get_model(self, scenario: Scenario) -> str | None:
        offered: Catalog = self.context["catalog"]
        routed = offered.routed(scenario.pk)
        return routed.slug if routed else None

    @extend_schema_field(BilingualSerializer)
    def get_name(self, scenario: Scenario) -> dict[str, str]:
        return {"zh": scenario.name_zh, "en": scenario.name_en}

    @extend_schema_field(BilingualSerializer)
    def get_tagline(self, scenario: Scenario) -> dict[str, str]:
        return {"zh": scenario.tagline_zh, "en": scenario.tagline_en}

    @extend_schema_field(BilingualSerializer)
    def get_placeholder(self, scenario: Scenario) -> dict[str, str]:
        return {"zh": scenario.placeholder_zh, "en": scenario.placeholder_en}


class ModelSerializer(serializers.ModelSerializer[Model]):
    name = serializers.SerializerMethodField()
    purpose = serializers.SerializerMethodField()

    class Meta:
        model = Model
        fields = ("slug", "name", "purpose", "thinks")

    @extend_schema_field(BilingualSerializer)
    def get_name(self, model: Model) -> dict[str, str]:
        return {"zh": model.name_zh, "en": model.name_en}

    @extend_schema_field(BilingualSerializer)
    def get_purpose(self, model: Model) -> dict[str, str]:
        return {"zh": model.purpose_zh, "en": model.purpose_en}


class CatalogSerializer(serializers.Serializer[Any]):
    scenarios = ScenarioSerializer(many=True)
    models = ModelSerializer(many=True)
    reasons = ReasonSerializer(many=True)
    model = serializers.CharField(
        source="model.slug", allow_null=True, default=None, help_text="Of turns without a scenario."
    )


class GenerationSerializer(serializers.ModelSerializer[Generation]):
    model = serializers.CharField(source="model.slug")
    usage = UsageSerializer(source="*")

    class Meta:
        model = Generation
        fields = (
            "id",
            "kind",
            "state",
            "reason",
            "seq",
            "text",
            "thinking",
            "model",
            "context_cut",
            "created_at",
            "first_token_ms",
            "duration_ms",
            "usage",
        )


class RatingSerializer(serializers.Serializer[Rating]):
    value = serializers.ChoiceField(choices=[Vote.UP.value, Vote.DOWN.value])
    reasons = serializers.ListField(child=serializers.SlugField(max_length=40), max_length=MAX_REASONS, default=list)
    comment = serializers.CharField(max_length=COMMENT_LENGTH, allow_blank=True, default="")


class AppealSerializer(serializers.Serializer[Appeal]):
    comment = serializers.CharField(max_length=COMMENT_LENGTH, allow_blank=True, default="")


class MessageSerializer(serializers.ModelSerializer[Message]):
    text = serializers.SerializerMethodField()
    generations = GenerationSerializer(many=True)
    rating = serializers.SerializerMethodField()
    appealed = serializers.BooleanField(read_only=True)

    class Meta:
        model = Message
        fields = ("id", "parent", "role", "text", "created_at", "generations", "rating", "appealed")

    @extend_schema_field(RatingSerializer(allow_null=True))
    def get_rating(self, message: Message) -> dict[str, Any] | None:
        return next((RatingSerializer(rating).data for rating in message.ratings.all() if rating.value), None)

    def get_text(self, message: Message) -> str:
        return message.text if message.role == Message.Role.USER else answer_text(message)


class TimeAsFlag(serializers.BooleanField):
    """A moment in the row, yes or no on the wire."""

    def get_attribute(self, instance: Conversation) -> bool:
        return super().get_attribute(instance) is not None


class ConversationSerializer(serializers.ModelSerializer[Conversation]):
    scenario = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True)
    active = serializers.UUIDField(source="active_generation", read_only=True, allow_null=True)
    title = serializers.CharField(max_length=120)
    pinned = TimeAsFlag(source="pinned_at", required=False)
    archived = TimeAsFlag(source="archived_at", required=False)
    unread = serializers.BooleanField(read_only=True)

    class Meta:
        model = Conversation
        fields = ("id", "title", "scenario", "created_at", "updated_at", "active", "pinned", "archived", "unread")
        read_only_fields = ("id", "created_at", "updated_at")


class OpenConversationSerializer(ConversationSerializer):
    """With one page of what was said in it: ``context["page"]``."""

    messages = serializers.SerializerMethodField()
    older = serializers.SerializerMethodField()

    class Meta(ConversationSerializer.Meta):
        fields = (*ConversationSerializer.Meta.fields, "messages", "older")  # type: ignore[assignment]

    @extend_schema_field(MessageSerializer(many=True))
    def get_messages(self, conversation: Conversation) -> list[Any]:
        return list(MessageSerializer(self._page.messages, many=True).data)

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_older(self, conversation: Conversation) -> UUID | None:
        return self._page.older

    @property
    def _page(self) -> Page:
        page: Page = self.context["page"]
        return page


class ErrorSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    params = serializers.DictField()
