"""``GET /api/usage/reports/`` and ``/api/usage/reports/<name>/``: for whoever may see the report page."""

from django.contrib.auth.models import PermissionsMixin
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from usage.api.errors import render_refusal
from usage.api.serializers import ReportDefinitionSerializer, ReportRefusalSerializer, typed_reports
from usage.errors import BadQuery
from usage.export.document import definition_document, report_document
from usage.reports.asking import answer
from usage.reports.definition import Definition
from usage.reports.query import PARAMETERS, each_once
from usage.reports.registry import REPORTS, find


class ReportsView(APIView):
    """Which reports there are for the one who asks, and what each can be asked."""

    permission_classes = (IsAdminUser,)

    @extend_schema(responses=ReportDefinitionSerializer(many=True))
    def get(self, request: Request) -> Response:
        seen = [definition for definition in REPORTS.values() if may_see(request, definition)]
        if not seen:
            raise PermissionDenied
        return Response([definition_document(definition) for definition in seen])


class ReportView(APIView):
    """Numbers are numbers; money and shares are text, so that no digit of them is lost."""

    permission_classes = (IsAdminUser,)

    @extend_schema(
        parameters=[OpenApiParameter(str(name), str) for name in PARAMETERS],
        responses={200: typed_reports(), 400: ReportRefusalSerializer, 404: ReportRefusalSerializer},
    )
    def get(self, request: Request, report: str) -> Response:
        try:
            if not may_see(request, find(report)):
                raise PermissionDenied
            found = answer(
                report,
                each_once(request.query_params.lists()),
                now=timezone.now(),
                audience=f"account {request.user.pk}",
            )
        except BadQuery as refused:
            return render_refusal(refused)
        return Response(report_document(found), headers={"Cache-Control": "no-store"})


def may_see(request: Request, definition: Definition[object]) -> bool:
    user = request.user
    assert isinstance(user, PermissionsMixin)  # the class of the house, and the visitor was sent away
    return user.has_perms(["usage.view_report", definition.permission])
