"""Putting one function in another's place, wherever the product has imported it."""

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

PRODUCT = ("app", "conversations", "usage")


def put(replacement: Callable[..., Any], *, instead_of: Callable[..., Any], within: ModuleType | None = None) -> None:
    """A function of a module. Fails when nobody in the product uses it: a bug that is not there cannot be found."""
    modules = [module for name, module in list(sys.modules.items()) if name.split(".")[0] in PRODUCT]
    places = [
        (module, name)
        for module in (modules if within is None else [within])
        for name, value in list(vars(module).items())
        if value is instead_of
    ]
    if not places:
        raise LookupError(f"nobody uses {instead_of!r}")
    for module, name in places:
        setattr(module, name, replacement)


def put_method(owner: type, name: str, replacement: Callable[..., Any]) -> None:
    """A method; fails when the class has none of that name."""
    vars(owner)[name]
    setattr(owner, name, replacement)
