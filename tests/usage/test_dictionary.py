"""The data dictionary is made from the registry, so it cannot say anything else."""

from io import StringIO
from pathlib import Path

from django.core.management import call_command

DICTIONARY = Path(__file__).resolve().parents[2] / "docs" / "metrics.md"


def test_the_page_is_what_the_registry_says() -> None:
    made = StringIO()
    call_command("usage_dictionary", stdout=made)
    assert DICTIONARY.read_text(encoding="utf-8") == made.getvalue(), "manage.py usage_dictionary > docs/metrics.md"
