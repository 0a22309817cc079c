"""How fast an answer was written, once it had begun."""

from conversations import events

TENTHS_PER_MS = 10_000
"""Tokens in a millisecond, in tenths of a token in a second."""


def tenths_per_s(event: events.GenerationFinished) -> int | None:
    """None where nothing was written after the first token, or the endpoint did not report to the end what was."""
    tokens = (event.tokens.output_visible or 0) + (event.tokens.output_reasoning or 0)
    reported = event.tokens.source is events.TokenSource.REPORTED and event.tokens.output_visible is not None
    if not reported or not tokens or event.first_token_ms is None or event.duration_ms <= event.first_token_ms:
        return None
    return tokens * TENTHS_PER_MS // (event.duration_ms - event.first_token_ms)
