"""A conversation gets a name from the model that answered; a person's own name for it is never touched."""

import pytest

from app.accounts.models import User
from app.demonstration.faults import Refuse, Script
from conversations import tasks, titles
from conversations.models import Conversation, Generation, ModelEndpoint
from tests.conversations.transcripts import a_conversation
from tests.endpoint import DemonstrationEndpoint
from tests.processes import Process
from usage.models import UpstreamCall, UsageRecord


@pytest.fixture
def untitled(valkey: Process, catalog: ModelEndpoint, li: User) -> Conversation:
    """Answered once, still under its first words."""
    conversation = a_conversation(li, "西安三天怎么安排")
    Generation.objects.update(endpoint=catalog)
    return conversation


def titled(conversation: Conversation) -> tuple[str, str, int]:
    found = Conversation.objects.get(pk=conversation.pk)
    return found.title, found.title_source, found.title_tries


def test_the_model_names_it(untitled: Conversation, endpoint: DemonstrationEndpoint) -> None:
    endpoint.script(Script(text="《西安三日游》。\n还有别的"))
    tasks.title(str(untitled.pk))
    assert titled(untitled) == ("西安三日游", "model", 1)
    (entry,) = endpoint.log()
    assert entry.body["stream"] is False
    assert [message["role"] for message in entry.body["messages"]] == ["system", "user"]


def test_its_cost_is_in_the_ledger_and_it_is_no_turn(untitled: Conversation, endpoint: DemonstrationEndpoint) -> None:
    tasks.title(str(untitled.pk))
    (call,) = UpstreamCall.objects.all()
    assert (call.purpose, call.error, call.token_source) == ("title", "", "reported")
    assert not UsageRecord.objects.exists()


def test_a_second_task_asks_nobody(untitled: Conversation, endpoint: DemonstrationEndpoint) -> None:
    for _ in range(3):
        tasks.title(str(untitled.pk))
    assert len(endpoint.log()) == 1


def test_a_name_given_by_the_person_stays(untitled: Conversation, endpoint: DemonstrationEndpoint) -> None:
    Conversation.objects.update(title="我的旅行", title_source="owner")
    tasks.title(str(untitled.pk))
    assert titled(untitled) == ("我的旅行", "owner", 0)
    assert endpoint.log() == []


def test_a_failure_leaves_the_first_words_and_is_tried_three_times_in_all(
    untitled: Conversation, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(refuse=Refuse(status=500)))
    for _ in range(5):
        tasks.sweep_titles()
    assert titled(untitled) == ("西安三天怎么安排", "question", titles.MAX_TRIES)
    assert len(endpoint.log()) == titles.MAX_TRIES
    assert {call.error for call in UpstreamCall.objects.all()} == {"http_5xx"}


@pytest.mark.parametrize("text", ["", "   \n\n", "《》", "。"])
def test_an_empty_name_is_none(untitled: Conversation, endpoint: DemonstrationEndpoint, text: str) -> None:
    endpoint.script(Script(text=text))
    tasks.title(str(untitled.pk))
    assert titled(untitled)[:2] == ("西安三天怎么安排", "question")


def test_a_long_name_is_cut(untitled: Conversation, endpoint: DemonstrationEndpoint) -> None:
    endpoint.script(Script(text="长" * 200))
    tasks.title(str(untitled.pk))
    assert titled(untitled)[0] in {"长" * length for length in range(1, titles.MAX_TITLE + 1)}


def test_a_lost_task_is_found_by_the_sweep(untitled: Conversation, endpoint: DemonstrationEndpoint) -> None:
    endpoint.script(Script(text="西安三日游"))
    tasks.sweep_titles()
    assert titled(untitled)[0] == "西安三日游"


def test_what_is_deleted_or_unanswered_needs_no_name(untitled: Conversation, endpoint: DemonstrationEndpoint) -> None:
    Generation.objects.update(state="failed")
    tasks.sweep_titles()
    Generation.objects.update(state="completed")
    Conversation.objects.update(deleted_at=untitled.created_at)
    tasks.sweep_titles()
    tasks.title(str(untitled.pk))
    assert endpoint.log() == []


def test_a_conversation_that_is_gone_harms_nobody(untitled: Conversation, endpoint: DemonstrationEndpoint) -> None:
    gone = str(untitled.pk)
    untitled.delete()
    tasks.title(gone)
    assert endpoint.log() == []
