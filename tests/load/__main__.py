"""``python -m tests.load [streams] [idle] [short]``: what an answer costs, beside a bare relay in the same run."""

import argparse
import gc
import json
import resource
import signal
import sys
from collections.abc import Coroutine
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import uvloop

from app.demonstration.faults import Script
from tests.load import report
from tests.load.meter import wait_until_quiet
from tests.load.rounds import Load, Memory, Round, memory, streaming
from tests.load.stage import Server, Stage, built

T = TypeVar("T")

MODES = ("streams", "idle", "short")
FIRST_TOKEN_S = 0.2
WINDOW_S = 10
"""At most; longer turns are spread evenly, so that a part of them shows the same proportion of starts and ends."""
QUIET_S = 20
"""How long a round waits for other people's processes to leave the two cores."""
TRIES = 2
SHORT = Load(streams=64, rate=0, tokens=20, first_token_s=0, window_s=5)
IDLE = Load(streams=200, rate=5, tokens=100, first_token_s=FIRST_TOKEN_S, window_s=5)


def main() -> None:
    options = _options()
    modes = options.modes or MODES
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that every process is ended
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    loads = [_load(options, streams) for streams in options.streams]
    people = max(options.sockets if "idle" in modes else 0, SHORT.streams, *options.streams) + 1
    before = report.machine()
    with built(options.database, people=people) as stage:
        used = _memory(stage, options.sockets) if "idle" in modes else None
        rounds: list[Round] = []
        short: list[Round] = []
        for repetition in range(options.repeat):
            for load in loads if "streams" in modes else ():
                rounds += [_measured(stage, server, load) for server in (stage.raw, stage.product)]
            if "short" in modes:
                short.append(_measured(stage, stage.product, SHORT))
            print(f"repetition {repetition + 1} of {options.repeat}", file=sys.stderr, flush=True)
    _print(rounds, short, used)
    if options.json:
        _write(options.json, {"options": vars(options), "before": before}, rounds, short, used)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.load", description=__doc__)
    parser.add_argument("modes", nargs="*", choices=[*MODES, []], default=[], help="all by default")
    parser.add_argument("--streams", type=_count, nargs="+", default=[1, 100, 300])
    parser.add_argument("--repeat", type=_count, default=5)
    parser.add_argument("--rate", type=_count, default=50, help="tokens a second and stream")
    parser.add_argument("--tokens", type=_count, default=200, help="of an answer")
    parser.add_argument("--sockets", type=_count, default=1000, help="idle ones, for memory")
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number < 10_000:
        raise argparse.ArgumentTypeError("from 1 to 9999")
    return number


def _load(options: argparse.Namespace, streams: int) -> Load:
    turn_s = FIRST_TOKEN_S + options.tokens / options.rate
    return Load(
        streams=streams,
        rate=options.rate,
        tokens=options.tokens,
        first_token_s=FIRST_TOKEN_S,
        window_s=min(2 * turn_s, WINDOW_S),
    )


def _measured(stage: Stage, server: Server, load: Load) -> Round:
    """The quietest of a few tries; one is enough where nobody else uses the machine."""
    _set_pace(stage, load)
    tries: list[Round] = []
    while not tries or (report.doubts(tries[-1]) and len(tries) < TRIES):
        wait_until_quiet(stage.cores, share=report.NOISY, at_most_s=QUIET_S)
        tries.append(_run(streaming(server, load)))
    return min(tries, key=lambda one: one.foreign + one.load_core)


def _memory(stage: Stage, sockets: int) -> Memory:
    """First of all, in a fresh process: later ones find the memory of earlier ones."""
    _set_pace(stage, IDLE)
    return _run(memory(stage.product, sockets=max(sockets, IDLE.streams), load=IDLE))


def _set_pace(stage: Stage, load: Load) -> None:
    stage.endpoint.reset()
    stage.endpoint.script(Script(first_token_s=load.first_token_s, tokens_per_s=load.rate or None))


def _run(measurement: Coroutine[Any, Any, T]) -> T:
    """Without a collector's pauses: what the generator makes is freed by counting."""
    gc.collect()
    gc.disable()
    try:
        return uvloop.run(measurement)
    finally:
        gc.enable()


def _print(rounds: list[Round], short: list[Round], used: Memory | None) -> None:
    if rounds:
        print(report.streams_table(report.summary(rounds)), end="\n\n")
    if short:
        print(report.short_table(report.summary(short)[0]), end="\n\n")
    if used:
        print(report.memory_table(used), end="\n\n")
    every = [*rounds, *short]
    if doubtful := [one for one in every if report.doubts(one)]:
        worst = max(doubtful, key=lambda one: one.foreign + one.load_core)
        print(
            f"warning: {len(doubtful)} of {len(every)} rounds were disturbed; the worst ({worst.target}, "
            f"{worst.streams} streams): {'; '.join(report.doubts(worst))}"
        )


def _write(file: Path, head: dict[str, Any], rounds: list[Round], short: list[Round], used: Memory | None) -> None:
    content = {
        **head,
        "after": report.machine(),
        "streams": report.summary(rounds),
        "short": report.summary(short),
        "memory": asdict(used) if used else None,
        "rounds": [asdict(one) for one in [*rounds, *short]],
    }
    file.write_text(json.dumps(content, indent=1, default=str) + "\n")


if __name__ == "__main__":
    main()
