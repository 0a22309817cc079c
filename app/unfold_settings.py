"""How the Django admin looks and what its sidebar holds (django-unfold)."""

from typing import Any

from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _


def _item(title: Any, icon: str, view: str, permission: str) -> dict[str, Any]:
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{view}"),
        "permission": lambda request: request.user.has_perm(permission),
    }


# The jade of the page, as the scale unfold wants (oklch), light to dark.
JADE = {
    "50": "oklch(97.5% .014 178)",
    "100": "oklch(94.5% .03 178)",
    "200": "oklch(89% .055 178)",
    "300": "oklch(81% .085 178)",
    "400": "oklch(74% .1 178)",
    "500": "oklch(62% .1 178)",
    "600": "oklch(48% .085 178)",
    "700": "oklch(42% .075 178)",
    "800": "oklch(36% .06 178)",
    "900": "oklch(31% .05 178)",
    "950": "oklch(22% .035 178)",
}

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "实用 Shiyong",
    "SITE_HEADER": "实用 Shiyong",
    "SITE_SUBHEADER": _("Administration"),
    "SITE_SYMBOL": "square_foot",
    "SITE_URL": "/",
    "SHOW_HISTORY": True,
    "SHOW_LANGUAGES": True,
    "BORDER_RADIUS": "8px",
    "COLORS": {"primary": JADE},
    "SIDEBAR": {
        "show_search": False,
        "navigation": [
            {
                "title": _("Usage"),
                "items": [
                    {
                        **_item(_("Usage by day"), "monitoring", "usage_report", "usage.view_report"),
                        # Its address is the beginning of that of the others.
                        "active": lambda request: request.path == reverse("admin:usage_report"),
                    },
                    _item(_("All reports"), "table_chart", "usage_reports", "usage.view_report"),
                    _item(_("Usage records"), "receipt_long", "usage_usagerecord_changelist", "usage.view_usagerecord"),
                    _item(
                        _("Engagement"),
                        "touch_app",
                        "usage_engagementevent_changelist",
                        "usage.view_engagementevent",
                    ),
                    _item(
                        _("Upstream calls"), "swap_calls", "usage_upstreamcall_changelist", "usage.view_upstreamcall"
                    ),
                ],
            },
            {
                "title": _("Catalog"),
                "items": [
                    _item(
                        _("Scenarios"), "category", "conversations_scenario_changelist", "conversations.view_scenario"
                    ),
                    _item(
                        _("Reasons of votes"),
                        "thumbs_up_down",
                        "conversations_feedbackreason_changelist",
                        "conversations.view_feedbackreason",
                    ),
                    _item(_("Models"), "psychology", "conversations_model_changelist", "conversations.view_model"),
                    _item(
                        _("Endpoints"),
                        "dns",
                        "conversations_modelendpoint_changelist",
                        "conversations.view_modelendpoint",
                    ),
                    _item(_("Routes"), "alt_route", "conversations_route_changelist", "conversations.view_route"),
                ],
            },
            {
                "title": _("Conversations"),
                "items": [
                    _item(
                        _("Generations"),
                        "forum",
                        "conversations_generation_changelist",
                        "conversations.view_generation",
                    ),
                    _item(_("Appeals"), "gavel", "conversations_appeal_changelist", "conversations.view_appeal"),
                ],
            },
            {
                "title": _("People"),
                "items": [
                    _item(_("Users"), "person", "accounts_user_changelist", "accounts.view_user"),
                    _item(_("Groups"), "group", "auth_group_changelist", "auth.view_group"),
                    _item(_("Audit log"), "history", "auditlog_logentry_changelist", "auditlog.view_logentry"),
                ],
            },
        ],
    },
}
