"""A killed process's answer goes on where it was, where the endpoint can: nothing lost, nothing twice."""

from collections.abc import Callable
from random import Random

import pytest

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.inference.types import PrefixStyle
from conversations.models import Generation
from tests.endpoint import DemonstrationEndpoint
from tests.faults.figures import Settling
from tests.faults.judge import calls_of, judged
from tests.faults.scenes import under_way
from tests.processes import Process
from tests.tab import Tab

pytestmark = [pytest.mark.slow, pytest.mark.fault("F1", bound_s=10)]

OpenTab = Callable[[User], Tab]
TOKENS = 300
WHOLE = "".join(f"li-{number:04d} " for number in range(1, TOKENS + 1))


async def killed_in_the_middle(
    doomed: Process,
    tab: Tab,
    elsewhere: Tab,
    endpoint: DemonstrationEndpoint,
    chance: Random,
    settling: Settling,
) -> tuple[Generation, str]:
    """The ended row, and what was shown on the other process when the owner was killed."""
    endpoint.script(Script(tokens_per_s=100))
    generation = await under_way(tab, elsewhere, f"nonce=li tokens={TOKENS}", shown=chance.randrange(1, 800))
    doomed.kill()
    shown = elsewhere.of(generation).text
    with settling.measured():
        await elsewhere.until(
            lambda: elsewhere.of(generation).finished or len(elsewhere.of(generation).text) > len(shown)
        )
    await elsewhere.finished(generation)
    await tab.close()
    return await judged(generation, [elsewhere]), shown


@pytest.mark.parametrize(
    "prefixes", [PrefixStyle.PARTIAL, PrefixStyle.PREFIX, PrefixStyle.CONTINUE_FINAL_MESSAGE], indirect=True
)
async def test_an_answer_goes_on_from_the_word_that_was_shown(
    doomed: Process,
    doomed_tab_of: OpenTab,
    tab_of: OpenTab,
    li: User,
    endpoint: DemonstrationEndpoint,
    chance: Random,
    settling: Settling,
) -> None:
    async with tab_of(li) as elsewhere:
        row, shown = await killed_in_the_middle(doomed, doomed_tab_of(li), elsewhere, endpoint, chance, settling)
    assert WHOLE.startswith(shown)
    assert (row.text, row.state, row.epoch) == (WHOLE, "completed", 2)
    assert row.token_source == "estimated"
    assert await calls_of(row.pk) == [(1, 1, "lease_lost", "estimated"), (2, 1, "", "reported")]
    assert endpoint.log()[-1].body["messages"][-1]["content"].startswith(shown[:50])


async def test_words_of_an_endpoint_that_continues_nothing_stay_as_they_are(
    doomed: Process,
    doomed_tab_of: OpenTab,
    tab_of: OpenTab,
    li: User,
    endpoint: DemonstrationEndpoint,
    chance: Random,
    settling: Settling,
) -> None:
    async with tab_of(li) as elsewhere:
        row, shown = await killed_in_the_middle(doomed, doomed_tab_of(li), elsewhere, endpoint, chance, settling)
    assert (row.state, row.reason) == ("interrupted", "lease_lost")
    assert row.text.startswith(shown)
    assert WHOLE.startswith(row.text)
