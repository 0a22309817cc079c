"""What one request cost, from what the endpoint said and what was seen, with where the number comes from.

Reported usage is cumulative: the last report wins, reports are never added. One counts only as long as no visible delta
came after it; an older one (some endpoints report once, at the start) is only a floor for the estimate.
"""

from collections.abc import Mapping
from dataclasses import replace

from conversations.inference.decode import whole_number
from conversations.inference.estimate import tokens_of, tokens_of_prompt
from conversations.inference.types import Ask, TokenSource, Usage

MAX_TOKENS = 100_000_000
"""A report beyond this is a fault of the endpoint: no context window is near it."""


class Meter:
    __slots__ = ("_ask", "_current", "_flagged", "_reported", "_text", "_thinking")

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._text: list[str] = []
        self._thinking: list[str] = []
        self._reported: Usage | None = None
        self._current = False
        self._flagged = False

    def saw(self, text: str, thinking: str) -> None:
        if text or thinking:
            self._text.append(text)
            self._thinking.append(thinking)
            self._current = False

    def was_told(self, report: Mapping[str, object]) -> None:
        """Tell what was seen first: a report in the chunk of a delta includes it."""
        usage = read_usage(report)
        self._flagged |= usage.flagged
        if usage.input_tokens is not None and usage.output_tokens is not None:
            self._reported = usage
            self._current = True

    def whole(self) -> Usage:
        """The endpoint finished its answer."""
        return self._usage(TokenSource.REPORTED)

    def cut(self) -> Usage:
        """The answer was stopped, or broke off."""
        return self._usage(TokenSource.PARTIAL)

    def failed(self) -> Usage:
        """The endpoint failed. Before a word and a report nothing is known, which is not the same as nothing."""
        return self.cut() if self._text or self._current else Usage(flagged=self._flagged)

    def _usage(self, source: TokenSource) -> Usage:
        if self._reported and self._current:
            return replace(self._reported, source=source, flagged=self._flagged)
        thinking = tokens_of("".join(self._thinking))
        output = tokens_of("".join(self._text)) + thinking
        floor = self._reported or Usage()
        return Usage(
            input_tokens=floor.input_tokens or tokens_of_prompt(self._ask.prompt) + tokens_of(self._ask.prefix),
            cached_input_tokens=floor.cached_input_tokens,
            output_tokens=max(output, floor.output_tokens or 0),
            reasoning_tokens=thinking,
            source=TokenSource.ESTIMATED,
            flagged=self._flagged,
        )


def read_usage(report: Mapping[str, object]) -> Usage:
    """An endpoint's ``usage`` object. What cannot be is left out and flagged; a part is never larger than its whole."""
    flagged = False

    def count(source: object, *names: str) -> int | None:
        nonlocal flagged
        value = source
        for name in names:
            value = value.get(name) if isinstance(value, Mapping) else None
        if value is None:
            return None
        number = whole_number(value)
        if number is None or number > MAX_TOKENS:
            flagged = True
            return None
        return number

    entered, written = count(report, "prompt_tokens"), count(report, "completion_tokens")
    cached = count(report, "prompt_tokens_details", "cached_tokens")
    if cached is None:
        cached = count(report, "prompt_cache_hit_tokens")  # DeepSeek
    reasoning = count(report, "completion_tokens_details", "reasoning_tokens")
    if entered and written is not None and reasoning and entered + written + reasoning == report.get("total_tokens"):
        written += reasoning  # xAI counts reasoning beside the completion, everyone else within it
    if cached is not None and entered is not None and cached > entered:
        cached, flagged = entered, True
    if reasoning is not None and written is not None and reasoning > written:
        reasoning, flagged = written, True
    return Usage(
        input_tokens=entered,
        cached_input_tokens=cached,
        output_tokens=written,
        reasoning_tokens=reasoning,
        source=TokenSource.REPORTED,
        flagged=flagged,
    )
