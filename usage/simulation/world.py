"""Where the simulated live: scenarios, models on endpoints with prices and outages, campaigns that bring people in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from conversations.events import Cost, Tokens
from usage.simulation.plan import Plan

SCENARIOS: Mapping[str, int] = {
    "write": 22,
    "study": 18,
    "chat": 16,
    "translate": 12,
    "code": 12,
    "office": 8,
    "life": 7,
    "read": 5,
}
"""How likely each is somebody's favourite. The slugs are those of the first contents."""

OPEN_MODEL = "own-8b"
HOSTED_MODEL = "qwen-plus"
MODEL_OF: Mapping[str, str] = {"chat": OPEN_MODEL, "life": OPEN_MODEL, "translate": OPEN_MODEL}
"""Who is asked first; the hosted model where nothing is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """In pico-units (1e-12) of ``currency`` per token, from the start of day number ``since``."""

    since: int
    currency: str
    uncached: int
    cached: int
    output: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    name: str
    model: str
    prices: tuple[Price, ...]
    """The oldest first. Before the first one, calls are unpriced."""
    tokens_per_s: int
    usual_first_token_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    endpoint: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """Brings ``share`` of everybody in within a few days; most do not stay."""

    name: str
    first_day: int
    last_day: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    plan: Plan
    endpoints: Mapping[str, tuple[Endpoint, ...]]
    """By the model that is asked: whom to try, in this order."""
    outages: tuple[Outage, ...]
    campaigns: tuple[Campaign, ...]

    def is_down(self, endpoint: Endpoint, moment: datetime) -> bool:
        return any(outage.start <= moment < outage.end for outage in self.outages if outage.endpoint == endpoint.name)

    def cost(self, endpoint: Endpoint, moment: datetime, tokens: Tokens) -> Cost:
        """At the price of that moment. Unknown counts, or no price: unpriced."""
        price = next((it for it in reversed(endpoint.prices) if self.plan.start_of(it.since) <= moment), None)
        if price is None or tokens.input_uncached is None:
            return Cost()
        output = (tokens.output_visible or 0) + (tokens.output_reasoning or 0)
        pico = tokens.input_uncached * price.uncached + (tokens.input_cached or 0) * price.cached
        return Cost(pico=pico + output * price.output, currency=price.currency)


def world_of(plan: Plan) -> World:
    hosted = _hosted(plan)
    overseas = Endpoint(
        name="cloud-overseas",
        model=HOSTED_MODEL,
        prices=(Price(since=0, currency="USD", uncached=115_000, cached=23_000, output=287_000),),
        tokens_per_s=60,
        usual_first_token_ms=700,
    )
    own = Endpoint(
        name="own-gpu",
        model=OPEN_MODEL,
        prices=(Price(since=plan.days // 3, currency="CNY", uncached=120_000, cached=60_000, output=360_000),),
        tokens_per_s=45,
        usual_first_token_ms=280,
    )
    return World(
        plan=plan,
        endpoints={HOSTED_MODEL: (hosted, overseas), OPEN_MODEL: (own, hosted)},
        outages=_outages(plan, (hosted, own)),
        campaigns=_campaigns(plan),
    )


def _hosted(plan: Plan) -> Endpoint:
    return Endpoint(
        name="cloud",
        model=HOSTED_MODEL,
        prices=(
            Price(since=0, currency="CNY", uncached=800_000, cached=320_000, output=2_000_000),
            Price(since=plan.days // 2, currency="CNY", uncached=500_000, cached=100_000, output=1_600_000),
        ),
        tokens_per_s=80,
        usual_first_token_ms=420,
    )


def _outages(plan: Plan, endpoints: tuple[Endpoint, ...]) -> tuple[Outage, ...]:
    """About one in twenty days, for one to five hours of its working time."""
    chance = plan.chance("outages")
    starts = (
        (chance.choice(endpoints), plan.start_of(day) + timedelta(hours=chance.uniform(7, 21)))
        for day in range(plan.days)
        if chance.random() < 0.05
    )
    return tuple(
        Outage(endpoint=endpoint.name, start=start, end=start + timedelta(hours=chance.uniform(1, 5)))
        for endpoint, start in starts
    )


def _campaigns(plan: Plan) -> tuple[Campaign, ...]:
    voucher, campus = plan.days // 4, plan.days * 3 // 5
    return (
        Campaign(name="voucher", first_day=voucher, last_day=min(voucher + 4, plan.days - 1), share=0.18),
        Campaign(name="campus", first_day=campus, last_day=min(campus + 11, plan.days - 1), share=0.12),
    )
