"""What Django paints before any script: in the language, and by the clock, that the page will have."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from app.accounts.models import User
from app.greeting import CHINESE, ENGLISH, greeting_at, hour_in
from tests.processes import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("valkey")]

HAN = re.compile(r"[\u4e00-\u9fff]")
PAGES = ("/", "/s/write", "/t", "/nowhere", "/c/01937a5e-0000-7000-8000-000000000000")


def painted(client: Client, address: str, **headers: str) -> str:
    return client.get(address, headers=headers).content.decode().split('<script id="boot"')[0]


@pytest.mark.parametrize("address", PAGES)
def test_an_english_browser_is_shown_no_chinese(client: Client, address: str) -> None:
    found = painted(client, address, **{"accept-language": "en-GB,en;q=0.9"})
    assert not HAN.search(found)
    assert "<title>Shiyong</title>" in found


def test_the_accounts_language_counts_more_than_the_browsers(client: Client, wang: User) -> None:
    User.objects.filter(pk=wang.pk).update(locale="en")
    client.force_login(wang)
    assert not HAN.search(painted(client, "/", **{"accept-language": "zh-CN"}))


def test_what_was_chosen_in_this_browser_counts_most(client: Client, wang: User) -> None:
    User.objects.filter(pk=wang.pk).update(locale="en")
    client.force_login(wang)
    client.cookies["ui_locale"] = "zh"
    assert "<h1>实用</h1>" in painted(client, "/")


def test_who_was_here_before_is_greeted_by_their_own_clock(client: Client) -> None:
    client.cookies["ui_zone"] = "Asia/Shanghai"
    assert any(f"<h1>{greeting}</h1>" in painted(client, "/") for greeting in CHINESE.values())
    assert "<h1>实用</h1>" in painted(client, "/s/write")


def test_the_hour_is_that_of_the_readers_zone() -> None:
    now = datetime(2026, 11, 30, 15, 30, tzinfo=UTC)
    assert hour_in("Asia/Shanghai", now) == 23
    assert hour_in("America/New_York", now) == 10
    for no_zone in ("", "Asia", "../../etc/passwd", "Middle/Earth"):
        assert hour_in(no_zone, now) is None


def test_the_greetings_are_the_pages() -> None:
    """Its texts, and the hours of ``greetingAt``, read from the source."""
    source = ROOT / "frontend" / "src"
    for language, greetings in (("zh", CHINESE), ("en", ENGLISH)):
        text = (source / "i18n" / f"{language}.ts").read_text()
        block = text.split("greeting: {")[1].split("}")[0]
        assert dict(re.findall(r'(\w+): "(.+)"', block)) == greetings
    rule = (source / "days.ts").read_text().split("greetingAt(hour")[1]
    untils = [(int(hour), name) for hour, name in re.findall(r'hour < (\d+)\)? (?:return|\?) "(\w+)"', rule)]
    for hour in range(24):
        name = next((name for until, name in untils if hour < until), "night")
        assert greeting_at(hour, english=True) == ENGLISH[name]
