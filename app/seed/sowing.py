"""Puts the first contents into a database. Safe to repeat: what an administrator changed or deleted stays so."""

import secrets
from dataclasses import dataclass

from django.db import transaction

from app.accounts.models import User
from app.seed.reasons import REASONS
from app.seed.scenarios import SCENARIOS, Seed
from conversations.inference.types import PrefixStyle, ThinkingStyle
from conversations.models import FeedbackReason, Model, ModelEndpoint, Route, Scenario, Starter

DEMONSTRATION = "demonstration"
CONFIGURED = "configured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """The endpoint the environment names: MODEL_BASE_URL, MODEL_NAME, MODEL_API_KEY."""

    base_url: str
    remote_name: str
    api_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """Someone to begin as; the password is known only now."""

    what: str
    email: str
    password: str


@transaction.atomic
def sow(*, demonstration_url: str, upstream: Upstream | None) -> list[SignIn]:
    """Scenarios and people once; the endpoints that come from the environment, every time."""
    if not Scenario.objects.exists():
        for position, seed in enumerate(SCENARIOS):
            _sow_scenario(seed, position)
    if not FeedbackReason.objects.exists():
        _sow_reasons()
    if upstream is not None:
        _sow_upstream(upstream)
    if demonstration_url:
        _sow_demonstration(demonstration_url)
    ModelEndpoint.objects.filter(name=DEMONSTRATION).update(is_active=upstream is None)
    ModelEndpoint.objects.filter(name=CONFIGURED).update(is_active=upstream is not None)
    return [] if User.objects.exists() else _sow_people()


def _sow_scenario(seed: Seed, position: int) -> None:
    scenario = Scenario.objects.create(
        slug=seed.slug,
        icon=seed.icon,
        position=position,
        thinks=seed.thinks,
        name_zh=seed.name[0],
        name_en=seed.name[1],
        tagline_zh=seed.tagline[0],
        tagline_en=seed.tagline[1],
        placeholder_zh=seed.placeholder[0],
        placeholder_en=seed.placeholder[1],
        instructions_zh=seed.instructions[0],
        instructions_en=seed.instructions[1],
    )
    Starter.objects.bulk_create(
        Starter(scenario=scenario, text_zh=zh, text_en=en, position=place)
        for place, (zh, en) in enumerate(seed.starters)
    )


def _sow_reasons() -> None:
    """Those of a scenario that an administrator has deleted are not wanted."""
    scenarios = {scenario.slug: scenario for scenario in Scenario.objects.all()}
    FeedbackReason.objects.bulk_create(
        FeedbackReason(
            slug=seed.slug,
            name_zh=seed.zh,
            name_en=seed.en,
            scenario=scenarios.get(seed.scenario),
            position=position,
        )
        for position, seed in enumerate(REASONS)
        if not seed.scenario or seed.scenario in scenarios
    )


def _sow_demonstration(url: str) -> None:
    model, _ = Model.objects.get_or_create(
        slug="demonstration",
        defaults={
            "name_zh": "演示",
            "name_en": "Demonstration",
            "purpose_zh": "没有智能，只为看看产品怎么用",
            "purpose_en": "No intelligence: only to see the product at work",
            "thinks": True,
            "position": 90,
        },
    )
    ModelEndpoint.objects.update_or_create(
        name=DEMONSTRATION,
        defaults={"base_url": url},
        create_defaults={
            "model": model,
            "base_url": url,
            "remote_name": "shiyong-demonstration",
            "thinking_style": ThinkingStyle.ENABLE_THINKING,
            "prefix_style": PrefixStyle.PARTIAL,
            "max_concurrency": 64,
        },
    )
    Route.objects.get_or_create(scenario=None, model=model, defaults={"position": 90})


def _sow_upstream(upstream: Upstream) -> None:
    model, _ = Model.objects.get_or_create(
        slug="general",
        defaults={
            "name_zh": "通用",
            "name_en": "General",
            "purpose_zh": "日常问答",
            "purpose_en": "Everyday questions",
            "thinks": False,
        },
    )
    endpoint, _ = ModelEndpoint.objects.get_or_create(
        name=CONFIGURED, defaults={"model": model, "base_url": upstream.base_url, "max_concurrency": 16}
    )
    endpoint.base_url = upstream.base_url
    endpoint.remote_name = upstream.remote_name
    endpoint.api_key = upstream.api_key
    endpoint.save()
    Route.objects.get_or_create(scenario=None, model=model, defaults={"position": 0})


def _sow_people() -> list[SignIn]:
    administrator = SignIn(what="Administrator", email="admin@example.com", password=secrets.token_urlsafe(12))
    User.objects.create_superuser(administrator.email, administrator.password, name="Admin")
    visitor = SignIn(what="Demonstration user", email="demo@example.com", password=secrets.token_urlsafe(12))
    User.objects.create_user(visitor.email, visitor.password, name="小实")
    return [visitor, administrator]
