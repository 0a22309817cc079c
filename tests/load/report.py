"""What is printed, as Markdown for docs/performance.md: the targets, the rounds, and how far they can be believed."""

import os
import platform
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.load.rounds import Load, Round
from tests.load.verdicts import Verdict, alike, median

Column = Callable[[Sequence[Round]], str]


def machine() -> dict[str, object]:
    models = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return {
        "cpu": models[0].partition(": ")[2] if models else platform.machine(),
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "load_average": os.getloadavg(),
    }


def verdicts_table(verdicts: Sequence[Verdict]) -> str:
    ordered = sorted(verdicts, key=lambda one: int(one.target.removeprefix("P")))
    rows = [[one.target, one.what, one.asked, one.measured, one.told] for one in ordered]
    return _table([["", "what", "target", "measured", "verdict"], *rows], right=0)


def rounds_table(rounds: Sequence[Round]) -> str:
    """Medians of the repetitions, a line for each server and load."""
    rows = [[column(same) for column in _COLUMNS.values()] for same in alike(rounds)]
    return _table([[*_COLUMNS], *rows], right=2)


def table(rows: Sequence[Sequence[str]]) -> str:
    """Its first column is of words, the others of numbers."""
    return _table(rows, right=1)


def _table(rows: Sequence[Sequence[str]], *, right: int) -> str:
    """The columns from ``right`` on are numbers; none where it is 0."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    is_number = [bool(right) and number >= right for number in range(len(widths))]
    cells = [
        [
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(row, widths, is_number, strict=True)
        ]
        for row in rows
    ]
    lines = [f"| {' | '.join(row)} |" for row in cells]
    rule = "|".join(
        "-" * (width + 1) + (":" if number else "-") for width, number in zip(widths, is_number, strict=True)
    )
    return "\n".join([lines[0], f"|{rule}|", *lines[1:]])


def _load(load: Load) -> str:
    return f"{load.streams:,} x {f'{load.rate:.0f}/s' if load.rate else 'at once'}, {load.tokens:,} tokens"


def _ratio(same: Sequence[Round]) -> str:
    ratios = [one.ratio for one in same if one.ratio is not None]
    return f"{median(ratios):.2f}" if ratios else ""


def _errors(same: Sequence[Round]) -> str:
    errors: Counter[str] = sum((Counter(one.errors) for one in same), Counter())
    return ", ".join(f"{count} {what}" for what, count in errors.items()) or "0"


def _number(read: Callable[[Round], float], form: str) -> Column:
    def written(same: Sequence[Round]) -> str:
        value = median(map(read, same))
        return form.format(value) if value == value else ""  # not a number is none

    return written


def _share(name: str) -> Column:
    return _number(lambda one: one.spent.share(name), "{:.0%}")


_COLUMNS: dict[str, Column] = {
    "load": lambda same: _load(same[0].load),
    "": lambda same: same[0].target,
    "us/delta": _number(lambda one: one.cpu_us_per_delta, "{:.0f}"),
    "ratio": _ratio,
    "ms/turn": _number(lambda one: one.cpu_ms_per_turn, "{:.1f}"),
    "database": _number(lambda one: one.database_ms_per_turn, "{:.1f}"),
    "turns/s": _number(lambda one: one.turns_per_s, "{:.1f}"),
    "core": _share("server"),
    "first p50": _number(lambda one: one.first_p50_ms, "{:.1f}"),
    "first p99": _number(lambda one: one.first_p99_ms, "{:.1f}"),
    "gap p99": _number(lambda one: one.gap_p99_ms, "{:.0f}"),
    "ping p99": _number(lambda one: one.ping_p99_ms, "{:.1f}"),
    "frames/delta": _number(lambda one: one.frames_per_delta, "{:.2f}"),
    "delivered": _number(lambda one: one.delivered, "{:.0%}"),
    "generator": _share("generator"),
    "endpoint": _share("endpoint"),
    "load core": _number(lambda one: one.spent.load_core, "{:.0%}"),
    "foreign": _number(lambda one: one.spent.foreign, "{:.0%}"),
    "errors": _errors,
}
