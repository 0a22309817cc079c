"""F10: one line of 50 MB, at the beginning and in the middle of an answer: given up at once, with little in memory."""

from collections.abc import Callable

import pytest

from app.accounts.models import User
from app.demonstration.faults import LongLine, Script
from tests.endpoint import DemonstrationEndpoint
from tests.faults.figures import Gauges, Settling
from tests.faults.judge import judged
from tests.faults.memory import forget_peak, peak_mb, resident_mb
from tests.processes import Process
from tests.tab import Tab

pytestmark = [pytest.mark.slow, pytest.mark.fault("F10", bound_s=32)]

OpenTab = Callable[[User], Tab]

MEGABYTES = 50
AT_MOST_MB = 16
"""An event may have one. What a process takes for an answer, and for whatever else it does just then, is in it too."""


@pytest.mark.parametrize(
    ("tokens", "ending"),
    [(0, ("failed", "bad_stream")), (5, ("interrupted", "bad_stream"))],
    ids=["at the beginning", "in the middle"],
)
async def test_a_line_of_50_mb_is_not_kept(
    tab_of: OpenTab,
    web_process: Process,
    li: User,
    endpoint: DemonstrationEndpoint,
    settling: Settling,
    gauges: Gauges,
    tokens: int,
    ending: tuple[str, str],
) -> None:
    endpoint.script(Script(contains="again", long_line=LongLine(megabytes=MEGABYTES, tokens=tokens)))
    async with tab_of(li) as tab:
        usual = await tab.ask("nonce=li tokens=20")
        await tab.finished(usual.generation)  # what an answer takes, it has taken
        forget_peak(web_process)
        before = resident_mb(web_process)
        with settling.measured():
            turn = await tab.ask("nonce=again tokens=20")
            await tab.finished(turn.generation)
        grown = peak_mb(web_process) - before
        row = await judged(turn.generation, [tab], endpoint=endpoint)
    gauges.saw("memory of the process for a line of 50 MB", grown, unit="MB", bound=AT_MOST_MB)
    assert (row.state, row.reason) == ending
    assert len(row.text.split()) == tokens
    assert grown < AT_MOST_MB
