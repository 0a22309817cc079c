"""The commands of run.py, and how what goes wrong is shown."""

import argparse
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import FrameType

from app.launch import checks, faults, locking, product, testing
from app.launch.errors import LaunchError
from app.launch.layout import HERE, Layout


@dataclass(frozen=True, slots=True)
class Command:
    run: Callable[[Layout, Sequence[str]], int]
    help: str


COMMANDS = {
    "test": Command(testing.main, "run every test; further arguments go to pytest, which then runs alone"),
    "faults": Command(faults.main, "make every fault many times and write what was found; --help lists its options"),
    "check": Command(checks.main, "run every linter, type checker and consistency check"),
    "lock": Command(locking.main, "pin requirements/*.in anew; further arguments go to uv (--upgrade)"),
}

VARIABLES = """\
variables (all optional):
  PORT                 the same as --port
  DATABASE_URL         postgres://user:password@host:5432/name    otherwise SQLite in var/
  REDIS_URL            redis://host:6379/0                        otherwise an embedded Valkey
  MODEL_BASE_URL       https://host/v1, an OpenAI-compatible API  otherwise the demonstration endpoint
  MODEL_NAME, MODEL_API_KEY
  docs/operations.md lists the others.
"""


def main(arguments: Sequence[str]) -> int:
    _stop_in_order()
    try:
        if arguments and arguments[0] in COMMANDS:
            return COMMANDS[arguments[0]].run(HERE, arguments[1:])
        product.main(HERE, _parser().parse_args(arguments))
    except LaunchError as error:
        print(f"run.py: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt as stop:
        print(f"\nStopped by {stop}. What was done so far is kept.")
        return 130 if arguments and arguments[0] in COMMANDS else 0
    return 0


def _stop_in_order() -> None:
    """Ctrl-C, SIGTERM and a closed terminal unwind the stack, once: a second one must not cut the unwinding off."""
    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup
        numbers.append(signal.SIGHUP)

    def stop(received: int, _frame: FrameType | None) -> None:
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt(signal.Signals(received).name)

    for number in numbers:
        signal.signal(number, stop)


def _parser() -> argparse.ArgumentParser:
    listed = "\n".join(f"  {name:<20} {command.help}" for name, command in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="run.py",
        usage="python3 run.py [--port PORT] [--with-history] | " + " | ".join(f"{name} ..." for name in COMMANDS),
        description="Set up Shiyong in this folder and run it. Everything it makes is in var/.",
        epilog=f"commands:\n{listed}\n\n{VARIABLES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--port", help="where the page is served on this machine (default 8000)")
    parser.add_argument(
        "--with-history",
        action="store_true",
        help="begin with a made-up half year, so that the reports have something to say",
    )
    return parser
