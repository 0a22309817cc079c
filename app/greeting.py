"""The greeting of the empty desk, for the first paint: hours and words are the page's (``days.ts``, ``i18n``)."""

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

UNTIL = ((5, "night"), (11, "morning"), (13, "noon"), (18, "afternoon"), (23, "evening"), (24, "night"))
CHINESE = {
    "morning": "早上好，今天要办点什么？",
    "noon": "中午好，要办点什么？",
    "afternoon": "下午好，今天要办点什么？",
    "evening": "晚上好，要办点什么？",
    "night": "夜深了，要办点什么？",
}
ENGLISH = {
    "morning": "Good morning. What shall we get done?",
    "noon": "Hello. What shall we get done?",
    "afternoon": "Good afternoon. What shall we get done?",
    "evening": "Good evening. What shall we get done?",
    "night": "It’s late. What shall we get done?",
}


def greeting_at(hour: int, *, english: bool) -> str:
    name = next(name for until, name in UNTIL if hour < until)
    return (ENGLISH if english else CHINESE)[name]


def hour_in(zone: str, now: datetime) -> int | None:
    """``zone`` is what a browser says of itself: anything. None for what is no zone."""
    return now.astimezone(ZoneInfo(zone)).hour if zone in _zones() else None


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
