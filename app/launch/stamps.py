"""What need not be done again: var/stamps/NAME holds the digest of the inputs of a step that was carried out."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from app.launch.layout import Layout


def digest(files: Iterable[Path], *more: str) -> str:
    """Of the names and contents of ``files``, in any order, and of what else the step depends on."""
    total = hashlib.sha256()
    for path in sorted(files):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{path}\0{content}\n".encode())
    for text in more:
        total.update(f"{len(text)}:{text}\n".encode())
    return total.hexdigest()


def tree(folder: Path, *, without: Iterable[str] = ()) -> list[Path]:
    """Every file below ``folder``, leaving out folders of these names."""
    left_out = set(without)
    return [
        path
        for path in folder.rglob("*")
        if path.is_file() and left_out.isdisjoint(path.relative_to(folder).parts[:-1])
    ]


def is_current(layout: Layout, name: str, inputs: str) -> bool:
    path = layout.var / "stamps" / name
    return path.exists() and path.read_text() == inputs


def set_current(layout: Layout, name: str, inputs: str) -> None:
    path = layout.var / "stamps" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(inputs)


def forget(layout: Layout, name: str) -> None:
    """Before a step begins, so that one that is cut off is done again."""
    (layout.var / "stamps" / name).unlink(missing_ok=True)
