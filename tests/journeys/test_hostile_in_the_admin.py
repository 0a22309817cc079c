"""What people and models wrote, read by the staff: the whole corpus stands there as the words it is, and does nothing.

The pages of the administration may run inline scripts (app/security.py): here only escaping stands between a word and
a script, so that each word must come out of the browser as it went in, with no element made of it.
"""

from collections.abc import Iterator, Sequence
from functools import partial

import pytest
from django.urls import reverse
from playwright.async_api import Page, expect

from app.accounts.models import User
from conversations.database import in_database
from conversations.models import Generation, Message
from tests.conversations.transcripts import a_conversation
from tests.journeys.conftest import picture, sign_in
from tests.journeys.hostile import FEWEST, Watch, payloads

pytestmark = pytest.mark.slow

AT_ONCE = 100
"""Payloads on one page."""
NAME_LENGTH = User._meta.get_field("name").max_length or 0
WORDS_OF_NAMES = """() => [...document.querySelectorAll('#result_list .field-name')].map((cell) => {
    const words = cell.querySelector(':scope > div') ?? cell;
    return words.querySelector('*') ? `made ${words.innerHTML}` : words.textContent;
})"""


@pytest.fixture
def root(transactional_db: None) -> User:
    return User.objects.create_superuser("root@example.com", "root-knows-this", name="Root", locale="zh")


async def opened(page: Page, root: User) -> Watch:
    await sign_in(page, root)
    return Watch(page)


async def test_every_payload_asked_and_answered_is_only_words(page: Page, web: str, li: User, root: User) -> None:
    watch, seen = await opened(page, root), 0
    for batch in _batches(payloads()):
        await page.goto(await in_database(partial(_said, li, batch)))
        said = page.locator(".readonly > .whitespace-pre-wrap")
        await expect(said).to_have_count(2)
        await expect(said.locator("*")).to_have_count(0)
        assert await said.all_text_contents() == ["\n".join(batch)] * 2
        seen += len(batch)
    await picture(page, "hostile-admin")
    assert (seen, watch.foreign, watch.dialogs) == (len(payloads()), [], [])


async def test_every_payload_that_fits_a_name_is_only_a_name(page: Page, web: str, root: User) -> None:
    """In the list of people, where everybody gives oneself a name."""
    names = [text for text in payloads() if len(text) <= NAME_LENGTH and text.strip()]
    assert len(names) >= FEWEST
    await in_database(lambda: _called(names))
    watch, seen = await opened(page, root), list[str]()
    for number in range(len(names) // AT_ONCE + 1):
        await page.goto(f"/admin/accounts/user/?p={number + 1}&q=named")
        seen += await page.evaluate(WORDS_OF_NAMES)
    assert sorted(seen) == sorted(names)
    assert (watch.foreign, watch.dialogs) == ([], [])


def _called(names: Sequence[str]) -> None:
    User.objects.bulk_create(
        User(email=f"named-{number}@example.com", name=name, password="!") for number, name in enumerate(names)
    )


def _batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    yield from (texts[start : start + AT_ONCE] for start in range(0, len(texts), AT_ONCE))


def _said(li: User, words: Sequence[str]) -> str:
    """The address of an answer that consists of these words, and so does its question."""
    conversation, text = a_conversation(li), "\n".join(words)
    Message.objects.filter(conversation=conversation, role="user").update(text=text)
    Generation.objects.filter(conversation=conversation).update(text=text, thinking=text)
    return reverse("admin:conversations_generation_change", args=[conversation.generations.get().pk])
