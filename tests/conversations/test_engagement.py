"""What asking, stopping and reporting say about answers: each fact once, about the right answer, without a word."""

from uuid import UUID

import pytest
from django.utils import timezone

from app.accounts.models import User
from app.seed.sowing import sow
from conversations import engagement, turns
from conversations.events import EngagementKind, Turn
from conversations.ids import uuid7
from conversations.models import Conversation, Generation, Message, State
from conversations.protocol import Continue, Regenerate, Send, TurnRequest
from conversations.rephrase import likeness
from tests.conversations.transcripts import a_conversation
from usage.models import EngagementEvent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _somebody_answers() -> None:
    sow(demonstration_url="http://127.0.0.1:9/v1", upstream=None)


def ask(person: User, request: TurnRequest) -> Turn:
    """Accepted, and answered in full at once."""
    accepted = turns.accept(person, request, now=timezone.now(), process="here")
    Generation.objects.filter(pk=accepted.frame.generation).update(state=State.COMPLETED, text="答")
    assert accepted.turn is not None
    return accepted.turn


def send(conversation: UUID, text: str, *, under: UUID | None = None) -> Send:
    return Send(id=uuid7(), conversation=conversation, parent=under, text=text)


def told(kind: EngagementKind) -> list[EngagementEvent]:
    return list(EngagementEvent.objects.filter(kind=kind).order_by("occurred_at"))


def answers_of(conversation: Conversation) -> list[Message]:
    return list(conversation.messages.filter(role=Message.Role.ASSISTANT).order_by("created_at"))


def test_a_first_question_starts_a_conversation_and_says_nothing_else(li: User) -> None:
    turn = ask(li, send(uuid7(), "你好"))
    (fact,) = EngagementEvent.objects.all()
    assert (fact.kind, fact.subject, fact.answer) == ("conversation_started", li.subject, None)
    assert fact.occurred_at == turn.occurred_at


def test_a_request_sent_twice_is_one_fact(li: User) -> None:
    request = send(uuid7(), "你好")
    ask(li, request)
    turns.accept(li, request, now=timezone.now(), process="here")
    assert EngagementEvent.objects.count() == 1


def test_a_question_under_an_answer_follows_that_answer_up(li: User) -> None:
    conversation = a_conversation(li, turns=2)
    second = answers_of(conversation)[1]
    ask(li, send(conversation.pk, "问 1？", under=second.pk))
    (fact,) = told(EngagementKind.FOLLOW_UP)
    assert (fact.answer, fact.conversation) == (second.pk, conversation.pk)
    assert fact.asked_at == second.generations.get().created_at
    assert (fact.rephrase_per_mille, fact.rephrase_version) == (1000, 1)


def test_asking_again_is_about_the_newest_answer_that_was_there(li: User) -> None:
    conversation = a_conversation(li)
    (first,) = answers_of(conversation)
    assert first.parent_id is not None
    second = ask(li, Regenerate(id=uuid7(), message=first.parent_id))
    ask(li, Regenerate(id=uuid7(), message=first.parent_id))
    assert [fact.answer for fact in told(EngagementKind.REGENERATED)] == [first.pk, second.answer]


def test_a_question_in_the_place_of_another_is_about_the_answer_it_replaces(li: User) -> None:
    conversation = a_conversation(li, turns=2)
    first, second = answers_of(conversation)
    ask(li, send(conversation.pk, "第一个问题，换个说法"))
    ask(li, send(conversation.pk, "第二个问题，换个说法", under=first.pk))
    assert [fact.answer for fact in told(EngagementKind.EDITED)] == [first.pk, second.pk]
    assert not told(EngagementKind.FOLLOW_UP)


def test_going_on_with_an_answer_is_no_judgement_of_it(li: User) -> None:
    conversation = a_conversation(li)
    cut = conversation.generations.get()
    Generation.objects.filter(pk=cut.pk).update(state=State.INTERRUPTED, reason="drain")
    turn = ask(li, Continue(id=uuid7(), generation=cut.pk))
    assert turn.answer == cut.message_id
    assert not EngagementEvent.objects.exists()


@pytest.mark.parametrize(("characters", "point"), [(0, "before_first"), (1, "after_first")])
def test_a_stop_says_whether_anything_was_there_to_read(li: User, characters: int, point: str) -> None:
    turn = ask(li, send(uuid7(), "你好"))
    (stop,) = engagement.of_ending(turn, state=State.STOPPED, visible_characters=characters, at=timezone.now())
    assert (stop.value, stop.about) == (point, turn)


def test_a_stop_while_going_on_is_about_the_answer_as_it_was_asked_for(li: User) -> None:
    conversation = a_conversation(li)
    cut = conversation.generations.get()
    Generation.objects.filter(pk=cut.pk).update(state=State.INTERRUPTED, reason="drain")
    turn = ask(li, Continue(id=uuid7(), generation=cut.pk))
    (stop,) = engagement.of_ending(turn, state=State.STOPPED, visible_characters=1, at=timezone.now())
    assert stop.about is not None
    assert (stop.about.generation, stop.about.occurred_at) == (cut.pk, cut.created_at)


@pytest.mark.parametrize("state", [State.COMPLETED, State.FAILED, State.INTERRUPTED, State.EXPIRED])
def test_only_a_person_stops(li: User, state: State) -> None:
    turn = ask(li, send(uuid7(), "你好"))
    assert engagement.of_ending(turn, state=state, visible_characters=0, at=timezone.now()) == ()


@pytest.mark.parametrize("characters", ["", "甲", "写一首关于秋天的诗", "How do I undo a commit?"])
def test_a_question_is_like_itself_unless_there_is_nothing_to_it(characters: str) -> None:
    assert likeness(characters, characters).per_mille == (1000 if characters else 0)


@pytest.mark.parametrize(
    ("before", "after", "is_rephrase"),
    [
        ("西安三天怎么玩", "西安三天怎么玩？", True),
        ("西安三天怎么玩", "去西安三天该怎么玩", True),
        ("How do I undo the last commit?", "how do i undo my last commit", True),
        ("ＡＢＣ 是什么", "abc是什么", True),
        ("西安三天怎么玩", "那带老人呢", False),
        ("How do I undo the last commit?", "And how do I push it?", False),
        ("写一首诗", "？！…", False),
    ],
)
def test_saying_it_again_is_told_from_going_on(before: str, after: str, is_rephrase: bool) -> None:
    assert (likeness(before, after).per_mille >= 600) is is_rephrase
    assert likeness(before, after) == likeness(after, before)


def test_only_the_beginning_of_a_long_question_is_compared() -> None:
    assert likeness("问" * 500 + "甲" * 10_000, "问" * 500 + "乙").per_mille == 1000
