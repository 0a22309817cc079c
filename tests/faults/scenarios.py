"""Short days in the life of a process that may have a bug. Each ends with the judge's verdict on everything.

Nothing is timed: where a bug changes what happens next, a scenario waits for either.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from redis import Redis

from app.accounts.models import User
from app.demonstration.faults import Cut, Ending, Script, Stall, UsageForm
from conversations.ids import uuid7
from conversations.protocol import Accepted, Error
from tests.endpoint import DemonstrationEndpoint
from tests.faults.judge import Broken, judge_everything, settled
from tests.processes import Process
from tests.tab import Tab, eventually

SHOWN = 8 * 20
"""Characters of twenty words of a nonce of two letters."""
LONG = "nonce=li tokens=3000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    endpoint: DemonstrationEndpoint
    redis: "Redis"
    li: User
    wang: User
    tab: Callable[[User], Tab]
    """At the process that may have a bug."""
    healthy_tab: Callable[[User], Tab]
    process: Process
    healthy: Process
    patience_s: float
    """Less where a bug is expected to keep something from coming."""


Scenario = Callable[[Cast], Awaitable[None]]


async def answered(cast: Cast) -> None:
    """Usage is reported with every word, as vLLM does."""
    cast.endpoint.script(Script(usage=UsageForm.EVERY_CHUNK))
    async with cast.tab(cast.li) as tab:
        await tab.ask("nonce=li tokens=20")
        await settled(timeout_s=cast.patience_s)
        await _all_told([tab])
        await judge_everything([tab], endpoint=cast.endpoint)


async def broken_off(cast: Cast) -> None:
    """The endpoint's line ends after five words, without a reason."""
    cast.endpoint.next(Script(cut=Cut(how=Ending.END, tokens=5)))
    async with cast.tab(cast.li) as tab:
        await tab.ask("nonce=li tokens=20")
        await settled(timeout_s=cast.patience_s)
        await _all_told([tab])
        await judge_everything([tab], endpoint=cast.endpoint)


async def stopped(cast: Cast) -> None:
    """What has ended so is written by nobody any more."""
    cast.endpoint.script(Script(tokens_per_s=100))
    async with cast.tab(cast.li) as tab:
        accepted = await tab.ask(LONG)
        await tab.shows(accepted.generation, SHOWN)
        await tab.say("stop", generation=accepted.generation)
        await settled()

        async def hung_up() -> bool:
            return any(entry.closed_early for entry in cast.endpoint.log())

        try:
            await eventually(hung_up, timeout_s=cast.patience_s)
        except TimeoutError:
            raise Broken("I5 does not hold: it has ended, and its endpoint still writes") from None
        await _all_told([tab])
        await judge_everything([tab], endpoint=cast.endpoint)


async def sent_again(cast: Cast) -> None:
    """Its answer did not arrive, thinks the page."""
    async with cast.tab(cast.li) as tab:
        request = {"id": uuid7(), "conversation": uuid7(), "text": "nonce=li tokens=5"}
        for times in (1, 2):
            await tab.say("send", **request)
            await tab.until(lambda times=times: len(_accepted(tab)) == times)  # type: ignore[misc]
            await settled(timeout_s=cast.patience_s)
        await judge_everything([tab], endpoint=cast.endpoint)


async def killed_at_once(cast: Cast) -> None:
    """Accepted is promised, whatever happens then."""
    tab = cast.tab(cast.li)
    await tab.open()
    await tab.ask("nonce=li tokens=5")
    cast.process.kill()
    await settled()
    await tab.close()
    await judge_everything([tab], endpoint=cast.endpoint)


async def followed_by_somebody_else(cast: Cast) -> None:
    cast.endpoint.script(Script(tokens_per_s=100))
    async with cast.tab(cast.li) as tab, cast.tab(cast.wang) as his:
        accepted = await tab.ask(LONG)
        await tab.shows(accepted.generation, SHOWN)
        await his.say("follow", generation=accepted.generation, after=0)
        await his.until(lambda: his.seen or any(isinstance(frame, Error) for frame in his.frames))
        await tab.say("stop", generation=accepted.generation)
        await tab.finished(accepted.generation)
        await judge_everything([tab, his], endpoint=cast.endpoint)


async def read_later(cast: Cast) -> None:
    """When nothing but the row is left."""
    async with cast.tab(cast.li) as tab:
        accepted = await tab.ask("nonce=li tokens=20")
        await tab.finished(accepted.generation)
        cast.redis.flushall()
    async with cast.tab(cast.li) as later:
        await later.say("follow", generation=accepted.generation, after=0)
        await later.until(lambda: later.of(accepted.generation).finished)
        await judge_everything([tab, later], endpoint=cast.endpoint)


