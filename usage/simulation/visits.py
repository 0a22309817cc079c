"""One coming of one person: what they look at, what they ask, and what they do with the answers."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from conversations.events import (
    Engagement,
    EngagementKind,
    GenerationFinished,
    Rephrase,
    Turn,
    TurnAccepted,
    TurnKind,
    UpstreamCallEnded,
    Vote,
)
from usage.simulation.answers import ending, title_call
from usage.simulation.people import Person
from usage.simulation.plan import id_at, random_id
from usage.simulation.reactions import KIND_OF, LIKENESS, ONWARD, REASONS, SIGNS, VOTES, Sign, Then, pauses_s
from usage.simulation.world import HOSTED_MODEL, MODEL_OF, SCENARIOS, World

CLIENT = "page-simulated"
HOURS = (3, 2, 1, 1, 1, 2, 5, 12, 22, 30, 32, 26, 20, 24, 28, 28, 26, 22, 20, 26, 34, 32, 20, 8)
"""Weights of the local hours at which people come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A question, its answer, and what the person did about it."""

    accepted: TurnAccepted
    finished: GenerationFinished
    signals: tuple[Engagement, ...]
    """Besides those that come with the next question."""
    title: UpstreamCallEnded | None
    sign: Sign
    then: Then


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    person: Person
    looks: tuple[Engagement, ...]
    """Brought by a campaign, scenarios on the screen, and chosen."""
    exchanges: tuple[Exchange, ...]


def visits_of(world: World, person: Person, day: int) -> Iterator[Visit]:
    """What a person does on a day they come; it may go on past midnight, but not past the end of the simulation."""
    chance = world.plan.chance("day", person.number, day)
    comings = chance.choices((1, 2, 3), (70, 22, 8))[0]
    hours = chance.choices(range(24), HOURS, k=comings)
    starts = sorted(timedelta(hours=hour, seconds=chance.randrange(3600)) for hour in hours)
    for number, start in enumerate(starts):
        is_first = number == 0 and day == person.days[0]
        visitor = _Visitor(world, person, chance, asks=day not in person.only_looks)
        yield visitor.visit(world.plan.start_of(day) + start, is_first=is_first)


class _Visitor:
    """Somebody at the screen. Keeps what the next question depends on."""

    def __init__(self, world: World, person: Person, chance: random.Random, *, asks: bool) -> None:
        self._world = world
        self._person = person
        self._chance = chance
        self._asks = asks
        explores = chance.random() < 0.12 and not person.is_punctual
        self._scenario = chance.choice((*SCENARIOS,) if explores else person.favourites)

    def visit(self, start: datetime, *, is_first: bool) -> Visit:
        looks = tuple(self._looks(start, is_first=is_first))
        exchanges: list[Exchange] = []
        at, left = start + timedelta(seconds=self._chance.randint(3, 60)), self._questions()
        while left > 0 and at < self._world.plan.end:
            left -= 1
            exchange, at = self._exchange(exchanges[-1] if exchanges else None, at, is_last=left == 0)
            exchanges.append(exchange)
            if exchange.then is Then.LEAVE:
                break
        return Visit(person=self._person, looks=looks, exchanges=tuple(exchanges))

    def _questions(self) -> int:
        """One in fourteen only looks."""
        looks = self._chance.random() < 0.07 and not self._person.is_punctual
        return 0 if looks or not self._asks else min(1 + int(self._chance.expovariate(0.45)), 25)

    def _looks(self, start: datetime, *, is_first: bool) -> Iterator[Engagement]:
        """Not everybody sees the scenario they ask in, nor chooses it: some come by its link."""
        if is_first and self._person.campaign:
            yield self._engagement(EngagementKind.ACQUIRED, start, value=self._person.campaign)
        if self._person.channel != "web":
            return
        if self._chance.random() < 0.75 or self._person.is_punctual:
            yield self._engagement(EngagementKind.SCENARIO_SEEN, start)
        if self._chance.random() < 0.66:
            yield self._engagement(EngagementKind.SCENARIO_CHOSEN, start + timedelta(seconds=2))

    def _exchange(self, before: Exchange | None, at: datetime, *, is_last: bool) -> tuple[Exchange, datetime]:
        """And the moment of the next one."""
        accepted = self._accepted(before, at)
        finished = ending(self._world, self._chance, accepted.turn)
        begins = bool(accepted.engagements) and accepted.engagements[0].kind is EngagementKind.CONVERSATION_STARTED
        then = Then.LEAVE if is_last else self._then(finished)
        upcoming = finished.finished_at + timedelta(seconds=self._chance.choice(pauses_s(then)))
        if upcoming >= self._world.plan.end:
            then = Then.LEAVE
        sign = self._sign(finished)
        signals = tuple(self._signals(finished, sign))
        exchange = Exchange(
            accepted=accepted,
            finished=finished,
            signals=signals,
            title=title_call(self._world, self._chance, accepted.turn, finished.finished_at) if begins else None,
            sign=sign if signals else Sign.NONE,
            then=then,
        )
        return exchange, upcoming

    def _then(self, finished: GenerationFinished) -> Then:
        if finished.turn.kind is TurnKind.CONTINUE:
            return self._chance.choice((Then.LEAVE, Then.ANEW))
        if finished.outcome == "interrupted" and self._chance.random() < 0.6:
            return Then.CONTINUE
        if finished.outcome == "failed" and self._chance.random() < 0.5:
            return Then.REGENERATE
        if finished.outcome == "completed" and not finished.visible_characters and self._chance.random() < 0.5:
            return Then.LEAVE
        return self._chance.choices((*ONWARD,), (*ONWARD.values(),))[0]

    def _sign(self, finished: GenerationFinished) -> Sign:
        if finished.visible_characters == 0 or finished.turn.kind is TurnKind.CONTINUE:
            return Sign.NONE
        return self._chance.choices((*SIGNS,), (*SIGNS.values(),))[0]

    def _accepted(self, before: Exchange | None, at: datetime) -> TurnAccepted:
        then = before.then if before else Then.ANEW
        if before is None or then is Then.ANEW:
            turn = self._turn(at, TurnKind.SEND)
            return TurnAccepted(turn=turn, engagements=(self._engagement(EngagementKind.CONVERSATION_STARTED, at),))
        about = before.finished.turn
        kind, engaged = KIND_OF.get(then, (TurnKind.SEND, EngagementKind.FOLLOW_UP))
        if then is Then.CONTINUE:
            return TurnAccepted(turn=self._turn(at, TurnKind.CONTINUE, goes_on_with=about))
        turn = self._turn(at, kind, within=about)
        rephrase = Rephrase(per_mille=self._chance.choice(LIKENESS[then]), version=1) if then in LIKENESS else None
        return TurnAccepted(turn=turn, engagements=(self._engagement(engaged, at, about=about, rephrase=rephrase),))

    def _turn(
        self, at: datetime, kind: TurnKind, *, within: Turn | None = None, goes_on_with: Turn | None = None
    ) -> Turn:
        generation = id_at(at, self._chance)
        thread = goes_on_with or within
        return Turn(
            generation=generation,
            answer=goes_on_with.answer if goes_on_with else id_at(at, self._chance),
            conversation=thread.conversation if thread else id_at(at, self._chance),
            subject=self._person.subject,
            is_internal=self._person.is_internal,
            kind=kind,
            scenario=self._scenario,
            model=MODEL_OF.get(self._scenario, HOSTED_MODEL),
            channel=self._person.channel,
            locale=self._person.locale,
            client=CLIENT,
            occurred_at=at,
        )

    def _signals(self, finished: GenerationFinished, sign: Sign) -> Iterator[Engagement]:
        """Whatever would be given after the end of the simulation is not given."""
        seconds = self._chance.randint(3 * 86_400 + 3600, 9 * 86_400) if sign is Sign.LATE_UP else 2
        at = finished.finished_at + timedelta(seconds=seconds)
        match sign:
            case Sign.NONE:
                return
            case Sign.COPIED | Sign.SHARED | Sign.EXPORTED:
                values, kind = [""], EngagementKind(sign.value)
            case _:
                values, kind = [vote.value for vote in VOTES[sign]], EngagementKind.RATED
        if at + timedelta(seconds=3 * len(values)) >= self._world.plan.end:
            return
        for number, value in enumerate(values):
            given = at + timedelta(seconds=3 * number)
            reasons = (self._chance.choice(REASONS),) if value == Vote.DOWN else ()
            yield self._engagement(kind, given, about=finished.turn, value=value, reasons=reasons)

    def _engagement(
        self,
        kind: EngagementKind,
        at: datetime,
        *,
        about: Turn | None = None,
        value: str = "",
        reasons: tuple[str, ...] = (),
        rephrase: Rephrase | None = None,
    ) -> Engagement:
        return Engagement(
            id=random_id(self._chance),
            kind=kind,
            subject=self._person.subject,
            is_internal=self._person.is_internal,
            scenario=self._scenario,
            channel=self._person.channel,
            occurred_at=at,
            about=about,
            value=value,
            reasons=reasons,
            rephrase=rephrase,
        )
