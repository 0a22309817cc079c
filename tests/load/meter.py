"""What a run costs, read from outside the measured processes. Linux only."""

import math
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


def cpu_s(pid: int) -> float:
    """User and system time of a process with all its threads: its CPU clock, in nanoseconds where /proc has 10 ms.

    The number of the clock is ``clock_getcpuclockid(3)``'s, which Python does not offer for other processes.
    """
    return time.clock_gettime((~pid << 3) | 2)


def resident_bytes(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE


def core_busy_s(core: int) -> float:
    """By whomever; what the hypervisor took away counts too."""
    line = next(line for line in Path("/proc/stat").read_text().splitlines() if line.startswith(f"cpu{core} "))
    user, nice, system, _idle, _iowait, irq, softirq, steal, *_ = map(int, line.split()[1:])
    return (user + nice + system + irq + softirq + steal) * _TICK_S


@dataclass(frozen=True, slots=True)
class Reading:
    at: float
    cpu_s: Mapping[str, float]
    core_busy_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Between two readings. ``cpu_s`` by process; ``foreign`` is the share of the server's core that others took."""

    seconds: float
    cpu_s: Mapping[str, float]
    foreign: float

    def share(self, name: str) -> float:
        return self.cpu_s[name] / self.seconds


class Meter:
    """``pids`` by name. The processes that share the server's core must be ``server`` and nobody else."""

    def __init__(self, pids: Mapping[str, int], *, server_core: int) -> None:
        self._pids = pids
        self._core = server_core

    def read(self) -> Reading:
        return Reading(
            time.perf_counter(), {name: cpu_s(pid) for name, pid in self._pids.items()}, core_busy_s(self._core)
        )

    def since(self, before: Reading) -> Spent:
        now = self.read()
        seconds = now.at - before.at
        spent = {name: now.cpu_s[name] - before.cpu_s[name] for name in self._pids}
        busy = now.core_busy_s - before.core_busy_s
        return Spent(seconds=seconds, cpu_s=spent, foreign=max(0.0, (busy - spent["server"]) / seconds))


def wait_until_quiet(core: int, *, share: float, at_most_s: float) -> None:
    """Until others leave this core alone for a second, or not at all: then the round says how noisy it was."""
    end = time.monotonic() + at_most_s
    while time.monotonic() < end:
        before = core_busy_s(core)
        time.sleep(1)
        if core_busy_s(core) - before < share:
            return


def percentile(values: Sequence[float], percent: float) -> float:
    """Nearest rank; not a number when there are none."""
    if not values:
        return math.nan
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]
