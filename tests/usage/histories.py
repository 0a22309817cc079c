"""Histories that hypothesis makes up: who did what, when, in which order it arrived, how often, and when we looked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from conversations import events
from conversations.events import CallPurpose, Cost, EngagementKind, Rephrase, Tokens, TokenSource, TurnKind, Vote
from tests.usage import cast

QUARTER = timedelta(minutes=15)


def _three(year: int, month: int, day: int) -> datetime:
    """At three o'clock in the night, in UTC."""
    return datetime(year, month, day, 3, tzinfo=UTC)


START = _three(2026, 10, 31)
BEGINNINGS: Mapping[str, Sequence[datetime]] = {
    "Asia/Shanghai": [START],
    "Asia/Kathmandu": [START],  # +05:45
    "America/New_York": [START],  # 25 hours on 1 November
    "Australia/Lord_Howe": [_three(2026, 10, 3), _three(2026, 4, 4)],  # half an hour less on 4 October, more on 5 April
    "America/Santiago": [
        _three(2026, 9, 5),
        _three(2026, 4, 3),
    ],  # without midnight on 6 September, twice 23 h on 4 April
    "UTC": [START],
}
"""Zones, and where their histories begin: the day before one on which clocks are changed, if they ever are."""

zones = st.sampled_from([*BEGINNINGS]).map(ZoneInfo)
shifts = st.sampled_from([0, 0, -1, 1, 60_000_000, 899_999_999])
"""Microseconds: around window ends, where an off-by-one would show."""


@cache
def within_days(zone: ZoneInfo, start: datetime) -> st.SearchStrategy[datetime]:
    """Within 60 hours, and above all near the midnights in them, so that pauses of any length come up."""
    midnights = [datetime.combine(start + timedelta(days=n), time.min, tzinfo=zone).astimezone(UTC) for n in (1, 2)]
    hours = st.builds(lambda quarter: start + quarter * QUARTER, st.integers(0, 4 * 60))
    nights = st.builds(lambda midnight, n: midnight + n * QUARTER, st.sampled_from(midnights), st.integers(-6, 6))
    return st.builds(lambda moment, shift: moment + timedelta(microseconds=shift), hours | nights, shifts)


@cache
def over_weeks(_: ZoneInfo, start: datetime) -> st.SearchStrategy[datetime]:
    """Days apart, by what counting people looks at: neighbours, a week, a month, the ends of brackets and cohorts."""
    return st.builds(
        lambda day, shift: start + timedelta(days=day, minutes=shift),
        st.sampled_from([0, 1, 2, 3, 6, 7, 8, 9, 14, 15, 16, 22, 27, 28, 29, 30, 31, 35, 36, 43, 56, 57, 63, 64]),
        st.sampled_from([0, 20, 779, 780, 800, 1300]),
    )


moments = within_days(ZoneInfo("UTC"), START)
now_and_then = st.sampled_from([False, False, False, True])
counts = st.none() | st.integers(0, 5000)
tokens = st.builds(
    Tokens,
    input_uncached=counts,
    input_cached=counts,
    output_visible=counts,
    output_reasoning=counts,
    source=st.sampled_from(list(TokenSource)),
)
costs = st.just(Cost()) | st.builds(Cost, pico=st.integers(0, 3 * 10**12), currency=st.sampled_from(["CNY", "USD"]))


Event = events.TurnAccepted | events.GenerationFinished | events.UpstreamCallEnded | events.Engagement


@dataclass(frozen=True)
class Arrival:
    """One event reaches the ledger, alone or again."""

    event: Event
    then_drain: bool


