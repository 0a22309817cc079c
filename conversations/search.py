"""Finding what was said: substrings of a person's own titles and texts, in any script.

Chinese has no spaces to cut words at, so a query is searched for as it stands, inside that person's rows only: the
index on the owner finds them, and a scan of a few megabytes is faster than keeping an index of pairs up to date on
every turn. Case counts for nothing in ASCII, and only there: both databases can do that without a look into tables.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Expression, F, Func, Q, TextField, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from conversations.errors import Invalid
from conversations.models import Conversation, Generation, Message
from conversations.people import Person

MOST_HITS = 50
MAX_QUERY = 100
MAX_TERMS = 5
BEFORE, AFTER = 24, 96
"""Characters of a snippet on either side of its first match."""
_NO_BEGINNING = " ，。、；：！？）》”’,.;:!?)-*#>"
"""What a line cut out of a text does not begin with."""
_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of a title or snippet; ``hit`` is what was searched for. Pieces need no unit, as offsets would."""

    text: str
    hit: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """``message`` is None where only the title matched; ``snippet`` is then empty."""

    conversation: UUID
    message: UUID | None
    role: str
    title: tuple[Part, ...]
    snippet: tuple[Part, ...]
    at: datetime


def search(person: Person, query: str) -> list[Hit]:
    """Titles first, then messages, each newest first, at most ``MOST_HITS`` in all.

    Every word must occur. Deleted and temporary conversations are never found, thinking is not looked into.
    """
    terms = _terms(query)
    theirs = Conversation.objects.of(person).listed()
    named = theirs.filter(_contains("title", terms)).order_by("-updated_at", "-id")[:MOST_HITS]
    hits = [
        Hit(
            conversation=it.pk,
            message=None,
            role="",
            title=marked(it.title, terms),
            snippet=(),
            at=it.updated_at,
        )
        for it in named
    ]
    said = sorted([*_questions(person, terms), *_answers(person, terms)], key=lambda hit: hit.at, reverse=True)
    return [*hits, *said][:MOST_HITS]


def _terms(query: str) -> tuple[str, ...]:
    """Lower case, longest first (the rarest is asked for first). One letter alone would match nearly everything."""
    terms = query.translate(_LOWER).split()
    if not terms or len(query) > MAX_QUERY or "\0" in query or (query.strip().isascii() and len(query.strip()) < 2):
        raise Invalid(field="q")
    return tuple(sorted(dict.fromkeys(terms[:MAX_TERMS]), key=len, reverse=True))


_LISTED = Q(conversation__deleted_at=None, conversation__is_temporary=False)


def _questions(person: Person, terms: Sequence[str]) -> Iterable[Hit]:
    theirs = Message.objects.filter(_LISTED, role=Message.Role.USER, conversation__owner_id=person.pk)
    found = theirs.filter(_contains("text", terms)).order_by("-created_at", "-id").select_related("conversation")
    for it in found[:MOST_HITS]:
        yield _said(it.conversation, it.pk, Message.Role.USER, it.text, terms, it.created_at)


def _answers(person: Person, terms: Sequence[str]) -> Iterable[Hit]:
    """A match across the seam of a continued answer is not found: each generation is looked at alone."""
    theirs = Generation.objects.filter(_LISTED, owner_id=person.pk)
    found = theirs.filter(_contains("text", terms)).order_by("-created_at", "-id").select_related("conversation")
    for it in found.defer("thinking")[:MOST_HITS]:
        yield _said(it.conversation, it.message_id, Message.Role.ASSISTANT, it.text, terms, it.created_at)


def _said(
    conversation: Conversation, message: UUID, role: Message.Role, text: str, terms: Sequence[str], at: datetime
) -> Hit:
    return Hit(
        conversation=conversation.pk,
        message=message,
        role=role.value,
        title=marked(conversation.title, terms),
        snippet=snippet(text, terms),
        at=at,
    )


class AsciiLower(Func):
    """Bytes A to Z only. PostgreSQL's own ``lower`` looks every character up in the locale: ten times slower."""

    function = "LOWER"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, Sequence[Any]]:
        return self.as_sql(compiler, connection, template='LOWER(%(expressions)s COLLATE "C")')


def _contains(field: str, terms: Sequence[str]) -> Q:
    """Position instead of LIKE: nothing in a query is a wildcard."""
    found = Q()
    for term in terms:
        column: Expression | F = AsciiLower(F(field)) if any("a" <= letter <= "z" for letter in term) else F(field)
        found &= Q(GreaterThan(StrIndex(column, Value(term)), 0))
    return found


def snippet(text: str, terms: Sequence[str]) -> tuple[Part, ...]:
    """A line around the first match, with every match in it marked."""
    first = _first(text.translate(_LOWER), terms)
    start, end = max(0, first - BEFORE), first + AFTER
    line = " ".join(text[start:end].split())
    if start:
        line = f"…{line.lstrip(_NO_BEGINNING)}"
    return marked(f"{line}…" if end < len(text) else line, terms)


def _first(lowered: str, terms: Sequence[str]) -> int:
    places = [at for term in terms if (at := lowered.find(term)) >= 0]
    return min(places, default=0)


def marked(text: str, terms: Sequence[str]) -> tuple[Part, ...]:
    """The text cut at its matches, all of it, in order."""
    lowered, parts, at = text.translate(_LOWER), list[Part](), 0
    while at < len(text):
        found = [(place, -len(term)) for term in terms if (place := lowered.find(term, at)) >= 0]
        if not found:
            break
        start, length = min(found)
        if start > at:
            parts.append(Part(text=text[at:start], hit=False))
        parts.append(Part(text=text[start : start - length], hit=True))
        at = start - length
    if at < len(text):
        parts.append(Part(text=text[at:], hit=False))
    return tuple(parts)
