"""A killed process's answer goes on where it was, where the endpoint can: nothing lost, nothing twice."""

from collections.abc import Callable

import pytest

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.inference.types import PrefixStyle
from tests.endpoint import DemonstrationEndpoint
from tests.faults.judge import calls_of, judged
from tests.faults.test_owner_is_lost import streaming
from tests.processes import Process
from tests.tab import Tab

pytestmark = pytest.mark.serial

OpenTab = Callable[[User], Tab]
TOKENS = 300
WHOLE = "".join(f"li-{number:04d} " for number in range(1, TOKENS + 1))


@pytest.mark.parametrize(
    "prefixes", [PrefixStyle.PARTIAL, PrefixStyle.PREFIX, PrefixStyle.CONTINUE_FINAL_MESSAGE], indirect=True
)
async def test_an_answer_goes_on_from_the_word_that_was_shown(
    doomed: Process, doomed_tab_of: OpenTab, tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(tokens_per_s=100))
    async with tab_of(li) as elsewhere:
        tab = doomed_tab_of(li)
        await tab.open()
        accepted = await tab.ask(f"nonce=li tokens={TOKENS}")
        await elsewhere.say("follow", generation=accepted.generation, after=0)
        await elsewhere.shows(accepted.generation, 100)
        await streaming(accepted.generation)
        doomed.kill()
        shown = elsewhere.of(accepted.generation).text
        await elsewhere.finished(accepted.generation)
        row = await judged(accepted.generation, [elsewhere])
        await tab.close()
    assert WHOLE.startswith(shown)
    assert (row.text, row.state, row.epoch) == (WHOLE, "completed", 2)
    assert row.token_source == "estimated"
    assert await calls_of(accepted.generation) == [(1, 1, "lease_lost", "none"), (2, 1, "", "reported")]
    assert endpoint.log()[-1].body["messages"][-1]["content"].startswith(shown[:50])


async def test_another_model_never_goes_on_with_somebody_elses_words(
    doomed: Process, doomed_tab_of: OpenTab, tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    """This endpoint continues nothing: the words stay, and the person can go on."""
    endpoint.script(Script(tokens_per_s=100))
    async with tab_of(li) as elsewhere:
        tab = doomed_tab_of(li)
        await tab.open()
        accepted = await tab.ask(f"nonce=li tokens={TOKENS}")
        await elsewhere.say("follow", generation=accepted.generation, after=0)
        await elsewhere.shows(accepted.generation, 100)
        await streaming(accepted.generation)
        doomed.kill()
        await elsewhere.finished(accepted.generation)
        row = await judged(accepted.generation, [elsewhere])
        await tab.close()
    assert (row.state, row.reason) == ("interrupted", "lease_lost")
    assert WHOLE.startswith(row.text)