@st.composite
def one_turn(draw: st.DrawFn, name: str, when: st.SearchStrategy[datetime] = moments) -> list[Arrival]:
    turn = cast.turn(
        name,
        who=draw(st.sampled_from([cast.LI, cast.WANG, cast.ZHAO])),
        at=draw(when),
        scenario=draw(st.sampled_from(["writing", "study", ""])),
        model=draw(st.sampled_from(["qwen-plus", "own-8b"])),
        channel=draw(st.sampled_from(["web", "api"])),
        kind=draw(st.sampled_from([TurnKind.SEND, TurnKind.SEND, TurnKind.REGENERATE, TurnKind.CONTINUE])),
        is_internal=draw(st.sampled_from([False, False, False, True])),
        within=draw(st.sampled_from(["", "a talk", "a talk", "another talk"])),
    )
    made: list[Arrival] = [Arrival(events.TurnAccepted(turn=turn), draw(now_and_then))]
    made += [Arrival(event, draw(now_and_then)) for event in draw(st.lists(signals(turn), max_size=3))]
    calls = [
        cast.call(
            turn,
            attempt=attempt,
            endpoint=draw(st.sampled_from(["cloud", "own"])),
            after=draw(st.sampled_from([timedelta(milliseconds=50), attempt * QUARTER])),
            error=draw(st.sampled_from(["", "connect"])),
            tokens=draw(tokens),
            cost=draw(costs),
            lasted=timedelta(seconds=draw(st.integers(0, 2000))),
        )
        for attempt in range(1, draw(st.integers(0, 2)) + 1)
    ]
    if draw(st.booleans()):
        lost = cast.call(turn, epoch=9, tokens=Tokens(), cost=Cost(), error="lease_lost", purpose=CallPurpose.ANSWER)
        made.append(Arrival(lost, draw(now_and_then)))
    if draw(st.sampled_from([True, True, True, False])):
        end = cast.ending(
            turn,
            outcome=draw(st.sampled_from(["completed", "completed", "stopped", "failed", "interrupted", "expired"])),
            first_token_ms=draw(st.none() | st.integers(0, 90_000)),
            duration_ms=draw(st.integers(0, 600_000)),
            visible_characters=draw(st.sampled_from([0, 1, 199, 200, 900])),
            tokens=draw(tokens),
            calls=calls,
        )
        made.append(Arrival(end, draw(now_and_then)))
    return made


ABOUT_ANSWERS = (
    *([EngagementKind.RATED] * 2),
    *([EngagementKind.FOLLOW_UP] * 2),
    EngagementKind.COPIED,
    EngagementKind.SHARED,
    EngagementKind.EXPORTED,
    EngagementKind.REGENERATED,
    EngagementKind.EDITED,
)
# At the two borders of the verdict: 120 s after the end of an answer that took none, and 72 h after it was asked for.
delays = st.sampled_from([0, 1, 119_999, 120_000, 3_600_000, 259_199_999, 259_200_000, 400_000_000])


@st.composite
def signals(draw: st.DrawFn, turn: events.Turn) -> events.Engagement:
    kind = draw(st.sampled_from(ABOUT_ANSWERS))
    return events.Engagement(
        id=draw(st.uuids(version=4)),
        kind=kind,
        subject=turn.subject,
        is_internal=draw(st.booleans()),
        scenario="",
        channel="web",
        occurred_at=turn.occurred_at + timedelta(milliseconds=draw(delays)),
        about=turn,
        value=draw(st.sampled_from(list(Vote))).value if kind is EngagementKind.RATED else "",
        rephrase=(
            Rephrase(per_mille=draw(st.sampled_from([0, 599, 600, 1000])), version=1)
            if kind is EngagementKind.FOLLOW_UP
            else None
        ),
    )


VISITS = (
    EngagementKind.SCENARIO_SEEN,
    EngagementKind.SCENARIO_CHOSEN,
    EngagementKind.CONVERSATION_STARTED,
    EngagementKind.ACQUIRED,
)


@st.composite
def visits(draw: st.DrawFn, when: st.SearchStrategy[datetime] = moments) -> events.Engagement:
    kind = draw(st.sampled_from(VISITS))
    return events.Engagement(
        id=draw(st.uuids(version=4)),
        kind=kind,
        subject=draw(st.sampled_from([cast.LI, cast.WANG])),
        is_internal=draw(st.booleans()),
        scenario=draw(st.sampled_from(["writing", "study", ""])),
        channel=draw(st.sampled_from(["web", "api"])),
        occurred_at=draw(when),
        value=draw(st.sampled_from(["spring", "voucher"])) if kind is EngagementKind.ACQUIRED else "",
    )


@st.composite
def histories(
    draw: st.DrawFn, *, turns: int = 7, when: st.SearchStrategy[datetime] = moments, seen: int = 2
) -> list[Arrival]:
    """In any order, some events twice."""
    made = [arrival for n in range(draw(st.integers(1, turns))) for arrival in draw(one_turn(str(n), when))]
    made += [Arrival(event, draw(now_and_then)) for event in draw(st.lists(visits(when), max_size=seen))]
    again = draw(st.lists(st.sampled_from(made), max_size=3))
    return draw(st.permutations([*made, *again]))


@dataclass(frozen=True)
class Story:
    """A history in a reporting zone that has its peculiarities while it lasts."""

    zone: ZoneInfo
    start: datetime
    arrivals: list[Arrival]


@st.composite
def stories(
    draw: st.DrawFn,
    *,
    turns: int = 7,
    when: Callable[[ZoneInfo, datetime], st.SearchStrategy[datetime]] = within_days,
    seen: int = 2,
) -> Story:
    zone = draw(zones)
    start = draw(st.sampled_from(BEGINNINGS[zone.key]))
    return Story(zone, start, draw(histories(turns=turns, when=when(zone, start), seen=seen)))
