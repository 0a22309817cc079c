"""What a model is asked: the scenario's instructions and the branch of the conversation that leads to the question.

One synchronous function reads everything a run needs, in a handful of queries.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Prefetch

from conversations.events import TurnKind
from conversations.inference.types import Endpoint, PrefixStyle, PromptMessage, ThinkingStyle
from conversations.models import Generation, Message, ModelEndpoint, Route, State

HINTS = {
    "shorter": {"zh": "这一次请答得更短。", "en": "Make this answer shorter."},
    "longer": {"zh": "这一次请答得更详细。", "en": "Make this answer longer and more detailed."},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """All a run needs to know. ``endpoints`` are in order of preference with how many answers each writes at once."""

    messages: tuple[PromptMessage, ...]
    prefix: str
    """The answer so far, when one is continued."""
    thinking: bool
    endpoints: tuple[tuple[Endpoint, int], ...]
    queue: str
    """Whose line to stand in: the slug of the chosen model."""
    began_with: str
    """The slug of the model that wrote the first words, when another process began this."""
    stop_requested: bool

    def going_on(self, shown: str) -> "Brief":
        """For an answer whose first part stands: the same model, at an endpoint that continues a prefix, or nobody."""
        able = tuple(
            (endpoint, limit)
            for endpoint, limit in self.endpoints
            if endpoint.prefix_style is not PrefixStyle.NONE and endpoint.model == self.began_with
        )
        return replace(self, prefix=self.prefix + shown, thinking=False, endpoints=able)


def brief(generation: UUID, epoch: int) -> Brief | None:
    """None when this generation is no longer ours to run."""
    row = (
        Generation.objects.active()
        .select_related("scenario", "model", "message__parent", "endpoint__model")
        .filter(pk=generation, epoch=epoch)
        .first()
    )
    if row is None:
        return None
    return Brief(
        messages=tuple(_messages(row)),
        prefix=_text_before(row),
        thinking=row.thinking_wanted,
        endpoints=tuple(_endpoints(row)),
        queue=row.model.slug,
        began_with=(row.endpoint or row).model.slug,
        stop_requested=row.stop_requested_at is not None,
    )


def _messages(row: Generation) -> list[PromptMessage]:
    instructions = row.scenario.instructions(row.locale) if row.scenario else ""
    if row.hint:
        instructions = f"{instructions}\n\n{HINTS[row.hint][row.locale]}".strip()
    spoken = [PromptMessage(role="system", content=instructions)] if instructions else []
    for message in _branch(row):
        if message.role == Message.Role.USER:
            spoken.append(PromptMessage(role="user", content=message.text))
        elif text := answer_text(message):
            spoken.append(PromptMessage(role="assistant", content=text))
    return spoken


def _branch(row: Generation) -> list[Message]:
    """From the first question to the one being answered, the answer itself left out."""
    question = row.message.parent
    if question is not None and question.parent_id is None:
        return [question]
    parents = dict(Message.objects.filter(conversation_id=row.conversation_id).values_list("pk", "parent_id"))
    path: list[UUID] = []
    step = row.message.parent_id
    while step is not None:
        path.append(step)
        step = parents[step]
    texts = Generation.objects.order_by("created_at", "id").only("message_id", "text", "created_at")
    found = Message.objects.prefetch_related(Prefetch("generations", texts)).in_bulk(path)
    return [found[pk] for pk in reversed(path)]


def answer_text(message: Message) -> str:
    """Expects the message's generations prefetched in order."""
    return "".join(generation.text for generation in message.generations.all())


def _text_before(row: Generation) -> str:
    """What earlier generations wrote of this same answer."""
    if row.kind != TurnKind.CONTINUE:
        return ""
    earlier = Generation.objects.filter(message_id=row.message_id).exclude(pk=row.pk).exclude(state=State.QUEUED)
    return "".join(earlier.order_by("created_at", "id").values_list("text", flat=True))


def _endpoints(row: Generation) -> Sequence[tuple[Endpoint, int]]:
    """The chosen model's, then, unless the person picked it, those of the scenario's next routes."""
    models = [row.model_id]
    if not row.model_chosen:
        models += [
            pk for pk in Route.objects.serving(row.scenario).values_list("model_id", flat=True) if pk != row.model_id
        ]
    rows = ModelEndpoint.objects.filter(model_id__in=models, is_active=True).select_related("model")
    ordered = sorted(rows, key=lambda endpoint: (models.index(endpoint.model_id), endpoint.position, endpoint.name))
    return [(endpoint_of(endpoint), endpoint.max_concurrency) for endpoint in ordered]


def endpoint_of(row: ModelEndpoint) -> Endpoint:
    return Endpoint(
        id=str(row.pk),
        name=row.name,
        model=row.model.slug,
        base_url=row.base_url,
        remote_name=row.remote_name,
        api_key=row.api_key,
        thinking_style=ThinkingStyle(row.thinking_style),
        prefix_style=PrefixStyle(row.prefix_style),
        running_usage=row.running_usage,
        context_tokens=row.context_tokens,
        max_output_tokens=row.max_output_tokens,
    )
