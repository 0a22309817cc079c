"""What somebody thinks of an answer, and how it shows.

It is thrown as a ``Sign`` and a ``Then``, and acted out afterwards; so it is known without a look at the facts which
answers were good.
"""

from enum import StrEnum

from conversations.events import EngagementKind, TurnKind, Vote


class Sign(StrEnum):
    """What is done with an answer once it is there."""

    NONE = "none"
    UP = "up"
    DOWN = "down"
    UP_AFTER_DOWN = "up_after_down"
    WITHDRAWN = "withdrawn"
    COPIED = "copied"
    SHARED = "shared"
    EXPORTED = "exported"
    LATE_UP = "late_up"
    """More than three days later, when it no longer says how good the answer was."""


class Then(StrEnum):
    """What is asked next."""

    LEAVE = "leave"
    SOMETHING_ELSE = "something_else"
    """In the same conversation."""
    ANEW = "anew"
    """Something in a new conversation, which says nothing about this answer."""
    SAME_AGAIN = "same_again"
    SAME_LATER = "same_later"
    """Again, but only after two minutes."""
    REGENERATE = "regenerate"
    EDIT = "edit"
    CONTINUE = "continue"


SIGNS = {
    Sign.NONE: 760, Sign.COPIED: 150, Sign.UP: 40, Sign.DOWN: 16, Sign.SHARED: 10, Sign.EXPORTED: 8,
    Sign.UP_AFTER_DOWN: 4, Sign.WITHDRAWN: 4, Sign.LATE_UP: 8,
}  # fmt: skip
ONWARD = {
    Then.SOMETHING_ELSE: 62, Then.ANEW: 20, Then.REGENERATE: 6, Then.SAME_AGAIN: 6, Then.EDIT: 4, Then.SAME_LATER: 2,
}  # fmt: skip
KIND_OF = {
    Then.REGENERATE: (TurnKind.REGENERATE, EngagementKind.REGENERATED),
    Then.EDIT: (TurnKind.EDIT, EngagementKind.EDITED),
}
LIKENESS = {
    Then.SOMETHING_ELSE: (0, 80, 220, 410, 599),
    Then.SAME_AGAIN: (600, 640, 800, 1000),
    Then.SAME_LATER: (600, 700, 1000),
}
"""Per mille, of a follow-up to the question before."""
_PAUSE_S = {
    Then.ANEW: (20, 60, 240, 600, 1700, 1800, 1801),
    Then.SAME_AGAIN: (4, 15, 40, 90, 119),
    Then.SAME_LATER: (120, 130, 300, 700),
    Then.REGENERATE: (2, 9, 30, 60),
    Then.CONTINUE: (2, 10, 40),
}
_USUAL_PAUSE_S = (5, 20, 45, 80, 150, 240, 400)


VOTES = {
    Sign.UP: [Vote.UP],
    Sign.DOWN: [Vote.DOWN],
    Sign.UP_AFTER_DOWN: [Vote.DOWN, Vote.UP],
    Sign.WITHDRAWN: [Vote.UP, Vote.WITHDRAWN],
    Sign.LATE_UP: [Vote.UP],
}
"""In the order in which they are given."""
REASONS = ("inaccurate", "not-as-asked", "off-point", "too-long", "too-slow", "other")


def pauses_s(then: Then) -> tuple[int, ...]:
    """From an answer's end to the next question; some are just as long as a definition allows, some just longer."""
    return _PAUSE_S.get(then, _USUAL_PAUSE_S)
