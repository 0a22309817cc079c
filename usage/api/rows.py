"""The rows of each report, typed for the schema from its definition: what a file has as columns, the API has as names.

Money is the one thing that cannot be listed: it has a name for each currency, which the catalog decides. Those are
the additional properties, and only they.
"""

from collections.abc import Iterator
from typing import Any, cast

from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction
from rest_framework import serializers

from usage.reports.definition import Definition
from usage.reports.dimensions import Dimension
from usage.reports.metrics import Metric, Unit
from usage.reports.table import NAMED, metrics_of

MONEY = (Unit.MONEY, Unit.MONEY_SHARE)
NUMBERS = (Unit.COUNT, Unit.PEOPLE, Unit.TOKENS, Unit.MILLISECONDS, Unit.DAYS, Unit.SECONDS)
DECIMALS = (Unit.SHARE, Unit.SHARE_END, Unit.RATE)
DAYS = (Dimension.DAY, Dimension.WEEK, Dimension.MONTH, Dimension.COHORT, Dimension.COHORT_WEEK)
COUNTED = (Dimension.OFFSET, Dimension.SPAN, Dimension.ACTIVE_DAYS)

Fields = dict[str, serializers.Field[Any, Any, Any, Any]]


class RowSerializer(serializers.Serializer[Any]):
    """What every row says of itself. A metric is null where it is not known, or its row is suppressed."""

    period = serializers.ChoiceField(["asked", "current", "previous"])
    grain = serializers.ChoiceField(["total", "group"])
    zone = serializers.CharField()
    is_complete = serializers.BooleanField()
    is_suppressed = serializers.BooleanField()


class RowsOfMoney(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]  # drf-spectacular has no types here
    target_class = RowSerializer
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: Direction) -> Any:
        schema = auto_schema._map_serializer(  # type: ignore[no-untyped-call]  # as its own documentation does
            self.target, direction, bypass_extensions=True
        )
        if money := getattr(self.target, "money", ()):
            names = ", ".join(f"{name}_<currency>" for name in money)
            amount = {"type": "string", "format": "decimal", "nullable": True, "description": names}
            return {**schema, "additionalProperties": amount}
        return {**schema, "additionalProperties": False}


def row_serializer(definition: Definition[Any]) -> type[RowSerializer]:
    metrics = metrics_of(definition)
    fields: Fields = {}
    for dimension in _dimensions(definition):
        fields.update(_of_dimension(dimension, is_always=dimension in definition.always))
    for metric in metrics:
        fields.update(_of_metric(metric))
    money = tuple(metric.id for metric in metrics if metric.unit in MONEY)
    name = f"{''.join(part.title() for part in definition.id.split('_'))}RowSerializer"
    return cast(type[RowSerializer], type(name, (RowSerializer,), {**fields, "money": money}))


def _dimensions(definition: Definition[Any]) -> Iterator[Dimension]:
    """All that its rows can be told apart by."""
    asked = frozenset[Dimension]().union(*definition.times, *definition.combinations, definition.always)
    yield from (dimension for dimension in Dimension if dimension in asked)


def _of_dimension(dimension: Dimension, *, is_always: bool) -> Fields:
    """Null in a total; absent unless rows were asked to be told apart by it."""
    field: type[serializers.Field[Any, Any, Any, Any]] = serializers.CharField
    if dimension in DAYS:
        field = serializers.DateField
    elif dimension is Dimension.WINDOW:
        field = serializers.DateTimeField
    elif dimension in COUNTED:
        field = serializers.IntegerField
    fields = {dimension.value: field(required=is_always, allow_null=True)}
    if dimension in NAMED:
        fields[f"{dimension.value}_name"] = serializers.CharField(required=is_always, allow_null=True)
    return fields


def _of_metric(metric: Metric) -> Fields:
    help_text = str(metric.formula)
    if metric.unit in NUMBERS:
        fields: Fields = {metric.id: serializers.IntegerField(allow_null=True, help_text=help_text)}
    elif metric.unit in DECIMALS:
        fields = {metric.id: _Decimal(allow_null=True, help_text=help_text)}
    elif metric.unit in MONEY:
        return {}
    else:
        fields = {metric.id: serializers.CharField(allow_null=True, help_text=help_text)}
    if metric.unit is Unit.TOKENS:
        fields[f"{metric.id}_unknown_answers"] = serializers.IntegerField()
    if metric.unit is Unit.SHARE:
        fields |= {f"{metric.id}_{part}": serializers.IntegerField(allow_null=True) for part in PARTS}
    return fields


PARTS = ("numerator", "denominator")


class _Decimal(serializers.DecimalField):
    """Six digits as text, so that none of them is lost."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=None, decimal_places=6, coerce_to_string=True, **options)
