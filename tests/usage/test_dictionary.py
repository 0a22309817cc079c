"""The data dictionary is made from the registry, so it cannot say anything else; and it says all of it twice."""

import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.utils.translation import override

from usage.reports.dimensions import DIMENSIONS
from usage.reports.metrics import METRICS, UNITS, Text
from usage.reports.registry import REPORTS

DICTIONARY = Path(__file__).resolve().parents[2] / "docs" / "metrics.md"
CHINESE = re.compile("[\u4e00-\u9fff]")
PERCENTILE = re.compile(r"p\d\d")
"""Reads so in both."""


def texts() -> Iterator[tuple[str, Text]]:
    for metric in METRICS:
        for part in ("label", "formula", "null_means"):
            yield f"{metric.id} {part}", getattr(metric, part)
    for dimension, text in DIMENSIONS.items():
        yield from ((f"{dimension} label", text.label), (f"{dimension} meaning", text.meaning))
    for name, definition in REPORTS.items():
        yield from ((f"{name} label", definition.label), (f"{name} about", definition.about))
    yield from ((f"unit {unit}", meaning) for unit, meaning in UNITS.items())


def test_the_page_is_what_the_registry_says() -> None:
    made = StringIO()
    call_command("usage_dictionary", stdout=made)
    assert DICTIONARY.read_text(encoding="utf-8") == made.getvalue(), "manage.py usage_dictionary > docs/metrics.md"


def test_every_text_is_in_both_languages() -> None:
    said = {where: in_both(text) for where, text in texts() if str(text)}
    assert len(said) > 3 * len(REPORTS)
    assert not {where: both for where, both in said.items() if not are_two(*both)}


def in_both(text: Text) -> tuple[str, str]:
    with override("zh-hans"):
        chinese = str(text)
    with override("en"):
        return chinese, str(text)


def are_two(chinese: str, english: str) -> bool:
    return not CHINESE.search(english) and bool(CHINESE.search(chinese) or PERCENTILE.fullmatch(english))


def test_what_people_do_is_no_session_of_a_browser() -> None:
    """Django's own word for its sessions comes first."""
    with override("zh-hans"):
        assert str(REPORTS["sessions"].label) == "使用时段"
