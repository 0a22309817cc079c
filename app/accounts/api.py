"""Who is signed in: what the page needs to begin, and what a person may change of themselves."""

from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from app.accounts.models import User

MAX_INSTRUCTIONS = 1500


class UserSerializer(serializers.ModelSerializer[User]):
    instructions = serializers.CharField(max_length=MAX_INSTRUCTIONS, allow_blank=True, required=False)

    class Meta:
        model = User
        fields = ("email", "name", "locale", "instructions", "is_staff")
        read_only_fields = ("email", "is_staff")


class MeSerializer(serializers.Serializer[Any]):
    csrf = serializers.CharField()
    user = UserSerializer(allow_null=True)


def me(request: HttpRequest) -> dict[str, Any]:
    """The same object stands in the page as ``#boot`` and behind ``GET /api/me/``."""
    user = request.user
    return {"csrf": get_token(request), "user": UserSerializer(user).data if user.is_authenticated else None}


class MeView(APIView):
    permission_classes = (AllowAny,)

    @extend_schema(responses=MeSerializer)
    def get(self, request: Request) -> Response:
        return Response(me(request._request))

    @extend_schema(request=UserSerializer, responses=UserSerializer)
    def patch(self, request: Request) -> Response:
        if not isinstance(request.user, User):
            raise NotAuthenticated
        checked = UserSerializer(request.user, data=request.data, partial=True)
        checked.is_valid(raise_exception=True)
        checked.save()
        return Response(checked.data)
