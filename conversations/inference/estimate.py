"""Tokens guessed from text, for when no endpoint says them. Never exact: what is built on them says ``estimated``.

Real tokenizers are not used: each model family has its own, and tiktoken downloads its vocabularies at run time.
Tokens per character, from published vocabularies and recorded answers (within a third of each): Han 0.65 (Qwen,
DeepSeek), kana and Hangul 0.8, Latin letters and punctuation 0.22, digits 1 (Qwen spells numbers), other scripts 0.6,
emoji and other astral characters 2.
"""

import re
from collections.abc import Sequence

from conversations.inference.types import PromptMessage

MESSAGE_TOKENS = 4  # role and separators of a chat template

_WEIGHTS = (
    (re.compile(r"[0-9]+"), 1.0),
    (re.compile(r"[\x00-\x2f\x3a-\u024f\u2000-\u206f]+"), 0.22),
    (re.compile(r"[\u2e80-\u2fdf\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uff65]+"), 0.65),
    (re.compile(r"[\u3040-\u30ff\u1100-\u11ff\uac00-\ud7af]+"), 0.8),
    (re.compile(r"[\U00010000-\U0010ffff]+"), 2.0),
)
_OTHER = 0.6


def tokens_of(text: str) -> int:
    """About how many tokens ``text`` is; 0 only for the empty text."""
    if not text:
        return 0
    rest = len(text)
    tokens = 0.0
    for script, weight in _WEIGHTS:
        characters = sum(map(len, script.findall(text)))
        tokens += characters * weight
        rest -= characters
    return max(1, round(tokens + rest * _OTHER))


def tokens_of_prompt(prompt: Sequence[PromptMessage]) -> int:
    return sum(tokens_of(message.content) + MESSAGE_TOKENS for message in prompt)


def fit(prompt: Sequence[PromptMessage], context_tokens: int, reserve: int) -> tuple[tuple[PromptMessage, ...], bool]:
    """The messages that fit beside ``reserve`` tokens of answer, and whether any had to go.

    System messages and everything from the last user message on always stay, even if they alone are too long: then the
    endpoint decides. Of the rest the newest stay, without a gap, and never an answer first whose question is gone.
    """
    system = tuple(message for message in prompt if message.role == "system")
    talk = [message for message in prompt if message.role != "system"]
    asked = max((index for index, message in enumerate(talk) if message.role == "user"), default=0)
    room = context_tokens - reserve - tokens_of_prompt(system) - tokens_of_prompt(talk[asked:])
    first = asked
    while first > 0:
        room -= tokens_of(talk[first - 1].content) + MESSAGE_TOKENS
        if room < 0:
            break
        first -= 1
    while first < asked and talk[first].role != "user" and first > 0:
        first += 1
    return system + tuple(talk[first:]), first > 0
