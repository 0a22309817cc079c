"""What the product offers and who answers: scenarios, models, their endpoints with prices, the routes between them.

All of it is edited in the Django admin, in both languages, without a deploy.
"""

from typing import ClassVar, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from conversations import secrets
from conversations.events import Cost, Tokens
from conversations.inference.types import PrefixStyle, ThinkingStyle


class Bilingual(models.Model):
    """Something with a name in Chinese and English."""

    name_zh = models.CharField(_("name (Chinese)"), max_length=40)
    name_en = models.CharField(_("name (English)"), max_length=40)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh


class ScenarioQuerySet(models.QuerySet["Scenario"]):
    def offered(self) -> Self:
        return self.filter(is_active=True)


class Scenario(Bilingual):
    """A real-life use the product offers."""

    slug = models.SlugField(_("slug"), max_length=40, unique=True)
    tagline_zh = models.CharField(_("tagline (Chinese)"), max_length=80, blank=True)
    tagline_en = models.CharField(_("tagline (English)"), max_length=80, blank=True)
    placeholder_zh = models.CharField(_("placeholder (Chinese)"), max_length=80, blank=True)
    placeholder_en = models.CharField(_("placeholder (English)"), max_length=80, blank=True)
    instructions_zh = models.TextField(_("instructions (Chinese)"), blank=True)
    instructions_en = models.TextField(_("instructions (English)"), blank=True)
    icon = models.CharField(_("icon"), max_length=30, blank=True)
    thinks = models.BooleanField(_("thinking on by default"), default=False)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("offered"), default=True)
    is_paused = models.BooleanField(_("paused"), default=False, help_text=_("Shown, but takes no new turns."))

    objects = ScenarioQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position", "slug"]
        verbose_name = _("scenario")
        verbose_name_plural = _("scenarios")

    def instructions(self, locale: str) -> str:
        """The system message, in the person's language; the other one where only that is written."""
        first, second = self.instructions_zh, self.instructions_en
        return (second or first) if locale == "en" else (first or second)


class Starter(models.Model):
    """A beginning a person can fill in: 〔…〕 marks the blank."""

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="starters", verbose_name=_("scenario"))
    text_zh = models.CharField(_("text (Chinese)"), max_length=200)
    text_en = models.CharField(_("text (English)"), max_length=200)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        verbose_name = _("starter")
        verbose_name_plural = _("starters")

    def __str__(self) -> str:
        return self.text_zh


class Model(Bilingual):
    """What a person can choose."""

    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    purpose_zh = models.CharField(_("purpose (Chinese)"), max_length=80, blank=True)
    purpose_en = models.CharField(_("purpose (English)"), max_length=80, blank=True)
    thinks = models.BooleanField(_("can think"), default=False)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("offered"), default=True)

    class Meta:
        ordering: ClassVar = ["position", "slug"]
        verbose_name = _("model")
        verbose_name_plural = _("models")


class ModelEndpoint(models.Model):
    """One hosted deployment of a model, speaking the OpenAI protocol."""

    model = models.ForeignKey(Model, models.PROTECT, related_name="endpoints", verbose_name=_("model"))
    name = models.SlugField(_("name"), max_length=60, unique=True)
    base_url = models.URLField(_("base URL"), help_text=_("Ends in /v1, say: https://example.com/v1"))
    remote_name = models.CharField(_("remote name"), max_length=200, help_text=_("What the endpoint calls the model."))
    api_key_encrypted = models.BinaryField(blank=True, default=b"", editable=False)
    thinking_style = models.CharField(
        _("how thinking is asked for"),
        max_length=20,
        choices=[(s, s) for s in ThinkingStyle],
        default=ThinkingStyle.NONE,
    )
    prefix_style = models.CharField(
        _("how an answer is continued"), max_length=30, choices=[(s, s) for s in PrefixStyle], default=PrefixStyle.NONE
    )
    running_usage = models.BooleanField(
        _("reports running usage"), default=False, help_text=_("continuous_usage_stats of vLLM and SGLang.")
    )
    context_tokens = models.PositiveIntegerField(_("context length"), default=32_768)
    max_output_tokens = models.PositiveIntegerField(_("longest answer"), null=True, blank=True)
    max_concurrency = models.PositiveIntegerField(
        _("answers at once"),
        default=8,
        validators=[MinValueValidator(1)],
        help_text=_("Beyond it people wait in a queue."),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)
    last_failure_at = models.DateTimeField(_("last failure"), null=True, blank=True, editable=False)
    last_failure = models.CharField(_("what failed"), max_length=300, blank=True, editable=False)

    class Meta:
        ordering: ClassVar = ["position", "name"]
        verbose_name = _("endpoint")
        verbose_name_plural = _("endpoints")

    def __str__(self) -> str:
        return self.name

    @property
    def api_key(self) -> str:
        return secrets.decrypt(bytes(self.api_key_encrypted)) if self.api_key_encrypted else ""

    @api_key.setter
    def api_key(self, key: str) -> None:
        self.api_key_encrypted = secrets.encrypt(key) if key else b""


class EndpointPrice(models.Model):
    """What a token costs from a moment on, in pico-units (1e-12) of a currency: 2.4 per million tokens = 2 400 000."""

    endpoint = models.ForeignKey(ModelEndpoint, models.CASCADE, related_name="prices", verbose_name=_("endpoint"))
    valid_from = models.DateTimeField(_("valid from"))
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    input_pico = models.BigIntegerField(_("input token"), validators=[MinValueValidator(0)])
    cached_input_pico = models.BigIntegerField(
        _("cached input token"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("Empty: as input."),
    )
    output_pico = models.BigIntegerField(_("output token"), validators=[MinValueValidator(0)])

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["endpoint", "valid_from"], name="one_price_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.endpoint_id} {self.currency} {self.valid_from:%Y-%m-%d}"

    def cost(self, tokens: Tokens) -> Cost:
        """Unknown tokens cost an unknown amount; reasoning is output."""
        if tokens.input_uncached is None or tokens.output_visible is None:
            return Cost()
        cached_pico = self.input_pico if self.cached_input_pico is None else self.cached_input_pico
        pico = (
            tokens.input_uncached * self.input_pico
            + (tokens.input_cached or 0) * cached_pico
            + (tokens.output_visible + (tokens.output_reasoning or 0)) * self.output_pico
        )
        return Cost(pico=pico, currency=self.currency)


class Route(models.Model):
    """One row of the routing table: a scenario's turns go to this model; the next row where it cannot answer."""

    scenario = models.ForeignKey(
        Scenario,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="routes",
        verbose_name=_("scenario"),
        help_text=_("Empty: for every scenario, after its own routes."),
    )
    model = models.ForeignKey(Model, models.CASCADE, related_name="routes", verbose_name=_("model"))
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering: ClassVar = [models.F("scenario_id").asc(nulls_last=True), "position"]
        verbose_name = _("route")
        verbose_name_plural = _("routes")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scenario", "model"], name="one_route_per_pair"),
            models.UniqueConstraint(fields=["model"], condition=Q(scenario=None), name="one_default_route_per_model"),
        ]

    def __str__(self) -> str:
        return f"{self.scenario or '*'} → {self.model}"
