"""The catalog as a turn needs it: a copy in memory, compared with the database's stamp in every transaction.

The stamp is a random value that triggers of the database renew with every change of the catalog, whoever makes it
(``catalog_stamp``). A transaction reads it together with its own rows and asks ``at(stamp)``: so an edit in the
administration is in force everywhere with the next turn, and nothing is ever asked to expire.

The rows in a copy are shared by all threads: they are read, never changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db.models import F, Subquery

from conversations.inference.types import Endpoint, PrefixStyle, ThinkingStyle
from conversations.models import CatalogStamp, EndpointPrice, Model, ModelEndpoint, Route, Scenario
from conversations.statements import Select
from conversations.timing import upstream_timeouts


class Stamp(NamedTuple):
    stamp: str | None


_STAMP = Select(Stamp, CatalogStamp.objects.all)
STAMP = Subquery(CatalogStamp.objects.values("stamp")[:1])
"""For statements that read something else with it."""


@dataclass(frozen=True, slots=True)
class Catalog:
    stamp: str | None
    """None where nothing was ever entered."""
    scenarios: dict[int, Scenario]
    models: dict[int, Model]
    rows: tuple[ModelEndpoint, ...]
    """In order of preference within a model; those out of use, too."""
    routes: tuple[Route, ...]
    """In order of preference, those for every scenario last."""
    prices: dict[int, tuple[EndpointPrice, ...]]
    """By endpoint, the newest first."""
    _endpoints: dict[int, Endpoint] = field(default_factory=dict)

    def scenario(self, slug: str) -> Scenario | None:
        return next((each for each in self.scenarios.values() if each.slug == slug), None)

    def model(self, slug: str) -> Model | None:
        return next((each for each in self.models.values() if each.slug == slug), None)

    def serving(self, scenario_id: int | None) -> Iterator[Model]:
        """Models on offer for a scenario, in order of preference: its own routes, then those for every scenario."""
        for route in self.routes:
            if route.scenario_id in (scenario_id, None) and self.models[route.model_id].is_active:
                yield self.models[route.model_id]

    def routed(self, scenario_id: int | None) -> Model | None:
        """Who answers where nobody chose: the first on offer that has an endpoint in use; the first, where none has."""
        on_offer = list(self.serving(scenario_id))
        in_use = {row.model_id for row in self.rows if row.is_active}
        return next((model for model in on_offer if model.pk in in_use), next(iter(on_offer), None))

    def endpoints(self, model: Model, *, instead: Iterator[Model]) -> tuple[tuple[Endpoint, int], ...]:
        """Where to ask, each with how many answers it writes at once: the model's own, then those of its stand-ins."""
        order = dict.fromkeys([model.pk, *(other.pk for other in instead)])
        rows = (row for pk in order for row in self.rows if row.model_id == pk and row.is_active)
        return tuple((self._endpoint(row), row.max_concurrency) for row in rows)

    def price(self, endpoint: int, moment: datetime) -> EndpointPrice | None:
        """What it asked for at that moment; no price is not free."""
        return next((price for price in self.prices.get(endpoint, ()) if price.valid_from <= moment), None)

    @property
    def endpoint_pks(self) -> set[int]:
        return {row.pk for row in self.rows}

    def _endpoint(self, row: ModelEndpoint) -> Endpoint:
        """Made when first asked for: a key that cannot be decrypted is the trouble of its own endpoint only."""
        if row.pk not in self._endpoints:
            self._endpoints[row.pk] = endpoint_of(row)
        return self._endpoints[row.pk]


_held = Catalog(None, {}, {}, (), (), {})


def at(stamp: str | None) -> Catalog:
    """The catalog as the transaction sees it that read this stamp."""
    global _held
    if stamp is None or _held.stamp != stamp:
        _held = _read(stamp)
    return _held


def current() -> Catalog:
    found = _STAMP.first()
    return at(found.stamp if found else None)


def _read(stamp: str | None) -> Catalog:
    """``stamp`` was read before: if the catalog changed since, the copy is newer than it says, and is read again."""
    prices: dict[int, tuple[EndpointPrice, ...]] = {}
    for price in EndpointPrice.objects.order_by("-valid_from"):
        prices[price.endpoint_id] = (*prices.get(price.endpoint_id, ()), price)
    return Catalog(
        stamp=stamp,
        scenarios=Scenario.objects.in_bulk(),
        models=Model.objects.in_bulk(),
        rows=tuple(ModelEndpoint.objects.select_related("model").order_by("position", "name")),
        routes=tuple(Route.objects.order_by(F("scenario_id").asc(nulls_last=True), "position", "id")),
        prices=prices,
    )


def endpoint_of(row: ModelEndpoint) -> Endpoint:
    return Endpoint(
        id=str(row.pk),
        name=row.name,
        model=row.model.slug,
        base_url=row.base_url,
        remote_name=row.remote_name,
        api_key=row.api_key,
        thinking_style=ThinkingStyle(row.thinking_style),
        prefix_style=PrefixStyle(row.prefix_style),
        running_usage=row.running_usage,
        context_tokens=row.context_tokens,
        max_output_tokens=row.max_output_tokens,
        timeouts=upstream_timeouts(),
    )
