"""Who they are, and on which days they come."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from usage.simulation.plan import random_id
from usage.simulation.world import SCENARIOS, World


class Habit(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"
    NOW_AND_THEN = "now_and_then"
    ONCE = "once"


class Pace(NamedTuple):
    """Chances per day: to come while the habit lasts, and that it ends."""

    come: float
    lose: float


PACES: Mapping[Habit, Pace] = {
    Habit.DAILY: Pace(0.72, 0.006),
    Habit.WEEKLY: Pace(0.27, 0.009),
    Habit.NOW_AND_THEN: Pace(0.07, 0.012),
    Habit.ONCE: Pace(0.02, 0.35),
}
ORGANIC_HABITS = (14, 30, 32, 24)
CAMPAIGN_HABITS = (3, 9, 18, 70)
"""Weights, in the order of ``Habit``: a campaign's people are not those who found the way themselves."""

WEEKEND = 0.65
"""How much rarer people come on Saturdays and Sundays."""
COMES_BACK = 0.18
"""Of those who had left: for a second and last time."""
AWAY_DAYS = (7, 8, 15, 28, 29, 40, 60, 85)


class Course(NamedTuple):
    """The days of somebody punctual, counted from their first."""

    asks: tuple[int, ...]
    only_looks: tuple[int, ...] = ()


PUNCTUAL = 8
"""Everybody of a number divisible by it."""
COURSES = (
    Course(asks=(0, 7, 28)),
    Course(asks=(7, 14, 35), only_looks=(0,)),
    Course(asks=(0, 1, 15)),
    Course(asks=(0, 8, 28)),
    Course(asks=(8, 9, 30), only_looks=(0,)),
    Course(asks=(0, 1, 29)),
    Course(asks=(0, 1, 14, 56)),
)
"""On the last days that definitions of adoption and retention allow, and on those just before and after them: a border
that moved by a day must show in the smallest history."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    number: int
    subject: UUID
    is_internal: bool
    campaign: str
    """Empty: organic."""
    locale: str
    channel: str
    favourites: tuple[str, ...]
    """Scenarios, the dearest first."""
    days: tuple[int, ...]
    """On which they come, in order; not every one of them asks something."""
    is_punctual: bool = False
    """Has one scenario, which they see before they ask in it, and asks whenever they come."""
    only_looks: frozenset[int] = frozenset()
    """But for these days."""


def person_of(world: World, number: int) -> Person:
    chance = world.plan.chance("person", number)
    if number % PUNCTUAL == 0:
        return _punctual(world, chance, number)
    campaign, arrival = _arrival(world, chance)
    weights = CAMPAIGN_HABITS if campaign else ORGANIC_HABITS
    habit = chance.choices(tuple(Habit), weights)[0]
    return Person(
        number=number,
        subject=random_id(chance),
        is_internal=chance.random() < 0.02,
        campaign=campaign,
        locale="zh" if chance.random() < 0.85 else "en",
        channel="api" if chance.random() < 0.06 else "web",
        favourites=_favourites(chance),
        days=tuple(_days(world, chance, arrival, PACES[habit])),
    )


def _punctual(world: World, chance: random.Random, number: int) -> Person:
    """Arrives in the first week: there must be days left for the whole course."""
    course = COURSES[number // PUNCTUAL % len(COURSES)]
    first = number // PUNCTUAL % 7
    days = sorted(first + day for day in (*course.asks, *course.only_looks))
    return Person(
        number=number,
        subject=random_id(chance),
        is_internal=False,
        campaign="",
        locale="zh",
        channel="web",
        favourites=_favourites(chance)[:1],
        days=tuple(day for day in days if day < world.plan.days),
        is_punctual=True,
        only_looks=frozenset(first + day for day in course.only_looks),
    )


def _arrival(world: World, chance: random.Random) -> tuple[str, int]:
    """Of campaigns on their days; of the others more and more every day, and a tenth from the first day."""
    place = chance.random()
    for campaign in world.campaigns:
        if place < campaign.share:
            return campaign.name, chance.randint(campaign.first_day, campaign.last_day)
        place -= campaign.share
    return "", max(0, int(world.plan.days * (chance.random() ** 0.75 * 1.1 - 0.1)))


def _favourites(chance: random.Random) -> tuple[str, ...]:
    drawn = chance.choices(tuple(SCENARIOS), tuple(SCENARIOS.values()), k=chance.choice((1, 2, 2, 3)))
    return tuple(dict.fromkeys(drawn))


def _days(world: World, chance: random.Random, arrival: int, pace: Pace) -> list[int]:
    days, day = [arrival], arrival
    for _ in range(2):
        day = _live(world, chance, days, day + 1, pace)
        if day >= world.plan.days or chance.random() >= COMES_BACK:
            break
        day += chance.choice(AWAY_DAYS)
        if day < world.plan.days:
            days.append(day)
    return days


def _live(world: World, chance: random.Random, days: list[int], day: int, pace: Pace) -> int:
    """Come by habit from ``day`` on, until it is lost; that day, or the first one after the end."""
    while day < world.plan.days and chance.random() >= pace.lose:
        usual = pace.come * (WEEKEND if world.plan.date_of(day).weekday() >= 5 else 1)
        if chance.random() < usual:
            days.append(day)
        day += 1
    return day
