"""The catalog and the generations in the Django admin. What people wrote is shown only with ``read_text``."""

import asyncio
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model as DjangoModel
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminURLInputWidget

from conversations.catalog import endpoint_of
from conversations.inference import client
from conversations.inference.probe import probe
from conversations.inference.types import Endpoint, ProbeResult
from conversations.models import (
    Appeal,
    EndpointPrice,
    FeedbackReason,
    Generation,
    Model,
    ModelEndpoint,
    Route,
    Scenario,
    Starter,
)


class StarterInline(TabularInline):  # type: ignore[misc]  # unfold is not typed
    model = Starter
    extra = 0


class ReasonInline(TabularInline):  # type: ignore[misc]
    model = FeedbackReason
    extra = 0


@admin.register(Scenario)
class ScenarioAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("name_zh", "name_en", "slug", "position", "thinks", "is_active", "is_paused")
    list_editable = ("position", "is_active", "is_paused")
    list_display_links = ("name_zh", "slug")
    search_fields = ("slug", "name_zh", "name_en")
    inlines = (StarterInline, ReasonInline)
    fieldsets = (
        (None, {"fields": ("slug", "icon", "position", "thinks", "is_active", "is_paused")}),
        (_("Chinese"), {"fields": ("name_zh", "tagline_zh", "placeholder_zh", "instructions_zh"), "classes": ("tab",)}),
        (_("English"), {"fields": ("name_en", "tagline_en", "placeholder_en", "instructions_en"), "classes": ("tab",)}),
    )


@admin.register(FeedbackReason)
class FeedbackReasonAdmin(ModelAdmin):  # type: ignore[misc]
    """All of them in one list; a scenario's own stand on its page too."""

    list_display = ("slug", "scenario", "name_zh", "name_en", "position", "is_active")
    list_editable = ("position", "is_active")
    list_filter = ("scenario",)
    list_select_related = ("scenario",)
    search_fields = ("slug", "name_zh", "name_en")


@admin.register(Model)
class ModelAdminPage(ModelAdmin):  # type: ignore[misc]
    list_display = ("name_zh", "name_en", "slug", "position", "thinks", "is_active")
    search_fields = ("slug", "name_zh", "name_en")


class EndpointForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """The key goes in and never comes out again."""

    base_url = forms.URLField(
        label=_("base URL"),
        assume_scheme="https",
        widget=UnfoldAdminURLInputWidget,
        help_text=_("Ends in /v1, say: https://example.com/v1"),
    )
    new_api_key = forms.CharField(
        label=_("key"),
        required=False,
        strip=True,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=_("Kept encrypted and never shown. Leave empty to keep the present one."),
    )
    forget_api_key = forms.BooleanField(label=_("forget the key"), required=False)

    class Meta:
        model = ModelEndpoint
        fields = "__all__"

    def clean_base_url(self) -> str:
        address: str = self.cleaned_data["base_url"]
        if not address.startswith(("http://", "https://")):
            raise forms.ValidationError(_("An endpoint speaks HTTP: the address begins with https:// or http://."))
        return address

    def save(self, commit: bool = True) -> ModelEndpoint:
        if self.cleaned_data["forget_api_key"]:
            self.instance.api_key = ""
        elif self.cleaned_data["new_api_key"]:
            self.instance.api_key = self.cleaned_data["new_api_key"]
        saved: ModelEndpoint = super().save(commit)
        return saved


class PriceInline(TabularInline):  # type: ignore[misc]
    model = EndpointPrice
    extra = 0


