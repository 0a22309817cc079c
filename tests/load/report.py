"""Medians of the repetitions, as a table for people and as JSON for the next run."""

import os
import platform
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.load.rounds import Memory, Round

SATURATED = 0.85
"""Of the core of generator, endpoint and Valkey: beyond it they are measured, not the server."""
NOISY = 0.05
"""Of the server's core, taken by others."""

_COLUMNS = {
    "CPU us/delta": "cpu_us_per_delta",
    "core": "server_share",
    "first p50 ms": "first_p50_ms",
    "first p99 ms": "first_p99_ms",
    "gap p99 ms": "gap_p99_ms",
    "ping p99 ms": "ping_p99_ms",
    "frames/delta": "frames_per_delta",
    "delivered": "delivered",
    "generator": "generator_share",
    "endpoint": "endpoint_share",
    "valkey": "valkey_share",
    "foreign": "foreign",
    "load core": "load_core",
}
_SHARES = {"server_share", "delivered", "generator_share", "endpoint_share", "valkey_share", "foreign", "load_core"}


def machine() -> dict[str, Any]:
    models = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return {
        "cpu": models[0].partition(": ")[2] if models else platform.machine(),
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "load_average": os.getloadavg(),
    }


def median(rounds: Sequence[Round], name: str) -> float:
    return statistics.median(float(getattr(one, name)) for one in rounds)


def summary(rounds: Sequence[Round]) -> list[dict[str, Any]]:
    """One entry for each target and number of streams."""
    cases = dict.fromkeys((one.streams, one.target) for one in rounds)
    return [_case([one for one in rounds if (one.streams, one.target) == case], rounds) for case in cases]


def _case(same: Sequence[Round], rounds: Sequence[Round]) -> dict[str, Any]:
    numbers = {name: median(same, name) for name in asdict(same[0]) if name not in {"target", "streams", "errors"}}
    errors: Counter[str] = sum((Counter(one.errors) for one in same), Counter())
    raw = [one.cpu_us_per_delta for one in rounds if one.target == "raw" and one.streams == same[0].streams]
    pairs = zip((one.cpu_us_per_delta for one in same), raw, strict=False)
    ratio = statistics.median([ours / theirs for ours, theirs in pairs]) if raw else None
    return {
        "target": same[0].target,
        "streams": same[0].streams,
        **numbers,
        "ratio": ratio,
        "errors": dict(errors),
    }


def streams_table(cases: Sequence[dict[str, Any]]) -> str:
    rows = [["streams", "", *_COLUMNS, "ratio", "errors"]]
    for case in cases:
        cells = [_cell(name, case[name]) for name in _COLUMNS.values()]
        ratio = "" if case["ratio"] is None else f"{case['ratio']:.2f}"
        rows.append([str(case["streams"]), case["target"], *cells, ratio, _errors(case["errors"])])
    return _table(rows)


def short_table(case: dict[str, Any]) -> str:
    return _table(
        [
            ["short turns/s", "CPU ms/turn", "core", "turn p99 ms", "errors"],
            [
                f"{case['turns_per_s']:.0f}",
                f"{case['cpu_ms_per_turn']:.2f}",
                f"{case['server_share']:.0%}",
                f"{case['turn_p99_ms']:.0f}",
                _errors(case["errors"]),
            ],
        ]
    )


def memory_table(memory: Memory) -> str:
    return _table(
        [
            ["idle sockets", "KiB, first half", "second half", "streams", "KiB, stream and socket"],
            [
                str(memory.sockets),
                f"{memory.first_half_kib:.1f}",
                f"{memory.second_half_kib:.1f}",
                str(memory.streams),
                f"{memory.active_kib:.1f}",
            ],
        ]
    )


def doubts(one: Round) -> list[str]:
    """What makes a round's figures doubtful."""
    said = []
    if one.load_core > SATURATED:
        ours = one.generator_share + one.endpoint_share + one.valkey_share
        said.append(f"the load's core was {one.load_core:.0%} busy, {ours:.0%} with the load")
    if one.foreign > NOISY:
        said.append(f"others took {one.foreign:.0%} of the server's core")
    return said


def _errors(errors: dict[str, int]) -> str:
    return ", ".join(f"{count} {what}" for what, count in errors.items()) or "0"


def _cell(name: str, value: float) -> str:
    if name in _SHARES:
        return f"{value:.0%}"
    return f"{value:.2f}" if name == "frames_per_delta" else f"{value:.1f}"


def _table(rows: Sequence[Sequence[str]]) -> str:
    """Markdown, so that it can be pasted into docs/performance.md."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    cells = [[cell.rjust(width) for cell, width in zip(row, widths, strict=True)] for row in rows]
    lines = [f"| {' | '.join(row)} |" for row in cells]
    rule = "|" + "|".join("-" * (width + 1) + ":" for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])
