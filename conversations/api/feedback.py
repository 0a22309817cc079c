"""Votes on answers, appeals against a filter, and what the page reports of its person."""

from datetime import timedelta
from io import BytesIO
from typing import IO, Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from conversations import errors, feedback
from conversations.api.serializers import AppealSerializer, RatingSerializer
from conversations.api.throttles import EngagementThrottle, RatingThrottle
from conversations.events import EngagementKind, Vote

MAX_BYTES = 64 * 1024
"""What a browser lets a page send as it goes away."""
MAX_EVENTS = 50
MAX_AGE_MS = feedback.MAX_AGE // timedelta(milliseconds=1)
FIELD_OF = {
    **dict.fromkeys(feedback.OF_SCENARIOS, "scenario"),
    **dict.fromkeys(feedback.OF_ANSWERS, "answer"),
    **dict.fromkeys(feedback.OF_CAMPAIGNS, "campaign"),
}


class SmallJSONParser(JSONParser):
    """No more is read than a report may have."""

    def parse(self, stream: IO[Any], media_type: Any = None, parser_context: Any = None) -> Any:
        body = stream.read(MAX_BYTES + 1)
        if len(body) > MAX_BYTES:
            raise errors.TooLarge(limit=MAX_BYTES)
        return super().parse(BytesIO(body), media_type, parser_context)


class EventSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="A UUID version 7 of the page's own: a repeat is the same event.")
    kind = serializers.ChoiceField(choices=[kind.value for kind in feedback.REPORTED])
    age_ms = serializers.IntegerField(min_value=0, help_text="Since it happened, by the page's stopwatch.")
    scenario = serializers.SlugField(max_length=40, allow_null=True, default=None)
    answer = serializers.UUIDField(allow_null=True, default=None)
    campaign = serializers.SlugField(max_length=40, allow_null=True, default=None)

    def validate_id(self, value: UUID) -> UUID:
        if value.version != 7:
            raise serializers.ValidationError("not a UUID version 7")
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """It names what its kind is about, and nothing else."""
        named = FIELD_OF[attrs["kind"]]
        for field in ("scenario", "answer", "campaign"):
            if (attrs[field] is None) == (field == named):
                raise serializers.ValidationError({field: "not of this kind"})
        return attrs


class ReportSerializer(serializers.Serializer[Any]):
    events = serializers.ListField(child=EventSerializer(), min_length=1, max_length=MAX_EVENTS)


class StoredSerializer(serializers.Serializer[Any]):
    stored = serializers.IntegerField()


class EngagementView(APIView):
    parser_classes = (SmallJSONParser,)
    throttle_classes = (EngagementThrottle,)

    @extend_schema(request=ReportSerializer, responses={status.HTTP_202_ACCEPTED: StoredSerializer})
    def post(self, request: Request) -> Response:
        assert request.user.is_authenticated  # the default permission saw to it
        reports = [
            feedback.Report(
                id=event["id"],
                kind=EngagementKind(event["kind"]),
                age=timedelta(milliseconds=min(event["age_ms"], MAX_AGE_MS)),
                scenario=event["scenario"],
                answer=event["answer"],
                campaign=event["campaign"] or "",
            )
            for event in _read(ReportSerializer, request)["events"]
        ]
        stored = feedback.report(request.user, reports, now=timezone.now())
        return Response({"stored": stored}, status=status.HTTP_202_ACCEPTED)


class RatingView(APIView):
    throttle_classes = (RatingThrottle,)

    @extend_schema(request=RatingSerializer, responses=RatingSerializer)
    def put(self, request: Request, answer: UUID) -> Response:
        assert request.user.is_authenticated
        wanted = _read(RatingSerializer, request)
        rating = feedback.vote(
            request.user,
            answer,
            Vote(wanted["value"]),
            reasons=wanted["reasons"],
            comment=wanted["comment"],
            now=timezone.now(),
        )
        return Response(RatingSerializer(rating).data)

    @extend_schema(responses={status.HTTP_204_NO_CONTENT: None})
    def delete(self, request: Request, answer: UUID) -> Response:
        assert request.user.is_authenticated
        feedback.vote(request.user, answer, Vote.WITHDRAWN, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class AppealView(APIView):
    throttle_classes = (RatingThrottle,)

    @extend_schema(request=AppealSerializer, responses=AppealSerializer)
    def put(self, request: Request, answer: UUID) -> Response:
        assert request.user.is_authenticated
        comment = _read(AppealSerializer, request)["comment"]
        made = feedback.appeal(request.user, answer, comment=comment, now=timezone.now())
        return Response(AppealSerializer(made).data)


def _read(form: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """Raises ``Invalid``, which names the first field at fault."""
    checked = form(data=request.data)
    if not checked.is_valid():
        raise errors.Invalid(field=_first_fault(checked.errors))
    read: dict[str, Any] = checked.validated_data
    return read


def _first_fault(found: Any) -> str:
    """The path to the first fault in what DRF found, such as ``events.3.kind``."""
    path: list[str] = []
    while found:
        steps = found.items() if isinstance(found, dict) else enumerate(found)
        step, inner = next(((step, inner) for step, inner in steps if inner), (None, None))
        if step is None or isinstance(inner, str):
            break
        if step != "non_field_errors":
            path.append(str(step))
        found = inner
    return ".".join(path)
