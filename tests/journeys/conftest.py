"""A real Chromium in front of a real product with its Celery processes."""

import os
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.async_api import Browser, Page, async_playwright, expect

from app.accounts.models import User
from conversations.database import in_database
from tests.conftest import database_url, session_of
from tests.processes import ROOT, Process

expect.set_options(timeout=30_000)  # for a loaded machine: what is there is seen at once
PICTURES = ROOT / "var" / "pictures"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-smooth-scrolling",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def _chromium() -> str:
    names = [os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"]
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    assert found, "The journeys need Chromium: apt-get install chromium"
    return found


@pytest.fixture(scope="session", autouse=True)
def page_is_built() -> None:
    assert (settings.FRONTEND_DIST / ".vite" / "manifest.json").exists(), "npm run build, in frontend/, first"


@pytest.fixture
def celery(django_db_setup: None, valkey: Process, folder: Path) -> Iterator[None]:
    """A worker and the scheduler, as run.py starts them. Not for longer: they name other people's conversations."""
    environ = {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "app.settings"}
    command = (sys.executable, "-m", "celery", "--quiet", "-A", "app")
    worker = Process(*command, "worker", "--pool", "solo", environ=environ, log=folder / "worker.log")
    beat = Process(*command, "beat", "--schedule", folder / "beat", environ=environ, log=folder / "beat.log")
    yield
    beat.stop()
    worker.stop()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=_chromium(), args=FLAGS)
        yield browser
        await browser.close()


HEARING = """window.heard = [];
new MutationObserver(() => {
    const said = document.getElementById('say')?.textContent;
    if (said && window.heard.at(-1) !== said) window.heard.push(said);
}).observe(document, {subtree: true, childList: true});"""
"""What is told to who cannot see is taken away again after a second: this keeps it until the page is left."""


@pytest.fixture
async def page(browser: Browser, web: str) -> AsyncIterator[Page]:
    """A visitor on a desktop, in Chinese. A fault on the page's console fails the journey."""
    context = await browser.new_context(
        base_url=web,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": 1440, "height": 900},
        service_workers="block",  # what a journey holds back or counts is then the page's own request
    )
    await context.add_init_script(HEARING)
    page = await context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
    yield page
    await context.close()
    assert not faults, faults


IS_KEPT = "() => navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)"


@pytest.fixture
async def installed(browser: Browser, web: str, li: User) -> AsyncIterator[Page]:
    """Li's, who was here once: the worker is in charge."""
    context = await browser.new_context(base_url=web, locale="zh-CN", viewport={"width": 390, "height": 844})
    page = await context.new_page()
    await sign_in(page, li)
    await page.goto("/")
    await page.wait_for_function(IS_KEPT)
    yield page
    await context.close()


async def sign_in(page: Page, user: User) -> None:
    """By session, for journeys that are not about the door."""
    session = await in_database(lambda: session_of(user))
    await page.context.add_cookies([{"name": "sessionid", "value": session, "url": await _origin(page)}])


async def is_told(page: Page, words: str) -> None:
    """To who cannot see, now or at any time since this page was loaded."""
    await page.wait_for_function("words => window.heard.includes(words)", arg=words)


async def _origin(page: Page) -> str:
    await page.goto("/healthz")
    return "/".join(page.url.split("/")[:3])


_EVERYTHING_KEPT = """async () => {
    const kept = [location.href, document.title, JSON.stringify(history.state),
                  JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage})];
    for (const { name } of await indexedDB.databases()) {
        const db = await new Promise((done, failed) => {
            const request = indexedDB.open(name);
            request.onsuccess = () => done(request.result);
            request.onerror = () => failed(request.error);
        });
        for (const room of db.objectStoreNames) {
            const all = await new Promise((done) => {
                const request = db.transaction(room).objectStore(room).getAll();
                request.onsuccess = () => done(request.result);
            });
            kept.push(JSON.stringify(all));
        }
        db.close();
    }
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
            kept.push(request.url);
            if (!request.url.includes('/static/assets/')) kept.push(await (await cache.match(request)).text());
        }
    }
    return kept.join('\\n');
}"""


async def kept_by_browser(page: Page) -> str:
    """All that this site left in the browser, as one text: address, title, storage, databases, caches.

    Of the files that are the same for everybody only the names.
    """
    kept: str = await page.evaluate(_EVERYTHING_KEPT)
    return kept


async def picture(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=PICTURES / f"{name}.png")
