"""Names for slugs. ``app`` registers where they come from; usage itself knows slugs only."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from usage.reports.dimensions import Dimension

__all__ = ["Dimension", "Names", "names_of", "register"]

Names = Callable[[], Mapping[str, str]]
"""Slug to name, in the language active when it is called."""

_names: dict[Dimension, Names] = {}


def register(dimension: Dimension, names: Names) -> None:
    """Called once at start-up; the last one stands."""
    _names[dimension] = names


def names_of(dimension: Dimension) -> Mapping[str, str]:
    """With "none" for facts that have no such slug. A slug without a name is shown as it is."""
    names = _names.get(dimension)
    return {"": _("(none)"), **(names() if names else {})}
