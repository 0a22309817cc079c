"""What is to be simulated."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    users: int
    days: int
    """Local days of ``zone``; the last one is ``until``."""
    seed: int
    until: date
    zone: ZoneInfo

    def date_of(self, day: int) -> date:
        """Days are numbered from 0."""
        return self.until - timedelta(days=self.days - 1 - day)

    def start_of(self, day: int) -> datetime:
        """Its first moment, in UTC."""
        return datetime.combine(self.date_of(day), time.min, tzinfo=self.zone).astimezone(UTC)

    @property
    def end(self) -> datetime:
        """Nobody does anything from here on."""
        return self.start_of(self.days)

    def chance(self, *what: object) -> random.Random:
        """Its own dice for everything that is named, so that nothing shifts when something else is added."""
        return random.Random("/".join(map(str, (self.seed, *what))))  # noqa: S311 no secret is made of it


def random_id(chance: random.Random) -> UUID:
    return UUID(int=chance.getrandbits(128), version=4)


def id_at(moment: datetime, chance: random.Random) -> UUID:
    """Version 7, as the product's own: rows that come together lie together in an index."""
    milliseconds = int(moment.timestamp() * 1000)
    low = chance.getrandbits(74)
    return UUID(int=milliseconds << 80 | 7 << 76 | (low >> 62) << 64 | 2 << 62 | low & (1 << 62) - 1)
