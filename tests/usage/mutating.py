"""The product's own code with one thing wrong in it, for as long as a test asks what finds it.

What is to be wrong is said by the words of the code itself. When the product no longer has these words, the test
fails: a mutant that is not there would never be found, and nobody would know.
"""

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FunctionType, ModuleType
from unittest.mock import patch

Edit = tuple[str, str]
"""What the code says, and what it says instead."""


@contextmanager
def in_code(function: Callable[..., object], *edits: Edit) -> Iterator[None]:
    """Of a function of a module. It stays the same object, so that whoever has imported it has the mutant."""
    assert isinstance(function, FunctionType)
    names = dict(function.__globals__)
    exec(compile(_edited(inspect.getsource(function), edits), function.__code__.co_filename, "exec"), names)
    whole, function.__code__ = function.__code__, names[function.__name__].__code__
    try:
        yield
    finally:
        function.__code__ = whole


@contextmanager
def in_text(module: ModuleType, name: str, *edits: Edit) -> Iterator[None]:
    """Of a constant, which the module itself reads: a statement in SQL."""
    with patch.object(module, name, _edited(vars(module)[name], edits)):
        yield


def _edited(text: str, edits: tuple[Edit, ...]) -> str:
    for before, after in edits:
        if text.count(before) != 1:
            raise LookupError(f"the product says {text.count(before)} times, not once: {before!r}")
        text = text.replace(before, after)
    return text
