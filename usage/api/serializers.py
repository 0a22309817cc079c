"""The shape of answers, for the schema: the documents of ``usage.export`` are what is sent."""

from typing import Any, cast

from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers

from usage.api.rows import row_serializer
from usage.reports.definition import Definition
from usage.reports.registry import REPORTS


class ReportColumnSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # hides Field.label, as any field of that name does
    metric = serializers.CharField()
    unit = serializers.CharField()
    currency = serializers.CharField()
    additive = serializers.BooleanField()
    null_means = serializers.CharField()
    version = serializers.IntegerField()


class ReportPeriodSerializer(serializers.Serializer[Any]):
    first_day = serializers.DateField()
    last_day = serializers.DateField()


class ReportComparisonSerializer(serializers.Serializer[Any]):
    shift_days = serializers.IntegerField()
    current = ReportPeriodSerializer()
    previous = ReportPeriodSerializer()


class ReportSerializer(serializers.Serializer[Any]):
    report = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    about = serializers.CharField()
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    by = serializers.ListField(child=serializers.CharField())
    filters = serializers.DictField(child=serializers.CharField())
    include_internal = serializers.BooleanField()
    organic_only = serializers.BooleanField()
    zone = serializers.CharField()
    min_people = serializers.IntegerField()
    generated_at = serializers.DateTimeField()
    complete_through = serializers.DateTimeField(allow_null=True)
    erased_since = serializers.DateTimeField(allow_null=True)
    comparison = ReportComparisonSerializer(allow_null=True)
    columns = ReportColumnSerializer(many=True)


def typed_reports() -> PolymorphicProxySerializer:
    """Each report with rows of its own, by the name that it says."""
    return PolymorphicProxySerializer(
        component_name="AnyReport",
        serializers={name: _with_rows(definition) for name, definition in REPORTS.items()},
        resource_type_field_name="report",
    )


def _with_rows(definition: Definition[Any]) -> type[ReportSerializer]:
    rows = row_serializer(definition)
    name = rows.__name__.replace("RowSerializer", "ReportSerializer")
    return cast(type[ReportSerializer], type(name, (ReportSerializer,), {"rows": rows(many=True)}))


class ReportDefinitionSerializer(serializers.Serializer[Any]):
    report = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    about = serializers.CharField()
    by = serializers.ListField(child=serializers.CharField(), help_text="What it was counted by, together.")
    options = serializers.ListField(child=serializers.CharField())
    default_by = serializers.ListField(child=serializers.CharField())
    default_days = serializers.IntegerField()
    max_days = serializers.IntegerField()
    metrics = serializers.ListField(child=serializers.CharField())


class ReportRefusalSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    params = serializers.DictField(child=serializers.CharField())
