"""The commands, and the promise that run.py needs nothing but Python."""

import ast
import sys
from pathlib import Path

import pytest

from app.launch import locking
from app.launch.command_line import COMMANDS
from app.launch.layout import HERE, Layout
from tests.app.launch.conftest import Toy


def test_help_lists_every_command_and_touches_nothing(bare: Toy) -> None:
    answer = bare.run("--help")
    assert answer.returncode == 0
    for name in COMMANDS:
        assert name in answer.stdout
    assert not bare.layout.var.exists()


def test_an_unknown_command_is_refused_with_the_usage(bare: Toy) -> None:
    answer = bare.run("deploy")
    assert answer.returncode == 2
    assert "usage: python3 run.py" in answer.stderr
    assert not bare.layout.var.exists()


def test_a_browser_is_asked_for_before_anything_is_installed(bare: Toy, tmp_path: Path) -> None:
    answer = bare.run("test", PATH=str(tmp_path))
    assert answer.returncode == 1
    assert "apt-get install chromium" in answer.stderr
    assert not bare.layout.var.exists()


def test_an_old_python_can_read_the_line_that_turns_it_away() -> None:
    ast.parse((HERE.root / "run.py").read_text(), feature_version=(3, 7))


@pytest.mark.parametrize(
    "path", ["run.py", "app/__init__.py", *sorted(p.name for p in Path(__file__).parents[3].glob("app/launch/*.py"))]
)
def test_imports_the_standard_library_only(path: str) -> None:
    source = HERE.root / path if "/" in path or path == "run.py" else HERE.root / "app" / "launch" / path
    for node in ast.walk(ast.parse(source.read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        for name in names:
            assert name.split(".")[0] in sys.stdlib_module_names or name.startswith("app.launch")


# --- pinned files -----------------------------------------------------------------------------------------------------


def test_no_pinned_file_names_a_registry() -> None:
    assert locking.addresses(HERE) == []


def test_a_registry_in_a_pinned_file_is_found(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    layout.requirements.mkdir()
    layout.frontend.mkdir()
    (layout.requirements / "run.txt").write_text("--index-url https://registry.example/simple\nsix==1.16.0\n")
    (layout.frontend / "package-lock.json").write_text(
        '{\n"resolved": "https://registry.example/x.tgz",\n"funding": "https://thanks.example"\n}'
    )
    found = locking.addresses(layout)
    assert [line.split(":")[:2] for line in found] == [
        ["requirements/run.txt", "1"],
        ["frontend/package-lock.json", "2"],
    ]
