"""The database made ready: migrated, and filled with what a first visitor needs."""

from collections.abc import Mapping
from pathlib import Path

from app.launch import stamps
from app.launch.console import step
from app.launch.layout import Layout

APPS = ("app", "conversations", "usage")
HISTORY = ("--users", "300", "--days", "180")


def prepare(layout: Layout, environ: Mapping[str, str], *, embedded: bool) -> None:
    """Migrate and seed, unless this very database has had these very migrations and this seed.

    Only the embedded one is known to be still as we left it; a named one is asked every time (2 s).
    """
    there = (layout.var / "shiyong.sqlite3").exists()
    inputs = _inputs(layout, environ)
    if embedded and there and stamps.is_current(layout, "database", inputs):
        return
    stamps.forget(layout, "database")
    _manage(layout, environ, "migrate", "--no-input", title="Database")
    _manage(layout, environ, "seed", title="First contents")
    stamps.set_current(layout, "database", inputs)


def make_history(layout: Layout, environ: Mapping[str, str]) -> None:
    """Made-up people and their reports, once: a later start finds those of the first one, whatever came since.

    Refused where real people were recorded.
    """
    _manage(layout, environ, "usage_simulate", *HISTORY, "--once", "--roll-up", title="A made-up half year")


def _inputs(layout: Layout, environ: Mapping[str, str]) -> str:
    """The seed writes the endpoints' addresses, so these count too; so do the pins, for the migrations of libraries."""
    sources = [
        path for app in APPS for path in stamps.tree(layout.root / app) if _matters(path.relative_to(layout.root))
    ]
    names = ("DATABASE_URL", "DEMONSTRATION_URL", "MODEL_BASE_URL", "MODEL_NAME", "MODEL_API_KEY", "FIELD_KEY")
    return stamps.digest([*sources, layout.requirements / "run.txt"], *(environ.get(name, "") for name in names))


def _matters(path: Path) -> bool:
    return path.suffix != ".pyc" and bool({"migrations", "commands", "seed"} & set(path.parts[:-1]))


def _manage(layout: Layout, environ: Mapping[str, str], *arguments: str, title: str) -> None:
    log = layout.logs / f"{arguments[0]}.log"
    step(title, [layout.python, "manage.py", *arguments], log=log, cwd=layout.root, env=environ)
