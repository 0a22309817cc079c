"""The operator decides where answers say that they were written by AI; the page is told with its first frame."""

import os
import re
import subprocess
import sys

import pytest
from django.test import Client, override_settings

from tests.processes import ROOT


def painted(address: str = "/") -> str:
    html = Client().get(address).content.decode()
    found = re.search(r'<html[^>]* data-label="([^"]*)"', html)
    assert found is not None
    return found[1]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/signin", "/c/019ab2c4-0000-7000-8000-000000000000", "/offline"])
def test_everything_is_labelled_unless_the_operator_says_otherwise(address: str) -> None:
    assert painted(address) == "ui copy export"


@pytest.mark.django_db
@pytest.mark.parametrize("places", [[], ["copy"], ["ui", "export"]])
def test_the_page_is_told_what_was_decided(places: list[str]) -> None:
    with override_settings(AI_LABEL=places):
        assert painted() == " ".join(places)


def started_with(value: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "app.settings", "AI_LABEL": value}
    program = "from django.conf import settings; print(*settings.AI_LABEL)"
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("value", "places"), [("", "ui copy export"), ("copy", "copy"), ("ui,export", "ui export"), ("none", "")]
)
def test_is_set_by_naming_the_places(value: str, places: str) -> None:
    assert started_with(value).stdout.strip() == places


@pytest.mark.parametrize("value", ["all", "ui,paper", "none,ui"])
def test_a_place_that_there_is_not_is_refused_at_the_start(value: str) -> None:
    refused = started_with(value)
    assert refused.returncode
    assert f"ImproperlyConfigured: AI_LABEL={value}: some of ui,copy,export, or none" in refused.stderr
