"""F8, F10: the line to the endpoint is reset, falls silent or is slow. What endpoints do wrong: tests of inference."""

from collections.abc import Callable

import pytest

from app.accounts.models import User
from app.demonstration.faults import Moment, Script, Stall
from conversations.protocol import Accepted
from tests.endpoint import DemonstrationEndpoint
from tests.faults.figures import Settling
from tests.faults.judge import calls_of, judge_everything, judged
from tests.faults.proxy import Way
from tests.faults.scenes import LONG_S, Sender, opened
from tests.faults.stage import Stage
from tests.tab import Tab

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.fault("F8", bound_s=30)]

StagedTab = Callable[[User, int], Tab]


async def asked(tab: Tab, text: str) -> Accepted:
    return await Sender(await opened(tab), text).until_accepted()


async def test_a_reset_before_any_answer_is_asked_once_more(
    stage: Stage, staged_tab_of: StagedTab, li: User, endpoint: DemonstrationEndpoint, settling: Settling
) -> None:
    """There is no other endpoint. Both requests are in the ledger."""
    endpoint.next(Script(stall=Stall(at=Moment.BEFORE_HEADERS)))
    tab = staged_tab_of(li, 0)
    accepted = await asked(tab, "nonce=li tokens=20")
    await endpoint.until(lambda log: log)
    with settling.measured():
        stage.endpoint.reset()
        await tab.finished(accepted.generation, timeout_s=LONG_S)
    row = await judged(accepted.generation, [tab])
    await tab.close()
    assert (row.state, row.reason) == ("completed", "stop")
    assert await calls_of(row.pk) == [(1, 1, "reset", "none"), (1, 2, "", "reported")]


async def test_a_reset_before_the_first_word_ends_it_without_a_word(
    stage: Stage, staged_tab_of: StagedTab, li: User, endpoint: DemonstrationEndpoint, settling: Settling
) -> None:
    """It had taken the question, so that it is not asked again."""
    endpoint.script(Script(stall=Stall(at=Moment.AFTER_HEADERS)))
    tab = staged_tab_of(li, 0)
    accepted = await asked(tab, "nonce=li tokens=20")
    await tab.until(lambda: tab.of(accepted.generation).started)
    with settling.measured():
        stage.endpoint.reset()
        await tab.finished(accepted.generation, timeout_s=LONG_S)
    row = await judged(accepted.generation, [tab])
    await tab.close()
    assert (row.state, row.reason, row.text) == ("failed", "upstream_reset", "")
    assert [call[2] for call in await calls_of(row.pk)] == ["reset"]


async def test_a_reset_after_some_words_keeps_them(
    stage: Stage, staged_tab_of: StagedTab, li: User, endpoint: DemonstrationEndpoint, settling: Settling
) -> None:
    endpoint.script(Script(tokens_per_s=60))
    tab = staged_tab_of(li, 0)
    accepted = await asked(tab, "nonce=li tokens=3000")
    shown = (await tab.shows(accepted.generation, 100)).text
    with settling.measured():
        stage.endpoint.reset()
        await tab.finished(accepted.generation, timeout_s=LONG_S)
    row = await judged(accepted.generation, [tab])
    await tab.close()
    assert (row.state, row.reason) == ("interrupted", "upstream_reset")
    assert row.text.startswith(shown)


async def test_a_line_that_falls_silent_is_given_up(
    stage: Stage, staged_tab_of: StagedTab, li: User, endpoint: DemonstrationEndpoint, settling: Settling
) -> None:
    """F10: twenty seconds between two words, scaled."""
    endpoint.script(Script(tokens_per_s=60))
    tab = staged_tab_of(li, 0)
    accepted = await asked(tab, "nonce=li tokens=3000")
    await tab.shows(accepted.generation, 100)
    with settling.measured():
        stage.endpoint.turn(Way.SWALLOW)
        await tab.finished(accepted.generation, timeout_s=LONG_S)
    row = await judged(accepted.generation, [tab])
    await tab.close()
    assert (row.state, row.reason) == ("interrupted", "stall")


async def test_a_slow_line_loses_nothing(
    stage: Stage, staged_tab_of: StagedTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    stage.endpoint.delay(0.05)
    endpoint.script(Script(tokens_per_s=60))
    tab = staged_tab_of(li, 0)
    accepted = await asked(tab, "nonce=li tokens=100")
    await tab.finished(accepted.generation, timeout_s=LONG_S)
    await judge_everything([tab], endpoint=endpoint)
    await tab.close()
