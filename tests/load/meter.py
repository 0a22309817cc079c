"""What a run costs, read from outside the measured processes. Linux only."""

import math
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")

SATURATED = 0.85
"""Of the core of generator, endpoint, Valkey and PostgreSQL: beyond it they are measured, and not the server."""
NOISY = 0.05
"""Of the server's core, taken by others."""


def cpu_s(pid: int) -> float:
    """User and system time of a process with all its threads: its CPU clock, in nanoseconds where /proc has 10 ms.

    The number of the clock is ``clock_getcpuclockid(3)``'s, which Python does not offer for other processes.
    """
    return time.clock_gettime((~pid << 3) | 2)


def first_thread_cpu_s(pid: int) -> float:
    """Of the thread that runs the event loop: the rest of a web process is its database threads.

    Python 3.11 does not name them to the kernel, and those of a request are gone with it.
    """
    return int(Path(f"/proc/{pid}/task/{pid}/schedstat").read_text().split()[0]) / 1e9


def resident_bytes(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE


def core_busy_s(core: int) -> float:
    """By whomever; what the hypervisor took away counts too."""
    line = next(line for line in Path("/proc/stat").read_text().splitlines() if line.startswith(f"cpu{core} "))
    user, nice, system, _idle, _iowait, irq, softirq, steal, *_ = map(int, line.split()[1:])
    return (user + nice + system + irq + softirq + steal) * _TICK_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Cores:
    """Their numbers: one for the server under test, one for all that loads it."""

    server: int
    load: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    at: float
    cpu_s: Mapping[str, float]
    database_s: float
    server_core_s: float
    load_core_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Between two readings. ``cpu_s`` by name; ``database_s`` of the server's database threads, which is part of it.

    The cores' shares are of whoever was on them; ``foreign`` is what others than the server took of the server's.
    """

    seconds: float
    cpu_s: Mapping[str, float]
    database_s: float
    foreign: float
    load_core: float

    @property
    def is_disturbed(self) -> bool:
        return self.foreign > NOISY

    @property
    def is_bound(self) -> bool:
        """By the generator, the endpoint or the servers beside them: they are measured, and not the server."""
        return self.load_core > SATURATED

    def share(self, name: str) -> float:
        return self.cpu_s[name] / self.seconds


class Meter:
    """``pids`` by name; ``server`` are those that have a core for themselves."""

    def __init__(self, pids: Mapping[str, Sequence[int]], cores: Cores) -> None:
        self._pids = pids
        self._cores = cores

    def read(self) -> Reading:
        spent = {name: sum(map(cpu_s, pids)) for name, pids in self._pids.items()}
        return Reading(
            at=time.perf_counter(),
            cpu_s=spent,
            database_s=spent["server"] - sum(map(first_thread_cpu_s, self._pids["server"])),
            server_core_s=core_busy_s(self._cores.server),
            load_core_s=core_busy_s(self._cores.load),
        )

    def since(self, before: Reading) -> Spent:
        now = self.read()
        seconds = now.at - before.at
        spent = {name: now.cpu_s[name] - before.cpu_s[name] for name in self._pids}
        foreign = now.server_core_s - before.server_core_s - spent["server"]
        return Spent(
            seconds=seconds,
            cpu_s=spent,
            database_s=max(0.0, now.database_s - before.database_s),  # two clocks
            foreign=max(0.0, foreign / seconds),
            load_core=(now.load_core_s - before.load_core_s) / seconds,
        )


def wait_until_quiet(cores: Cores, *, at_most_s: float) -> None:
    """Until others leave both cores alone for a second, or not at all: then the round says how noisy it was."""
    end = time.monotonic() + at_most_s
    while time.monotonic() < end:
        before = core_busy_s(cores.server), core_busy_s(cores.load)
        time.sleep(1)
        if max(core_busy_s(cores.server) - before[0], core_busy_s(cores.load) - before[1]) < NOISY:
            return


def percentile(values: Sequence[float], percent: float) -> float:
    """Nearest rank; not a number when there are none."""
    if not values:
        return math.nan
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]
