"""What need not be done again, and what must."""

import json
import shutil
from pathlib import Path

import pytest

from app.launch import packages, stamps
from app.launch.errors import LaunchError
from app.launch.layout import HERE, Layout


def test_a_step_is_current_until_a_name_a_content_or_a_setting_changes(tmp_path: Path) -> None:
    source = tmp_path / "one.ts"
    source.write_text("a")
    was = stamps.digest([source], "20.19")
    assert stamps.digest([source], "20.19") == was
    assert stamps.digest([source], "22.0") != was
    source.write_text("b")
    assert stamps.digest([source], "20.19") != was
    source.write_text("a")
    assert stamps.digest([source.rename(tmp_path / "two.ts")], "20.19") != was


def test_settings_do_not_run_into_each_other() -> None:
    assert stamps.digest([], "ab", "c") != stamps.digest([], "a", "bc")


def test_a_step_that_was_cut_off_is_done_again(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    stamps.set_current(layout, "frontend", "x")
    assert stamps.is_current(layout, "frontend", "x")
    assert not stamps.is_current(layout, "frontend", "y")
    stamps.forget(layout, "frontend")
    assert not stamps.is_current(layout, "frontend", "x")


def test_what_is_built_is_no_source(tmp_path: Path) -> None:
    for name in ("src/app.ts", "src/dist.ts", "node_modules/react/index.js", "dist/index.html"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = stamps.tree(tmp_path, without=["node_modules", "dist"])
    assert sorted(path.name for path in found) == ["app.ts", "dist.ts"]


# --- packages ---------------------------------------------------------------------------------------------------------


def test_each_use_holds_the_smaller_ones_at_the_same_versions() -> None:
    run, test, lint = (packages.pins(HERE.requirements / f"{use}.txt") for use in ("run", "test", "lint"))
    assert len(run) > 50
    assert run < test < lint


def test_reads_markers_and_leaves_hashes(tmp_path: Path) -> None:
    path = tmp_path / "run.txt"
    path.write_text(
        "six==1.16.0 \\\n    --hash=sha256:00\n    # via x==1\nuvloop==0.22.1 ; sys_platform != 'win32' \\\n"
        "    --hash=sha256:00\nhoncho==2.0.0\n"
    )
    assert packages.pins(path) == {"six==1.16.0", "uvloop==0.22.1 ; sys_platform != 'win32'", "honcho==2.0.0"}


@pytest.fixture
def installed(tmp_path: Path) -> Layout:
    """Where lint.txt was installed, by a record alone: any attempt to install fails for want of a Python."""
    layout = Layout(tmp_path / "product")
    shutil.copytree(HERE.requirements, layout.requirements)
    layout.python.parent.mkdir(parents=True)
    layout.python.touch(mode=0o755)
    pins = sorted(packages.pins(layout.requirements / "lint.txt"))
    record = {"identity": [packages.PYTHON, str(layout.venv)], "pins": pins}
    (layout.venv / "installed.json").write_text(json.dumps(record))
    return layout


@pytest.mark.parametrize("use", ["run", "test", "lint"])
def test_a_larger_use_serves_the_smaller_ones(installed: Layout, use: packages.Use) -> None:
    before = sorted(installed.root.rglob("*"))
    packages.ensure(installed, use)
    assert sorted(installed.root.rglob("*")) == before


def test_a_new_version_is_installed(installed: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    pinned = installed.requirements / "run.txt"
    pinned.write_text(pinned.read_text().replace("honcho==", "honcho==9"))
    assert not packages.pins(pinned) <= packages._installed(installed)


def test_a_python_without_its_other_half_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Debian's own python3 has no ensurepip."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    shutil.copytree(HERE.requirements, tmp_path / "requirements")
    with pytest.raises(LaunchError, match=r"apt-get install python3\.\d+-venv"):
        packages.ensure(Layout(tmp_path), "run")
    assert not Layout(tmp_path).venv.exists()


def test_an_environment_that_was_moved_counts_as_none(installed: Layout) -> None:
    """Its scripts begin with the path of the old place."""
    moved = Layout(installed.root.rename(installed.root.parent / "elsewhere"))
    assert packages._installed(moved) == frozenset()
    assert packages._moved(moved)


def test_a_damaged_record_counts_as_none(installed: Layout) -> None:
    (installed.venv / "installed.json").write_text("{")
    assert packages._installed(installed) == frozenset()
