"""Does a question say the one before it again? Computed here, where the text is; only the number leaves.

Dice's coefficient over pairs of neighbouring characters (Dice 1945; on character bigrams: Adamson and
Boreham 1974): twice the pairs in common over all pairs. It needs no words, so it serves Chinese and
English alike. Letters and digits only, compatibility forms and case folded: a question mark more, or a
full-width letter, is no other question. A change of any of this is a new ``VERSION``.
"""

import itertools
import unicodedata
from collections import Counter

from conversations.events import Rephrase

VERSION = 1
READ_CHARACTERS = 500
"""Of each question; what is pasted below it says little about what is asked, and the time is bounded."""


def likeness(before: str, after: str) -> Rephrase:
    """0 to 1000; 1000 for equal questions, 0 where one of them has no letter and no digit."""
    first, second = _pairs(before), _pairs(after)
    total = first.total() + second.total()
    common = (first & second).total()
    return Rephrase(per_mille=2000 * common // total if common else 0, version=VERSION)


def _pairs(text: str) -> Counter[str]:
    """A lone character is a pair with nothing, so that it equals itself."""
    folded = unicodedata.normalize("NFKC", text[:READ_CHARACTERS]).casefold()
    letters = "".join(character for character in folded if character.isalnum())
    return Counter([letters]) if len(letters) == 1 else Counter(map("".join, itertools.pairwise(letters)))
