"""Conversations that were, written straight into the database."""

from datetime import UTC, datetime, timedelta
from itertools import count

from app.accounts.models import User
from conversations.ids import uuid7
from conversations.models import Conversation, Generation, Message, Model, State

THEN = datetime(2026, 11, 1, tzinfo=UTC)
NEVER = datetime(2100, 1, 1, tzinfo=UTC)
"""No process takes over what a test calls running."""
_minutes = count(1)


def a_model() -> Model:
    return Model.objects.get_or_create(slug="demonstration", defaults={"name_zh": "演示", "name_en": "Demonstration"})[
        0
    ]


def a_conversation(owner: User, title: str = "", *, turns: int = 1, text: str = "答") -> Conversation:
    """Each later than the one before. Every question follows the answer before it."""
    began = THEN + timedelta(minutes=next(_minutes))
    conversation = Conversation.objects.create(owner=owner, title=title, created_at=began, updated_at=began)
    messages: list[Message] = []
    for turn in range(turns):
        moment = began + timedelta(milliseconds=turn)
        question = Message(
            conversation=conversation, parent=messages[-1] if messages else None, role="user", text=f"问 {turn}",
            created_at=moment,
        )  # fmt: skip
        answer = Message(conversation=conversation, parent=question, role="assistant", created_at=moment)
        messages += [question, answer]
    Message.objects.bulk_create(messages)
    model = a_model()
    Generation.objects.bulk_create(
        _generation(answer, model, text=f"{text} {number}") for number, answer in enumerate(messages[1::2])
    )
    return conversation


def another_answer(question: Message, text: str) -> Generation:
    """To the same question; the newest thing in its conversation."""
    began = THEN + timedelta(minutes=next(_minutes))
    answer = Message.objects.create(
        conversation=question.conversation, parent=question, role="assistant", created_at=began
    )
    generation = _generation(answer, a_model(), text=text)
    generation.save(force_insert=True)
    return generation


def _generation(answer: Message, model: Model, *, text: str) -> Generation:
    """A whole one, over since it began."""
    conversation, began = answer.conversation, answer.created_at
    return Generation(
        id=uuid7(), message=answer, conversation=conversation, owner=conversation.owner, request_id=uuid7(),
        request_hash=b"", kind="send", model=model, state=State.COMPLETED, reason="stop", seq=2, text=text,
        lease_owner="", lease_until=NEVER, created_at=began, finished_at=began,
    )  # fmt: skip