@admin.register(ModelEndpoint)
class ModelEndpointAdmin(ModelAdmin):  # type: ignore[misc]
    form = EndpointForm
    list_display = (
        "name",
        "model",
        "base_url",
        "remote_name",
        "has_key",
        "is_active",
        "last_failure_at",
        "last_failure",
    )
    list_select_related = ("model",)
    list_filter = ("is_active", "model")
    readonly_fields = ("has_key", "last_failure_at", "last_failure")
    actions = ("test_endpoints",)
    inlines = (PriceInline,)
    fieldsets = (
        (None, {"fields": ("model", "name", "base_url", "remote_name", "is_active", "position")}),
        (_("Key"), {"fields": ("has_key", "new_api_key", "forget_api_key")}),
        (_("Dialect"), {"fields": ("thinking_style", "prefix_style", "running_usage")}),
        (_("Limits"), {"fields": ("context_tokens", "max_output_tokens", "max_concurrency")}),
        (_("State"), {"fields": ("last_failure_at", "last_failure")}),
    )

    @admin.display(boolean=True, description=_("has a key"))
    def has_key(self, endpoint: ModelEndpoint) -> bool:
        return bool(endpoint.api_key_encrypted)

    @admin.action(description=_("Test this endpoint"), permissions=["change"])
    def test_endpoints(self, request: HttpRequest, chosen: "Any") -> None:
        for row in chosen.select_related("model"):
            result = asyncio.run(_probed(endpoint_of(row)))
            if result.ok:
                text = _("{name}: answers, first token after {latency_ms} ms.")
                level = messages.SUCCESS
            else:
                text = _("{name}: does not answer. {detail}")
                level = messages.ERROR
            parts = {"name": row.name, "latency_ms": result.latency_ms, "detail": result.detail}
            self.message_user(request, str(text).format(**parts), level)


async def _probed(endpoint: Endpoint) -> ProbeResult:
    try:
        return await probe(endpoint)
    finally:
        await client.close()


@admin.register(Route)
class RouteAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("__str__", "scenario", "model", "position")
    list_editable = ("position",)
    list_select_related = ("scenario", "model")


@admin.register(Generation)
class GenerationAdmin(ModelAdmin):  # type: ignore[misc]
    """Read only, found by anybody's id but not by words; whose it is, and what was said, only with ``read_text``."""

    list_display = ("id", "created_at", "kind", "scenario", "model", "endpoint", "state", "reason", "first_token_ms")
    list_filter = ("state", "reason", "scenario", "model", "endpoint")
    list_select_related = ("scenario", "model", "endpoint")
    search_fields = ("=id", "=error_ref")
    show_full_result_count = False
    shown = (
        "id",
        "kind",
        "scenario",
        "model",
        "endpoint",
        "state",
        "reason",
        "error_ref",
        "attempts",
        "takeovers",
        "created_at",
        "finished_at",
        "queue_ms",
        "first_token_ms",
        "duration_ms",
        "input_tokens",
        "output_tokens",
        "reasoning_tokens",
        "token_source",
    )

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only the filters that are shown: by its address a page could else be filtered by any field, the text too."""
        return lookup.split("__")[0] in self.list_filter

    def get_fields(self, request: HttpRequest, obj: DjangoModel | None = None) -> tuple[str, ...]:
        if request.user.has_perm("conversations.read_text"):
            return (*self.shown, "question_text", "answer_text")
        return self.shown

    def get_readonly_fields(self, request: HttpRequest, obj: DjangoModel | None = None) -> tuple[str, ...]:
        return self.get_fields(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: DjangoModel | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: DjangoModel | None = None) -> bool:
        return False

    @admin.display(description=_("question"))
    def question_text(self, generation: Generation) -> str:
        question = generation.message.parent
        return _preformatted(question.text if question else "")

    @admin.display(description=_("answer"))
    def answer_text(self, generation: Generation) -> str:
        return _preformatted(generation.text)


@admin.register(Appeal)
class AppealAdmin(ModelAdmin):  # type: ignore[misc]
    """What is said here is said to the administration; what it is about is behind the link, for who may read that.

    Where the answer ended by ``content_filter`` it is an appeal, else a report of what was answered.
    """

    list_display = (
        "made_at", "generation__reason", "generation__scenario", "generation__model", "comment", "is_settled",
    )  # fmt: skip
    list_editable = ("is_settled",)
    list_filter = ("is_settled", "generation__scenario", "generation__model")
    list_select_related = ("generation__scenario", "generation__model")
    fields = ("made_at", "generation", "comment", "is_settled")
    readonly_fields = ("made_at", "generation", "comment")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: DjangoModel | None = None) -> bool:
        return False


def _preformatted(text: str) -> str:
    return format_html('<div class="whitespace-pre-wrap">{}</div>', text)
