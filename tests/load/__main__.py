"""``python -m tests.load [mode ...]``: what an answer costs, beside a bare relay in the same run, and the targets."""

import argparse
import resource
import signal
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from tests.load import report
from tests.load.bench import Bench, Plan
from tests.load.modes import Mode
from tests.load.modes.fast import Fast
from tests.load.modes.full import Full
from tests.load.modes.growth import Growth
from tests.load.modes.history import History
from tests.load.modes.idle import Idle
from tests.load.modes.length import Length
from tests.load.modes.pair import Pair
from tests.load.modes.search import Search
from tests.load.modes.short import Short
from tests.load.modes.storm import Storms
from tests.load.modes.streams import STREAMS, Streams
from tests.load.modes.usage import SIZES, Usage
from tests.load.rounds import Round
from tests.load.stage import built
from tests.load.verdicts import Standing, Verdict

ORDER: tuple[type[Mode], ...] = (Idle, Streams, Fast, Full, Short, Growth, Length, Storms, Pair, History, Search, Usage)
"""``Idle`` first: it needs a process without a past."""


def main() -> None:
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that every process is ended
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    modes = _modes(options)
    chosen = [mode for mode in modes if _is_chosen(mode, options)]
    began, before = time.monotonic(), report.machine()
    with built(options.database, people=max(mode.people for mode in chosen)) as stage:
        bench = Bench(stage, is_trial=options.scale != 1)
        for repetition in range(options.repeat):
            for mode in chosen:
                if repetition < mode.most:
                    _measure(mode, bench)
            print(f" repetition {repetition + 1} of {options.repeat}", file=sys.stderr, flush=True)
    verdicts = [_honest(one, mode, options) for mode in modes for one in mode.verdicts()]
    print(f"{options.database}, {options.repeat} repetitions, {(time.monotonic() - began) / 60:.0f} minutes\n")
    print(report.verdicts_table(verdicts))
    if rounds := [one for mode in chosen for one in mode.results if isinstance(one, Round)]:
        print(f"\n{report.rounds_table(rounds)}")
    for table in (table for mode in chosen for table in mode.tables()):
        print(f"\n{report.table(table)}")
    if options.json:
        head = {"options": vars(options), "before": before, "after": report.machine()}
        content = msgspec.json.encode({**head, **_content(chosen, verdicts)}, enc_hook=str)
        options.json.write_bytes(msgspec.json.format(content, indent=1) + b"\n")


def _is_chosen(mode: Mode, options: argparse.Namespace) -> bool:
    return mode.name in options.modes if options.modes else not mode.only_if_named


def _measure(mode: Mode, bench: Bench) -> None:
    """What breaks costs its own rows, and not those of twenty minutes before it."""
    try:
        mode.measure(bench)
    except Exception:
        mode.broke += 1
        print(f"\n{mode.name} broke:\n{traceback.format_exc()}", file=sys.stderr, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.load", description=__doc__)
    names = [mode.name for mode in ORDER]
    parser.add_argument("modes", nargs="*", choices=[*names, []], default=[], help="all by default")
    parser.add_argument("--repeat", type=_count, default=5, help="where medians matter; the slow modes take fewer")
    parser.add_argument("--quick", action="store_true", help="one repetition, half the windows")
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="postgres")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--scale", type=float, default=1.0, help="of every number of streams and sockets: for trying")
    parser.add_argument("--streams", type=_count, nargs="+", default=STREAMS, help="of the mode streams only")
    parser.add_argument("--rate", type=_count, default=50, help="tokens a second and stream, likewise")
    parser.add_argument("--tokens", type=_count, default=200, help="of an answer, likewise")
    parser.add_argument("--facts", type=int, nargs="+", default=SIZES, help="of usage only; 10 M takes an hour")
    options = parser.parse_args()
    options.repeat = 1 if options.quick else options.repeat
    return options


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number < 10_000:
        raise argparse.ArgumentTypeError("from 1 to 9999")
    return number


def _modes(options: argparse.Namespace) -> list[Mode]:
    plan = Plan(scale=options.scale, window=0.5 if options.quick else 1.0)
    streams = Streams(plan, streams=options.streams, rate=options.rate, tokens=options.tokens)
    usage = Usage(plan, sizes=options.facts)
    return [streams if kind is Streams else usage if kind is Usage else kind(plan) for kind in ORDER]


def _honest(verdict: Verdict, mode: Mode, options: argparse.Namespace) -> Verdict:
    """No verdict from a trial, a run that broke, or a database that the target does not speak of."""
    remark = ""
    if mode.broke:
        remark = f"{mode.broke} repetitions broke"
    elif options.scale != 1 or (isinstance(mode, Streams) and (options.rate, options.tokens) != (50, 200)):
        remark = "another load than the target's"
    elif isinstance(mode, Usage) and min(options.facts) < min(SIZES):
        remark = "fewer facts than the target's"
    elif isinstance(mode, Short) and options.database != "postgres":
        remark = "PostgreSQL is asked for"
    if not remark or (verdict.standing is Standing.NOT_MEASURED and not mode.broke):
        return verdict
    return replace(verdict, standing=Standing.CANNOT_JUDGE, remarks=(remark, *verdict.remarks))


def _content(modes: Sequence[Mode], verdicts: Sequence[Verdict]) -> dict[str, object]:
    """Every single result, not only medians. What is not a number is null."""
    return {"verdicts": verdicts, "results": {mode.name: mode.results for mode in modes}}


if __name__ == "__main__":
    main()
