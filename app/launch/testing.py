"""`python3 run.py test`: the frontend's tests, then pytest on SQLite and on PostgreSQL.

The servers besides PostgreSQL are started by tests/conftest.py, one set for each worker of pytest-xdist.
"""

import contextlib
import os
import shutil
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.launch import node, packages, postgresql
from app.launch.console import say, shown
from app.launch.errors import LaunchError, StepFailed
from app.launch.layout import Layout

WORKERS = 2
"""Each with servers of its own. More of them would come too late for the leases and time-outs that are under test."""
PARTS = {"quick": ("-m", "not slow"), "slow": ("--dist", "loadfile", "-m", "slow")}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WITHOUT_A_DATABASE = (
    "tests/app/launch",
    "tests/app/demonstration",
    "tests/conversations/inference",
    *(
        f"tests/journeys/test_{name}.py"
        for name in (
            "accessibility",
            "built",
            "by_keyboard",
            "diagrams",
            "heap",
            "hostile_answers",
            "hostile_in_the_admin",
            "keeping_place",
            "recordings",
            "three_at_once",
        )
    ),
)
"""What knows nothing of a database, or only looks at how a page is drawn, is not run again on another one."""
NONE_COLLECTED = 5
NOT_FOR_TESTS = (
    "DATABASE_URL",
    "REDIS_URL",
    "MODEL_BASE_URL",
    "MODEL_API_KEY",
    "MODEL_NAME",
    "EMAIL_URL",
    "PUBLIC_ORIGINS",
    "TEST_DATABASE_URL",
)
"""A developer's own servers and keys: no test may reach them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    broken: str = ""
    """Why it counts as failed though no test did."""

    @property
    def ok(self) -> bool:
        return not self.failed and not self.broken


def main(layout: Layout, arguments: Sequence[str]) -> int:
    if arguments in (["-h"], ["--help"]):
        say("usage: python3 run.py test [arguments of pytest]\n\n" + (__doc__ or ""))
        return 0
    browser = _browser()
    started = time.monotonic()
    packages.ensure(layout, "test")
    outcomes = list(_frontend(layout, build_only=bool(arguments)))
    environ = {**environment(layout), "CHROMIUM": browser}
    outcomes += _pytest(layout, "SQLite", environ, arguments)
    with _postgresql(layout) as url:
        chosen = arguments or [f"--ignore={path}" for path in WITHOUT_A_DATABASE]
        outcomes += _pytest(layout, "PostgreSQL", {**environ, "TEST_DATABASE_URL": url}, chosen)
    return _summarise(outcomes, time.monotonic() - started)


def _browser() -> str:
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    raise LaunchError(
        "The browser tests need Chromium. Nothing was changed. Install it, then start again: apt-get install chromium"
    )


def _frontend(layout: Layout, *, build_only: bool) -> Iterator[Outcome]:
    """Its failures do not keep pytest from telling its own."""
    node.ensure_modules(layout)
    scripts = {} if build_only else {"frontend: tests": "test", "frontend: types and style": "check"}
    for name, script in scripts.items():
        say(f"\n=== {name}")
        code = shown(["npm", "run", script], cwd=layout.frontend, env=node.environment(layout))
        yield Outcome(name=name, broken=f"exit code {code}" if code else "")
    try:
        node.ensure_built(layout)
    except StepFailed as failure:
        yield Outcome(name="frontend: build", broken=str(failure))


# --- what the tests run on --------------------------------------------------------------------------------------------


def _postgresql(layout: Layout) -> contextlib.AbstractContextManager[str]:
    given = os.environ.get("TEST_DATABASE_URL")
    return contextlib.nullcontext(given) if given else postgresql.running(layout)


def environment(layout: Layout) -> dict[str, str]:
    """Of every pytest: nothing of a developer's own servers, the project's Python first."""
    environ = {name: value for name, value in packages.clean_environment().items() if name not in NOT_FOR_TESTS}
    return {
        **environ,
        "PYTHONUNBUFFERED": "1",
        "PATH": f"{layout.python.parent}{os.pathsep}{environ.get('PATH', os.defpath)}",
    }


# --- pytest -----------------------------------------------------------------------------------------------------------


def _pytest(layout: Layout, database: str, environ: Mapping[str, str], arguments: Sequence[str]) -> list[Outcome]:
    """What computes, then what mostly waits and would be starved by it. Chosen tests may all be in one of them."""
    outcomes, collected = [], 0
    for part, options in PARTS.items():
        name = f"{database}: {part}"
        report = layout.var / "test-results" / f"{database.lower()}-{part}.xml"
        report.parent.mkdir(parents=True, exist_ok=True)
        report.unlink(missing_ok=True)
        say(f"\n=== {name}")
        argv: list[str | Path] = [layout.python, "-m", "pytest", "-n", str(WORKERS), *options]
        argv += [f"--junitxml={report}", *arguments]
        code = shown(argv, cwd=layout.root, env=environ)
        outcome = _read(name, report, code)
        collected += outcome.passed + outcome.failed + outcome.skipped
        if code != NONE_COLLECTED or not arguments:
            outcomes.append(outcome)
    if not collected:
        outcomes.append(Outcome(name=database, broken="no test was run"))
    return outcomes


def _read(name: str, report: Path, code: int) -> Outcome:
    total = failed = skipped = 0
    if report.exists():
        for suite in ElementTree.parse(report).getroot().iter("testsuite"):  # noqa: S314 - our own
            total += int(suite.get("tests", 0))
            failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            skipped += int(suite.get("skipped", 0))
    broken = (
        "no test was run" if code == NONE_COLLECTED else f"pytest's exit code {code}" if code and not failed else ""
    )
    return Outcome(name=name, passed=max(0, total - failed - skipped), failed=failed, skipped=skipped, broken=broken)


def _summarise(outcomes: Sequence[Outcome], seconds: float) -> int:
    """Closes with a line that CI reads."""
    say(f"\n=== Summary after {seconds:.0f} s")
    for outcome in outcomes:
        counts = f"{outcome.passed} passed, {outcome.failed} failed, {outcome.skipped} skipped"
        said = outcome.broken or (counts if outcome.passed or outcome.failed or outcome.skipped else "ok")
        say(f"{'ok    ' if outcome.ok else 'FAILED'}  {outcome.name:<28} {said}")
    failed = sum(outcome.failed + bool(outcome.broken) for outcome in outcomes)
    say(f"{sum(o.passed for o in outcomes)} passed, {failed} failed, {sum(o.skipped for o in outcomes)} skipped")
    return 0 if all(outcome.ok for outcome in outcomes) else 1