async def in_line(cast: Cast) -> None:
    """Two wait while the endpoint's only place is taken."""
    cast.endpoint.script(Script(contains="nonce=aa", tokens_per_s=100))
    async with cast.tab(cast.li) as tab:
        first = await tab.ask("nonce=aa tokens=3000")
        await tab.shows(first.generation, SHOWN)
        waiting = [await _ask_and_hear(tab, f"nonce={nonce} tokens=5") for nonce in ("bb", "cc")]
        await tab.say("stop", generation=first.generation)
        await settled(timeout_s=cast.patience_s)
        await _all_told([tab])
        await judge_everything([tab], endpoint=cast.endpoint, at_once=1)
        asked = [entry.question[6:8] for entry in cast.endpoint.log() if entry.body.get("stream")]
        if asked != ["aa", "bb", "cc"]:
            raise Broken(f"first come, first served does not hold for {waiting}: {asked}")


async def one_after_the_other(cast: Cast) -> None:
    """The second gets the place that the first gave back."""
    async with cast.tab(cast.li) as tab:
        for nonce in ("aa", "bb"):
            await tab.ask(f"nonce={nonce} tokens=5")
            await settled(timeout_s=cast.patience_s)
        await _all_told([tab])
        await judge_everything([tab], endpoint=cast.endpoint, at_once=1)


async def taken_over(cast: Cast) -> None:
    """The healthy process is frozen; this one goes on with its answer."""
    cast.endpoint.script(Script(tokens_per_s=100))
    async with cast.healthy_tab(cast.li) as there, cast.tab(cast.li) as tab:
        accepted = await there.ask(LONG)
        await tab.say("follow", generation=accepted.generation, after=0)
        await tab.shows(accepted.generation, SHOWN)
        cast.healthy.freeze()
        shown = len(tab.of(accepted.generation).text)
        await tab.until(
            lambda: tab.of(accepted.generation).was_taken_back or len(tab.of(accepted.generation).text) > shown + 400
        )
        await tab.say("stop", generation=accepted.generation)
        await settled()
        cast.healthy.thaw()
        await tab.until(lambda: tab.of(accepted.generation).finished)
        await judge_everything([tab], endpoint=cast.endpoint)


async def owner_is_replaced(cast: Cast) -> None:
    """Its lease runs out while it writes. The one who takes over ends the answer at the word that was shown."""
    cast.endpoint.script(Script(tokens_per_s=100))
    async with cast.tab(cast.li) as tab, cast.healthy_tab(cast.li) as there:
        accepted = await tab.ask(LONG)
        await there.say("follow", generation=accepted.generation, after=0)
        ended = await there.finished(accepted.generation)
        seen = tab.of(accepted.generation)
        await tab.until(lambda: seen.finished or len(seen.text) > len(ended.text))
        await judge_everything([tab, there], endpoint=cast.endpoint)


async def stopped_where_it_is_no_more(cast: Cast) -> None:
    """It has been replaced, knows nothing of it, and is told to stop while the new owner is frozen."""
    cast.endpoint.script(Script(tokens_per_s=100))
    cast.endpoint.next(Script(stall=Stall(tokens=20)))
    async with cast.tab(cast.li) as tab, cast.healthy_tab(cast.li) as there:
        accepted = await tab.ask(LONG)
        await there.say("follow", generation=accepted.generation, after=0)
        await there.shows(accepted.generation, 2 * SHOWN)
        cast.healthy.freeze()
        await tab.say("stop", generation=accepted.generation)
        await tab.until(lambda: len(tab.of(accepted.generation).text) > SHOWN)
        cast.healthy.thaw()
        await there.until(lambda: there.of(accepted.generation).finished)
        await settled()
        await judge_everything([there], endpoint=cast.endpoint)


GO_ON = (taken_over, stopped_where_it_is_no_more)
"""The endpoint can go on with an answer."""
ONE_AT_A_TIME = (in_line, one_after_the_other)
CANNOT_RENEW = (owner_is_replaced, stopped_where_it_is_no_more)


async def _all_told(tabs: list[Tab]) -> None:
    """Every tab heard the end of what it was told of."""
    for tab in tabs:
        await tab.until(lambda tab=tab: all(seen.finished for seen in tab.seen.values()))  # type: ignore[misc]


async def _ask_and_hear(tab: Tab, text: str) -> Accepted:
    """Until its place is told, or it is answered."""
    accepted = await tab.ask(text)
    seen = tab.of(accepted.generation)
    await tab.until(lambda: seen.positions or seen.started or seen.finished)
    return accepted


def _accepted(tab: Tab) -> list[Accepted]:
    return [frame for frame in tab.frames if isinstance(frame, Accepted)]
