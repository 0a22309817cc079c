"""Another endpoint answers only as long as nobody has seen a word."""

from collections.abc import Callable

import pytest

from app.accounts.models import User
from app.demonstration.faults import Cut, ErrorInside, Moment, Refuse, Script
from conversations.database import in_database
from conversations.models import Model, ModelEndpoint
from conversations.protocol import Started
from tests.endpoint import DemonstrationEndpoint
from tests.faults.judge import calls_of, judged
from tests.tab import Tab

OpenTab = Callable[[User], Tab]


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (Script(refuse=Refuse(status=503)), "http_5xx"),
        (Script(refuse=Refuse(status=429)), "http_429"),
        (Script(refuse=Refuse(status=401)), "unauthorized"),
        (Script(cut=Cut(at=Moment.BEFORE_HEADERS)), "reset"),
        (Script(cut=Cut(at=Moment.AFTER_HEADERS)), "reset"),
        (Script(error_inside=ErrorInside()), "http_5xx"),
        (Script(content_type="text/html"), "bad_stream"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_before_the_first_word_the_next_endpoint_answers(
    spare: ModelEndpoint,
    tab_of: OpenTab,
    li: User,
    endpoint: DemonstrationEndpoint,
    other_endpoint: DemonstrationEndpoint,
    trouble: Script,
    error: str,
) -> None:
    endpoint.script(trouble)
    other_endpoint.script(Script(text="我来答"))
    async with tab_of(li) as tab:
        accepted = await tab.ask("你好")
        await tab.finished(accepted.generation)
        row = await judged(accepted.generation, [tab])
        assert len([frame for frame in tab.frames if isinstance(frame, Started)]) == 1
    assert (row.state, row.text, row.attempts, row.endpoint_id) == ("completed", "我来答", 2, spare.pk)
    assert await calls_of(accepted.generation) == [(1, 1, error, "none"), (1, 2, "", "reported")]


async def test_after_the_first_word_nobody_else_is_asked(
    spare: ModelEndpoint,
    tab_of: OpenTab,
    li: User,
    endpoint: DemonstrationEndpoint,
    other_endpoint: DemonstrationEndpoint,
) -> None:
    endpoint.script(Script(text="一二三四五六七八", cut=Cut(tokens=2), tokens_per_s=50))
    async with tab_of(li) as tab:
        accepted = await tab.ask("你好")
        await tab.finished(accepted.generation)
        row = await judged(accepted.generation, [tab])
    assert (row.state, row.reason, row.text) == ("interrupted", "upstream_reset", "一二三四")
    assert other_endpoint.log() == []


async def test_after_the_first_thought_nobody_else_is_asked_either(
    spare: ModelEndpoint,
    tab_of: OpenTab,
    li: User,
    endpoint: DemonstrationEndpoint,
    other_endpoint: DemonstrationEndpoint,
) -> None:
    endpoint.script(Script(thinking="想一想", text="答", cut=Cut(tokens=1), tokens_per_s=50))
    async with tab_of(li) as tab:
        accepted = await tab.ask("你好", thinking=True)
        await tab.finished(accepted.generation)
        row = await judged(accepted.generation, [tab])
    assert row.state == "failed"
    assert other_endpoint.log() == []


async def test_what_no_endpoint_would_take_is_asked_once(
    spare: ModelEndpoint,
    tab_of: OpenTab,
    li: User,
    endpoint: DemonstrationEndpoint,
    other_endpoint: DemonstrationEndpoint,
) -> None:
    endpoint.script(Script(refuse=Refuse(status=400)))
    async with tab_of(li) as tab:
        accepted = await tab.ask("你好")
        await tab.finished(accepted.generation)
        row = await judged(accepted.generation, [tab])
    assert (row.reason, row.attempts) == ("refused", 1)
    assert other_endpoint.log() == []


async def test_the_next_model_of_the_routes_answers_under_its_own_name(
    other_model: Model,
    tab_of: OpenTab,
    li: User,
    endpoint: DemonstrationEndpoint,
    other_endpoint: DemonstrationEndpoint,
) -> None:
    endpoint.script(Script(refuse=Refuse(status=500)))
    other_endpoint.script(Script(text="我来答"))
    async with tab_of(li) as tab:
        accepted = await tab.ask("你好")
        seen = await tab.finished(accepted.generation)
        row = await judged(accepted.generation, [tab])
    assert seen.started is not None
    assert (seen.started.model, row.model_id, row.text) == ("other", other_model.pk, "我来答")


async def test_a_model_that_the_person_chose_is_not_replaced_by_another(
    other_model: Model,
    tab_of: OpenTab,
    li: User,
    endpoint: DemonstrationEndpoint,
    other_endpoint: DemonstrationEndpoint,
) -> None:
    endpoint.script(Script(refuse=Refuse(status=500)))
    async with tab_of(li) as tab:
        accepted = await tab.ask("你好", model="demonstration")
        await tab.finished(accepted.generation)
        row = await judged(accepted.generation, [tab])
    assert (row.state, row.reason) == ("failed", "unavailable")
    assert other_endpoint.log() == []


async def test_when_everybody_fails_each_failure_is_in_the_ledger(
    spare: ModelEndpoint,
    tab_of: OpenTab,
    li: User,
    endpoint: DemonstrationEndpoint,
    other_endpoint: DemonstrationEndpoint,
) -> None:
    endpoint.script(Script(refuse=Refuse(status=500)))
    other_endpoint.script(Script(refuse=Refuse(status=429)))
    async with tab_of(li) as tab:
        accepted = await tab.ask("你好")
        await tab.finished(accepted.generation)
        row = await judged(accepted.generation, [tab])
    assert (row.state, row.reason, row.attempts) == ("failed", "unavailable", 2)
    assert [error for _, _, error, _ in await calls_of(accepted.generation)] == ["http_5xx", "http_429"]


async def test_the_slot_of_the_endpoint_that_failed_is_given_back(
    spare: ModelEndpoint,
    one_at_a_time: ModelEndpoint,
    tab_of: OpenTab,
    li: User,
    endpoint: DemonstrationEndpoint,
    other_endpoint: DemonstrationEndpoint,
) -> None:
    endpoint.next(Script(refuse=Refuse(status=500)))
    async with tab_of(li) as tab:
        first = await tab.ask("你好")
        await tab.finished(first.generation)
        await in_database(spare.delete)
        second = await tab.ask("再来")
        await tab.finished(second.generation)
        row = await judged(second.generation, [tab])
    assert row.state == "completed"
