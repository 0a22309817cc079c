"""What somebody said before the gallery was taken: a sidebar of some weeks, and conversations of every kind."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from app.accounts.models import User
from conversations.models import Conversation, Generation, Message, Model, ModelEndpoint, Scenario
from tests.conversations.transcripts import a_conversation, another_answer
from tests.journeys import gallery_texts as texts
from tests.journeys.gallery_texts import Said


def said_in(language: str) -> dict[str, Said]:
    if language == "zh":
        return {"chat": texts.STUDY_ZH, "code": texts.CODE_ZH, "translate": texts.TRANSLATED_ZH}
    return {"chat": texts.STUDY_EN, "code": texts.CODE_EN, "translate": texts.TRANSLATED_EN}


def spoken(person: User, language: str, said: dict[str, Said]) -> dict[str, Conversation]:
    """A sidebar of some weeks, and the conversations that are opened."""
    others = texts.OTHERS_ZH if language == "zh" else texts.OTHERS_EN
    made = {name: _told(person, it) for name, it in said.items()}
    made["long"] = a_conversation(person, others[0], turns=12, text=said["chat"].answer[:120])
    made["endings"] = _ended(person, others[1], said["code"].question)
    made["again"] = _again(person, others[2], said["chat"].thinking)
    for name, question in zip(("long", "endings", "again"), others, strict=False):
        Message.objects.filter(conversation=made[name], role="user").update(text=question)
    for number, title in enumerate(others[3:]):
        made[f"other-{number}"] = a_conversation(person, title)
    _days_ago(made.values())
    return made


def _told(person: User, said: Said) -> Conversation:
    conversation = a_conversation(person, said.title, text=said.answer)
    Message.objects.filter(conversation=conversation, role="user").update(text=said.question)
    scenario = Scenario.objects.get(slug=said.scenario)
    Conversation.objects.filter(pk=conversation.pk).update(scenario=scenario)
    Generation.objects.filter(conversation=conversation).update(
        text=said.answer, thinking=said.thinking, scenario=scenario, model=ModelEndpoint.objects.get().model
    )
    return conversation


def _ended(person: User, title: str, question: str) -> Conversation:
    """Each answer in its own way."""
    endings = (("stopped", "user_stop"), ("interrupted", "stall"), ("completed", "length"), ("failed", "unavailable"),
               ("failed", "content_filter"), ("expired", "deadline"))  # fmt: skip
    conversation = a_conversation(person, title, turns=len(endings), text=question)
    generations = Generation.objects.filter(conversation=conversation).order_by("created_at")
    for generation, (ended, reason) in zip(generations, endings, strict=True):
        generation.state, generation.reason = ended, reason
        generation.text = "" if ended in ("failed", "expired") else generation.text
        generation.save()
    return conversation


def _again(person: User, title: str, text: str) -> Conversation:
    """The first question was asked otherwise, too, the second one answered by another model, and twice."""
    conversation = a_conversation(person, title, turns=2, text=text)
    first, second = Message.objects.filter(conversation=conversation, role="user").order_by("created_at")
    Message.objects.create(conversation=conversation, role="user", text=first.text, created_at=first.created_at)
    quick = Model.objects.create(
        slug="quick",
        name_zh="快",
        name_en="Quick",
        purpose_zh="日常小事，马上就答",
        purpose_en="Small things, at once",
        position=99,
    )
    endpoint = ModelEndpoint.objects.get()
    ModelEndpoint.objects.create(
        model=quick, name=quick.slug, base_url=endpoint.base_url, remote_name=endpoint.remote_name
    )
    another_answer(second, text)
    Generation.objects.filter(message__parent=second).update(model=quick)
    return conversation


def _days_ago(conversations: Iterable[Conversation]) -> None:
    for number, conversation in enumerate(conversations):
        moment = timezone.now() - timedelta(minutes=number, days=max(0, number - 4) * 4)
        seen = None if number == 2 else timezone.now()
        pinned = moment if number == 3 else None
        Conversation.objects.filter(pk=conversation.pk).update(updated_at=moment, pinned_at=pinned, read_at=seen)
