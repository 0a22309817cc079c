"""Folders that run.py finds set up already: nothing is installed, nothing is built."""

import json
import shutil
import sys
from pathlib import Path

from app.launch import packages, stamps
from app.launch.layout import Layout
from app.launch.node import NOT_SOURCES

SETTINGS = {
    "DATABASE_URL",
    "REDIS_URL",
    "MODEL_BASE_URL",
    "MODEL_NAME",
    "MODEL_API_KEY",
    "PORT",
    "SECRET_KEY",
    "PUBLIC_ORIGINS",
    "FIELD_KEY",
}
"""What this test process has set for itself, and no start of run.py may find."""


def borrow_packages(layout: Layout) -> None:
    """A virtual environment that uses the libraries of the one these tests run in."""
    (layout.venv / "bin").mkdir(parents=True)
    layout.python.symlink_to(Path(sys.executable).resolve())
    shutil.copy(Path(sys.prefix) / "pyvenv.cfg", layout.venv)
    (layout.venv / "lib").symlink_to(Path(sys.prefix) / "lib")
    pins = packages.pins(layout.requirements / "run.txt")
    record = {"identity": [packages.PYTHON, str(layout.venv)], "pins": sorted(pins)}
    (layout.venv / "installed.json").write_text(json.dumps(record))


def page_is_built(layout: Layout) -> None:
    """Whatever stands in frontend/dist is of these sources."""
    stamps.set_current(layout, "frontend", stamps.digest(stamps.tree(layout.frontend, without=NOT_SOURCES)))
