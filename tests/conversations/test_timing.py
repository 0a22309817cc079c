"""One setting scales whatever a fault has to wait for; what is about readers and the machine stays."""

import re
from dataclasses import fields
from pathlib import Path

from django.conf import settings

import conversations
from conversations.inference.types import Timeouts
from conversations.timing import Timing, timing, upstream_timeouts


def scaled(usual: Timing | Timeouts, ours: Timing | Timeouts) -> set[str]:
    """The names of those that follow the scale; all others are as usual."""
    follow = set()
    for each in fields(usual):
        was, now = getattr(usual, each.name), getattr(ours, each.name)
        if now != was:
            follow.add(each.name)
            many = zip(was, now, strict=True) if isinstance(was, tuple) else [(was, now)]
            assert all(new == old * settings.TIMER_SCALE for old, new in many), each.name
    return follow


def test_all_timers_but_those_about_readers_and_the_machine_follow_the_scale() -> None:
    assert settings.TIMER_SCALE != 1
    usual, unscaled = Timing(drain_s=settings.DRAIN_S), {"tick_s", "slow_tick_s", "admission_s", "redis_reply_s"}
    assert scaled(usual, timing()) == {each.name for each in fields(Timing)} - unscaled


def test_all_time_outs_of_an_endpoint_but_connecting_follow_the_scale() -> None:
    assert scaled(Timeouts(), upstream_timeouts()) == {each.name for each in fields(Timeouts)} - {"connect_s"}


def test_no_module_keeps_a_timer_of_its_own() -> None:
    """But those of the network and of machines, which no fault waits for."""
    root = Path(conversations.__file__).parent
    found = {
        f"{path.relative_to(root)} {name}"
        for path in root.rglob("*.py")
        for name in re.findall(r"^([A-Z_]+_S)\b.* = [(\d]", path.read_text(), re.MULTILINE)
    }
    assert found == {
        "consumers.py FRAMES_PER_S",
        "hints.py TOGETHER_S",
        "inference/call.py AFTER_DONE_S",
        "inference/router.py MAX_WAIT_S",
        "inference/transport/dial.py NEXT_ADDRESS_S",
        "inference/transport/pool.py IDLE_S",
        "wakes.py WAKE_S",
    }
