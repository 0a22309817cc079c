"""The book of faults: what its lines say."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.processes import ROOT

KEEPS_SOMETHING = """
import pytest

@pytest.fixture
def rest():
    yield
    raise AssertionError("I10 does not hold")

@pytest.mark.fault("F1")
def test_a_fault(rest):
    pass
"""


def test_what_is_kept_after_a_fault_counts_as_a_loss(tmp_path: Path) -> None:
    """It is judged when all is cleared away, after the test itself has passed."""
    test, book = tmp_path / "test_a_fault.py", tmp_path / "book"
    test.write_text(KEEPS_SOMETHING)
    (tmp_path / "conftest.py").write_text('pytest_plugins = ("tests.faults.book",)')
    environ = {**os.environ, "FAULT_FIGURES": str(book), "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": ""}
    options = ("-p", "no:cacheprovider", "-o", "markers=fault", f"--rootdir={tmp_path}")
    run = subprocess.run([sys.executable, "-m", "pytest", *options, str(test)], env=environ, cwd=tmp_path)
    assert run.returncode != 0
    (line,) = map(json.loads, book.read_text().splitlines())
    assert (line["fault"], line["losses"]) == ("F1", 1)
