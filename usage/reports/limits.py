"""How many answers each endpoint may give at once. ``app`` registers who knows: usage cannot see the catalog."""

from collections.abc import Callable, Mapping

Limits = Callable[[], Mapping[str, int]]
"""By the names of endpoints, as they are set now: no fact keeps what a limit was."""

_limits: list[Limits] = []


def register(limits: Limits) -> None:
    """Called once at start-up; the last one stands."""
    _limits[:] = [limits]


def limits_now() -> Mapping[str, int]:
    """Empty if nobody knows."""
    return _limits[0]() if _limits else {}
