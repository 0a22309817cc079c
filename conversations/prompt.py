"""What a model is asked: the scenario's instructions and the branch of the conversation that leads to the question.

A turn's own process knows nearly all of it from accepting the turn; whoever takes over reads it with the
answer's row (``brief_of_row``), or by its id (``brief``).
"""

from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol
from uuid import UUID

from conversations import catalog
from conversations.catalog import Catalog
from conversations.events import TurnKind
from conversations.inference import estimate
from conversations.inference.types import Ask, Endpoint, PrefixStyle, PromptMessage
from conversations.models import Generation, GenerationQuerySet, Message, State
from conversations.statements import Given, Select
from conversations.turn_rows import TurnRows

HINTS = {
    "shorter": {"zh": "这一次请答得更短。", "en": "Make this answer shorter."},
    "longer": {"zh": "这一次请答得更详细。", "en": "Make this answer longer and more detailed."},
}

OWN_WORDS = {
    "zh": "下面是提问的人写给你的长期要求，在不违背上文的前提下照做：",
    "en": "The person has asked you to keep this in mind, as far as the above allows:",
}


ANSWER_RESERVE = 2048
"""Tokens of the context kept free for the answer where the endpoint names no maximum; half of a small context."""


class Context(Protocol):
    """How much fits: an endpoint, or its row."""

    @property
    def context_tokens(self) -> int: ...
    @property
    def max_output_tokens(self) -> int | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """All a run needs to know. ``endpoints`` are in order of preference with how many answers each writes at once."""

    messages: tuple[PromptMessage, ...]
    thinking: bool
    endpoints: tuple[tuple[Endpoint, int], ...]
    queue: str
    """Whose line to stand in: the slug of the chosen model."""
    began_with: str
    """The slug of the model that wrote the first words, when another process began this."""
    prefix: str = ""
    """The answer so far, when one is continued."""
    stop_requested: bool = False

    def going_on(self, shown: str) -> "Brief":
        """For an answer whose first part stands: the same model, at an endpoint that continues a prefix, or nobody."""
        able = tuple(
            (endpoint, limit)
            for endpoint, limit in self.endpoints
            if endpoint.prefix_style is not PrefixStyle.NONE and endpoint.model == self.began_with
        )
        return replace(self, prefix=self.prefix + shown, thinking=False, endpoints=able)

    def ask_of(self, endpoint: Context) -> tuple[Ask, bool]:
        """As much of it as fits, and whether something had to go."""
        reserve = min(endpoint.max_output_tokens or ANSWER_RESERVE, endpoint.context_tokens // 2)
        reserve += estimate.tokens_of(self.prefix)
        messages, was_cut = estimate.fit(self.messages, endpoint.context_tokens, reserve)
        return Ask(prompt=messages, thinking=self.thinking, prefix=self.prefix), was_cut


def brief_of(turn: TurnRows) -> Brief:
    """Of a question that this process just accepted: reads what was said before it, if anything was."""
    assert turn.question is not None
    row = turn.generation
    return _brief(row, turn.catalog, own=turn.instructions, question=turn.question, follows=turn.follows)


def brief(generation: UUID, epoch: int) -> Brief | None:
    """None when this generation is no longer ours to run."""
    row = running().filter(pk=generation, epoch=epoch).first()
    return brief_of_row(row, catalog.current()) if row else None


def running() -> GenerationQuerySet:
    """Those that have not ended, with all that is asked of their rows."""
    return Generation.objects.active().select_related(
        "scenario", "model", "owner", "message__parent", "endpoint__model"
    )


def brief_of_row(row: Generation, offered: Catalog) -> Brief:
    """``row`` is one of ``running``: of this generation nothing is asked again but what was said before."""
    question = row.message.parent
    assert question is not None
    found = _brief(row, offered, own=row.owner.instructions, question=question.text, follows=question.parent_id)
    return replace(
        found,
        prefix=_text_before(row),
        began_with=(row.endpoint or row).model.slug,
        stop_requested=row.stop_requested_at is not None,
    )


def _brief(row: Generation, offered: Catalog, *, own: str, question: str, follows: UUID | None) -> Brief:
    """``own``: the person's instructions. Unless they picked the model, those of the next routes stand in for it."""
    instructions = _instructions(row, own)
    return Brief(
        messages=(
            *([PromptMessage(role="system", content=instructions)] if instructions else ()),
            *(_said_before(row.conversation_id, follows) if follows else ()),
            PromptMessage(role="user", content=question),
        ),
        thinking=row.thinking_wanted,
        endpoints=offered.endpoints(
            row.model, instead=iter(()) if row.model_chosen else offered.serving(row.scenario_id)
        ),
        queue=row.model.slug,
        began_with=row.model.slug,
    )


def _instructions(row: Generation, own: str) -> str:
    """The product's, then the person's own, then what they asked of this one answer."""
    parts = [row.scenario.instructions(row.locale) if row.scenario else ""]
    if own:
        parts.append(f"{OWN_WORDS[row.locale]}\n{own}")
    if row.hint:
        parts.append(HINTS[row.hint][row.locale])
    return "\n\n".join(filter(None, parts))


class _Said(NamedTuple):
    id: UUID
    parent_id: UUID | None
    role: str
    text: str


class _Answered(NamedTuple):
    message_id: UUID
    text: str


_SAID = Select(_Said, lambda: Message.objects.filter(conversation_id=Given("conversation", Message, "conversation_id")))
_ANSWERED = Select(
    _Answered,
    lambda: Generation.objects.filter(conversation_id=Given("conversation", Generation, "conversation_id")).order_by(
        "created_at", "id"
    ),
)


def _said_before(conversation: UUID, last: UUID) -> list[PromptMessage]:
    """From the first question to the answer ``last``. An answer that has no words is left out.

    Reads the whole conversation, other branches too: two statements, however long the branch is.
    """
    said = {message.id: message for message in _SAID.rows(conversation=conversation)}
    answers: dict[UUID, str] = {}
    for answered in _ANSWERED.rows(conversation=conversation):
        answers[answered.message_id] = answers.get(answered.message_id, "") + answered.text
    branch: list[PromptMessage] = []
    step: UUID | None = last
    while step is not None:
        message = said[step]
        if message.role == Message.Role.USER:
            branch.append(PromptMessage(role="user", content=message.text))
        elif text := answers.get(step):
            branch.append(PromptMessage(role="assistant", content=text))
        step = message.parent_id
    return branch[::-1]


def answer_text(message: Message) -> str:
    """Expects the message's generations prefetched in order."""
    return "".join(generation.text for generation in message.generations.all())


def _text_before(row: Generation) -> str:
    """What earlier generations wrote of this same answer."""
    if row.kind != TurnKind.CONTINUE:
        return ""
    earlier = Generation.objects.filter(message_id=row.message_id).exclude(pk=row.pk).exclude(state=State.QUEUED)
    return "".join(earlier.order_by("created_at", "id").values_list("text", flat=True))
