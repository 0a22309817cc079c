"""Whoever scales the timers scales how long an endpoint may be silent, too."""

from django.conf import settings

from conversations.inference.types import Timeouts
from conversations.timing import upstream_timeouts


def test_all_but_connecting_follow_the_scale() -> None:
    usual, ours, scale = Timeouts(), upstream_timeouts(), settings.TIMER_SCALE

    assert scale != 1
    assert ours.connect_s == usual.connect_s
    assert (ours.first_token_s, ours.gap_s) == (usual.first_token_s * scale, usual.gap_s * scale)
    assert ours.whole_s == usual.whole_s * scale
