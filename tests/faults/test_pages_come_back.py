"""F16: a page is cut off after any frame of a long answer, and comes back: to the same process or another one, while it
is written or when it is over, with its log or without. Nobody else may come in its place."""

from dataclasses import dataclass
from random import Random
from uuid import UUID

import pytest
from redis import Redis

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.delta_log import key_of
from conversations.protocol import AnyServerFrame, Delta, Error, Finished, Snapshot, Welcome
from tests.endpoint import DemonstrationEndpoint
from tests.faults.conftest import FIRST, SECOND, OpenTab
from tests.faults.judge import judge_everything, judged
from tests.faults.scenes import LONG_S
from tests.faults.sizes import SIZES
from tests.processes import Process
from tests.tab import Seen, Tab

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.fault("F16")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """At which the pages come back."""

    is_over: bool = False
    log_is_gone: bool = False


MOMENTS = {
    "while it is written": Moment(),
    "while it is written, its log gone": Moment(log_is_gone=True),
    "after its end": Moment(is_over=True),
    "after its end, its log gone": Moment(is_over=True, log_is_gone=True),
}


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
async def test_a_page_that_was_cut_off_after_any_frame_misses_nothing(
    moment: Moment,
    tab_of: OpenTab,
    doomed_tab_of: OpenTab,
    li: User,
    wang: User,
    endpoint: DemonstrationEndpoint,
    redis: "Redis",
    chance: Random,
) -> None:
    endpoint.script(Script(tokens_per_s=40))
    pages: list[Tab] = []
    async with Witness(tab_of(li)) as witness, tab_of(wang) as his, doomed_tab_of(wang) as his_elsewhere:
        accepted = await witness.ask("nonce=li tokens=5000")
        generation, shown = accepted.generation, witness.of(accepted.generation)
        await witness.until(lambda: len(witness.states) > SIZES.frames, timeout_s=LONG_S)
        if moment.is_over:
            await witness.say("stop", generation=generation)
            await witness.finished(generation)
        if moment.log_is_gone:
            redis.delete(key_of(generation))
        had = witness.states[chance.randrange(SIZES.frame_step) : SIZES.frames : SIZES.frame_step]
        for opening in (tab_of, doomed_tab_of):
            for state in had:
                pages.append(await came_back(opening(li), generation, state, until=shown))
        for stranger in (his, his_elsewhere):
            for state in (Seen(), *had[:: max(1, len(had) // FOLLOWS)]):
                error = await stranger.refused("follow", generation=generation, after=state.seq)
                assert (error.code, error.generation) == ("not_found", generation)
            assert {type(frame) for frame in stranger.frames} == {Welcome, Error}
        if not moment.is_over:
            await witness.say("stop", generation=generation)
            await witness.finished(generation)
        await judge_everything([witness, *pages, his, his_elsewhere], endpoint=endpoint)


FOLLOWS = 20
"""Of a stranger, in one go: fewer than a socket may ask for."""


class Witness(Tab):
    """A page that is there all the time, and remembers what it had after each frame that brought words."""

    def __init__(self, like: Tab) -> None:
        super().__init__(like.origin, like._sign_in)
        self.states: list[Seen] = []

    async def _apply(self, frame: AnyServerFrame) -> None:
        await super()._apply(frame)
        if isinstance(frame, Delta | Snapshot):
            seen = self.of(frame.generation)
            self.states.append(Seen(seq=seen.seq, text=seen.text))


async def came_back(page: Tab, generation: UUID, had: Seen, *, until: Seen) -> Tab:
    """With what it had, until it shows no less than a page that was there all the time. Then it leaves."""
    there = len(until.text)
    page.seen[generation] = seen = Seen(seq=had.seq, text=had.text)
    async with page:
        await page.say("follow", generation=generation, after=had.seq)
        await page.until(lambda: seen.finished or (until.finished is None and len(seen.text) >= there))
    return page


@pytest.mark.parametrize("elsewhere", [False, True], ids=["to the same process", "to another one each time"])
async def test_a_page_that_leaves_after_every_frame_misses_nothing(
    elsewhere: bool, tab_of: OpenTab, doomed: Process, li: User, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(tokens_per_s=20))
    tab = tab_of(li)
    await tab.open()
    accepted = await tab.ask(f"nonce=li tokens={SIZES.frames}")
    seen = tab.of(accepted.generation)
    visits = 0
    while seen.finished is None:
        already, visits = len(tab.frames), visits + 1
        await tab.until(lambda: [f for f in tab.frames[already:] if isinstance(f, Delta | Snapshot | Finished)])  # noqa: B023
        await tab.close()
        if elsewhere:
            tab.origin = SECOND if tab.origin == FIRST else FIRST
        await tab.open()
        await tab.say("follow", generation=accepted.generation, after=seen.seq)
    row = await judged(accepted.generation, [tab], endpoint=endpoint)
    await tab.close()
    assert (row.state, row.epoch) == ("completed", 1)
    assert visits > 1
