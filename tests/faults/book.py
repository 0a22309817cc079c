"""The book of faults, a plugin of pytest: every test that makes a fault may be repeated, and has a line in it.

Most of them are beside this file. What an endpoint does wrong, and what many tabs do at once, stands with the other
tests of conversations and bears the same mark.
"""

import os
import random
from collections.abc import Generator, Iterator
from dataclasses import replace

import pytest
from _pytest.mark.structures import ParameterSet

from tests.faults import figures, remains
from tests.faults.figures import Figures, Gauges, Settling
from tests.faults.judge import tally


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each test that makes a fault as often as the run wants it."""
    if figures.REPEAT > 1 and _makes_a_fault(metafunc.definition):
        metafunc.fixturenames.append("repetition")
        metafunc.parametrize("repetition", range(figures.REPEAT))


def _makes_a_fault(function: pytest.Item) -> bool:
    """It bears the mark, or some of its cases do."""
    sets = [mark.args[1] for mark in function.iter_markers("parametrize")]
    marks = [mark for cases in sets for case in cases if isinstance(case, ParameterSet) for mark in case.marks]
    return function.get_closest_marker("fault") is not None or any(mark.name == "fault" for mark in marks)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """``run.py faults --only F1,F7``; and what SQLite cannot suffer is no test there."""
    if not os.environ.get("TEST_DATABASE_URL"):
        unfit = [item for item in items if item.get_closest_marker("on_postgresql")]
        config.hook.pytest_deselected(items=unfit)
        items[:] = [item for item in items if item not in unfit]
    if only := set(filter(None, os.environ.get("FAULT_ONLY", "").split(","))):
        wanted = [i for i in items if (marker := i.get_closest_marker("fault")) and marker.args[0] in only]
        config.hook.pytest_deselected(items=[item for item in items if item not in wanted])
        items[:] = wanted


LINE = pytest.StashKey[Figures]()
"""What a test has seen, until it is known whether anything was kept (I10), which is judged when all is cleared away."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A line in the book for each repetition, if it has one. A fault whose test fails has lost something."""
    report = yield
    marker = item.get_closest_marker("fault")
    if marker is not None and report.when == "call" and not report.skipped:
        item.stash[LINE] = _line(item, marker, report)
    if report.when == "teardown" and (line := item.stash.get(LINE, None)) is not None:
        figures.record(replace(line, losses=int(bool(line.losses) or report.failed)))
    return report


def _line(item: pytest.Item, marker: pytest.Mark, report: pytest.TestReport) -> Figures:
    seen, used = tally.taken(), item.funcargs  # type: ignore[attr-defined]  # of functions
    settling, gauges = used.get("settling"), used.get("gauges")
    return Figures(
        fault=marker.args[0],
        test=item.nodeid,
        seed=figures.SEED,
        scale=float(os.environ["TIMER_SCALE"]),
        messages=seen.messages,
        deltas=seen.deltas,
        generations=seen.generations,
        losses=int(report.failed),
        settle_s=settling.worst_s if settling is not None else None,
        bound_s=marker.kwargs.get("bound_s"),
        gauges=gauges.all if gauges is not None else [],
    )


@pytest.fixture(autouse=True)
def nothing_is_kept(request: pytest.FixtureRequest) -> Iterator[None]:
    """I10, once a fault is over and all else is cleared away: it was there first, so that it goes last."""
    yield
    if request.node.get_closest_marker("fault") is not None:
        remains.judge()


@pytest.fixture
def settling() -> Settling:
    return Settling()


@pytest.fixture
def gauges() -> Gauges:
    return Gauges()


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """Every random choice of a test. Its seed is shown when the test fails; FAULT_SEED makes the same choices again."""
    print(f"FAULT_SEED={figures.SEED}")
    return random.Random(f"{figures.SEED} {request.node.nodeid}")
