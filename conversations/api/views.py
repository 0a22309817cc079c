"""History and the catalog over REST. Found through the owner is the permission."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from conversations import catalog, history
from conversations.api.pages import page_of
from conversations.api.serializers import (
    CatalogSerializer,
    ConversationSerializer,
    OpenConversationSerializer,
)
from conversations.models import Conversation, FeedbackReason, Generation, Model, Scenario


class ByActivity(CursorPagination):
    page_size = 40
    ordering = ("-updated_at", "-id")


class ConversationFilter(filters.FilterSet):  # type: ignore[misc]  # django-filter is not typed
    q = filters.CharFilter(field_name="title", lookup_expr="icontains")
    pinned = filters.BooleanFilter(field_name="pinned_at", lookup_expr="isnull", exclude=True)
    archived = filters.BooleanFilter(field_name="archived_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Conversation
        fields: tuple[str, ...] = ()


class ConversationViewSet(
    mixins.ListModelMixin,
    mixins.DestroyModelMixin,
    viewsets.GenericViewSet[Conversation],
):
    pagination_class = ByActivity
    filterset_class = ConversationFilter
    queryset = Conversation.objects.none()
    serializer_class = ConversationSerializer

    def get_queryset(self) -> QuerySet[Conversation]:
        if not self.request.user.is_authenticated:
            return Conversation.objects.none()
        active = Generation.objects.active().filter(conversation=OuterRef("pk")).values("pk")[:1]
        theirs = (
            Conversation.objects.of(self.request.user)
            .select_related("scenario")
            .annotate(active_generation=Subquery(active))
            .with_news()
        )
        if self.action == "list":
            return theirs.listed() if "archived" in self.request.query_params else theirs.listed().unarchived()
        return theirs

    @extend_schema(parameters=[OpenApiParameter("before", UUID)], responses=OpenConversationSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        assert request.user.is_authenticated  # the default permission saw to it
        conversation = self.get_object()
        page = page_of(conversation, request.user, request.query_params.get("before", ""))
        return Response(OpenConversationSerializer(conversation, context={"page": page}).data)

    @extend_schema(request=ConversationSerializer, responses=ConversationSerializer)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        conversation = self.get_object()
        checked = ConversationSerializer(conversation, data=request.data, partial=True)
        checked.is_valid(raise_exception=True)
        wanted = checked.validated_data
        if "title" in wanted:
            history.rename(conversation, wanted["title"])
        if "pinned_at" in wanted:
            history.pin(conversation, now=_since(wanted["pinned_at"]))
        if "archived_at" in wanted:
            history.archive(conversation, now=_since(wanted["archived_at"]))
        return Response(ConversationSerializer(self.get_object()).data)

    @extend_schema(request=None, responses=ConversationSerializer)
    @action(detail=True, methods=["post"])
    def undelete(self, request: Request, pk: UUID) -> Response:
        assert request.user.is_authenticated  # the default permission saw to it
        history.undelete(request.user, pk, now=timezone.now())
        return Response(ConversationSerializer(self.get_object()).data)

    def perform_destroy(self, instance: Conversation) -> None:
        history.delete(instance, now=timezone.now())


def _since(wanted: bool) -> datetime | None:
    return timezone.now() if wanted else None


class CatalogView(APIView):
    permission_classes = (AllowAny,)

    @extend_schema(responses=CatalogSerializer)
    def get(self, request: Request) -> Response:
        reasons = FeedbackReason.objects.offered()
        offered = catalog.current()
        shown = {
            "scenarios": Scenario.objects.offered().prefetch_related("starters", Prefetch("reasons", reasons)),
            "reasons": reasons.general(),
            "models": Model.objects.filter(is_active=True, endpoints__is_active=True).distinct(),
            "model": offered.routed(None),
        }
        return Response(CatalogSerializer(shown, context={"catalog": offered}).data)
