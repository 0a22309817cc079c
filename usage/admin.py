"""Facts, to be read and nothing else, and the report page."""

from typing import Any

from django.contrib import admin
from django.urls import URLPattern, path
from unfold.admin import ModelAdmin

from usage.models import EngagementEvent, Report, TurnAccepted, UpstreamCall, UsageRecord
from usage.pages import ReportFile, ReportPage
from usage.report_pages import ReportsPage


class ReadOnly(ModelAdmin):  # type: ignore[misc]
    show_full_result_count = False
    list_per_page = 50
    ordering = ("-id",)
    actions = None

    def has_add_permission(self, *_: Any, **__: Any) -> bool:
        return False

    def has_change_permission(self, *_: Any, **__: Any) -> bool:
        return False

    def has_delete_permission(self, *_: Any, **__: Any) -> bool:
        return False


@admin.register(TurnAccepted)
class TurnAcceptedAdmin(ReadOnly):
    list_display = ("occurred_at", "scenario", "model", "kind", "channel", "client", "is_internal", "subject")
    list_filter = ("is_internal", "kind", "channel", "simulated")
    search_fields = ("=generation", "=subject")


@admin.register(UsageRecord)
class UsageRecordAdmin(ReadOnly):
    list_display = (
        "occurred_at",
        "scenario",
        "model",
        "endpoint",
        "outcome",
        "reason",
        "first_token_ms",
        "duration_ms",
        "input_uncached",
        "output_visible",
        "token_source",
        "is_internal",
    )
    list_filter = ("outcome", "token_source", "is_internal", "kind", "channel", "simulated")
    search_fields = ("=generation", "=subject")


@admin.register(UpstreamCall)
class UpstreamCallAdmin(ReadOnly):
    list_display = (
        "occurred_at",
        "purpose",
        "endpoint",
        "model",
        "error",
        "input_uncached",
        "output_visible",
        "token_source",
        "cost_pico",
        "currency",
        "is_internal",
    )
    list_filter = ("purpose", "error", "token_source", "is_internal", "simulated")
    search_fields = ("=call_of", "=subject")


@admin.register(EngagementEvent)
class EngagementEventAdmin(ReadOnly):
    list_display = (
        "occurred_at",
        "kind",
        "value",
        "reasons",
        "scenario",
        "model",
        "rephrase_per_mille",
        "is_internal",
        "subject",
    )
    list_filter = ("kind", "value", "is_internal", "channel", "simulated")
    search_fields = ("=event", "=answer", "=subject")


@admin.register(Report)
class ReportAdmin(ReadOnly):
    """Has no rows: its list is the report."""

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(ReportPage.as_view(model_admin=self))
        file = self.admin_site.admin_view(ReportFile.as_view())
        reports = self.admin_site.admin_view(ReportsPage.as_view(model_admin=self))
        return [
            path("", page, name="usage_report"),
            path("", page, name="usage_report_changelist"),
            path("export.csv", file, name="usage_report_export"),
            path("all/", reports, name="usage_reports"),
            path("all/<slug:report>/", reports, name="usage_reports_one"),
        ]
