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
    model, began = a_model(), THEN + timedelta(minutes=next(_minutes))
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
    Generation.objects.bulk_create(
        Generation(
            id=uuid7(), message=answer, conversation=conversation, owner=owner, request_id=uuid7(), request_hash=b"",
            kind="send", model=model, state=State.COMPLETED, reason="stop", seq=2, text=f"{text} {number}",
            lease_owner="", lease_until=NEVER, created_at=answer.created_at, finished_at=began,
        )
        for number, answer in enumerate(messages[1::2])
    )  # fmt: skip
    return conversation
