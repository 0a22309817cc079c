from django.urls import path

from usage.api.views import ReportsView, ReportView

urlpatterns = [
    path("reports/", ReportsView.as_view(), name="usage_reports"),
    path("reports/<slug:report>/", ReportView.as_view(), name="usage_report"),
]
