"""``GET /api/search/?q=``: where something was said."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from conversations.models import Message
from conversations.search import search


class PartSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    hit = serializers.BooleanField()


class HitSerializer(serializers.Serializer[Any]):
    conversation = serializers.UUIDField()
    message = serializers.UUIDField(allow_null=True)
    role = serializers.ChoiceField(choices=Message.Role.choices, allow_blank=True)
    title = PartSerializer(many=True)
    snippet = PartSerializer(many=True)
    at = serializers.DateTimeField()


class FoundSerializer(serializers.Serializer[Any]):
    results = HitSerializer(many=True)


class SearchView(APIView):
    @extend_schema(parameters=[OpenApiParameter("q", str, required=True)], responses=FoundSerializer)
    def get(self, request: Request) -> Response:
        assert request.user.is_authenticated  # the default permission saw to it
        hits = search(request.user, request.query_params.get("q", ""))
        return Response(FoundSerializer({"results": [asdict(hit) for hit in hits]}).data)
