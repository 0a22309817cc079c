"""Where a refused question becomes an answer: 400, ``{"code", "params"}`` like everywhere, with the sentence in it."""

from rest_framework import status
from rest_framework.response import Response

from usage.errors import BadQuery, UnknownReport


def render_refusal(refused: BadQuery) -> Response:
    is_unknown = isinstance(refused, UnknownReport)
    return Response(
        {"code": refused.code, "params": {"sentence": str(refused)}},
        status=status.HTTP_404_NOT_FOUND if is_unknown else status.HTTP_400_BAD_REQUEST,
    )
