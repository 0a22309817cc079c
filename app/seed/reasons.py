"""The reasons a person can give for a thumb down, to begin with. From then on they live in the admin."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonSeed:
    slug: str
    zh: str
    en: str
    scenario: str = ""
    """Empty: for every scenario."""


REASONS = (
    ReasonSeed(slug="inaccurate", zh="不准确", en="Not accurate"),
    ReasonSeed(slug="not-as-asked", zh="没按要求", en="Not what I asked for"),
    ReasonSeed(slug="off-point", zh="没说到点", en="Missed the point"),
    ReasonSeed(slug="too-long", zh="太啰嗦", en="Too long"),
    ReasonSeed(slug="too-slow", zh="太慢", en="Too slow"),
    ReasonSeed(slug="inappropriate", zh="不合适", en="Inappropriate"),
    ReasonSeed(slug="other", zh="其他", en="Something else"),
    ReasonSeed(slug="not-my-voice", zh="不像我写的", en="Not my voice", scenario="write"),
    ReasonSeed(slug="unnatural", zh="不地道", en="Unnatural", scenario="translate"),
    ReasonSeed(slug="left-out", zh="漏译", en="Left something out", scenario="translate"),
    ReasonSeed(slug="skips-steps", zh="步骤跳太快", en="Skips steps", scenario="study"),
    ReasonSeed(slug="does-not-run", zh="跑不通", en="Doesn’t run", scenario="code"),
    ReasonSeed(slug="not-in-the-text", zh="没依据原文", en="Not from the text", scenario="read"),
)
