"""People who talked a lot, for the mode ``search``: in a process of its own, as ``seeding`` is."""

from pathlib import Path

from django.db.models import F, Value
from django.db.models.functions import Concat

from app.accounts.models import User
from app.demonstration import answers
from conversations.models import Message
from tests.conversations.transcripts import a_conversation

TURNS = 50
"""Of each of their conversations."""
WORDS = sorted(Path(answers.__file__).parent.glob("texts/*/*.md"))
QUESTIONS = (
    "国庆三天去西安，带老人，怎么安排？",
    "把下面这段改得更正式：老师您好，我明天有事想请个假，作业我周一补上，麻烦您了。",
    "这道题的第二问怎么做？已知 f(x)=x^3-3x，求它在 [-2, 2] 上的最值，请先给思路再写过程。",
    "为什么这里报 TypeError: 'NoneType' object is not subscriptable？我只是想取第一行。",
    "Please make this email friendlier, it goes to a customer who has waited for two weeks.",
)


def seed(messages: int, people: int) -> None:
    """So many messages of each of the first people: short questions, answers of the demonstration's lengths."""
    texts = [file.read_text(encoding="utf-8") for file in WORDS]
    for person in User.objects.order_by("pk")[:people]:
        for number in range(messages // (2 * TURNS)):
            a_conversation(person, f"计划-{number}", turns=TURNS, text=texts[number % len(texts)])
    asked = Message.objects.filter(role="user", conversation__title__startswith="计划-")
    for digit in range(10):  # "问 17" is the eighteenth
        words = QUESTIONS[digit % len(QUESTIONS)]
        asked.filter(text__endswith=f"{digit}").update(text=Concat(Value(words), F("text")))
