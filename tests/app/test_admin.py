"""The administration: every page opens, in both languages, and shows no more than it may."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db.models import Model as DjangoModel
from django.test import Client
from django.urls import NoReverseMatch, reverse

from app.accounts.models import User
from conversations.models import Appeal, Conversation, EndpointPrice, Generation, ModelEndpoint
from tests.conversations.transcripts import a_conversation
from tests.endpoint import DemonstrationEndpoint
from tests.processes import Process

KEY = "sk-canary-0123456789"
LANGUAGES = {"zh": "zh-hans", "en": "en"}
ENDPOINT_FIELDS = {
    "name": "demonstration", "remote_name": "demo", "thinking_style": "none", "prefix_style": "none",
    "context_tokens": "32768", "max_concurrency": "8", "position": "0", "is_active": "on",
    "prices-TOTAL_FORMS": "0", "prices-INITIAL_FORMS": "0",
}  # fmt: skip


@pytest.fixture
def root(valkey: Process, catalog: ModelEndpoint) -> Client:
    """A superuser's browser, on a product with something in it."""
    person = User.objects.create_superuser("root@example.com", "root-knows-this", name="Root")
    EndpointPrice.objects.create(
        endpoint=catalog, valid_from=datetime(2026, 1, 1, tzinfo=UTC), input_pico=1, output_pico=2
    )
    a_conversation(person, "一个标题", text="一个秘密")
    Appeal.objects.create(generation=Generation.objects.get(), comment="误判了", made_at=datetime.now(UTC))
    client = Client()
    client.force_login(person)
    return client


def staff(email: str, *permissions: str) -> Client:
    person = User.objects.create_user(email, "a-long-password", is_staff=True)
    for permission in permissions:
        label, codename = permission.split(".")
        person.user_permissions.add(Permission.objects.get(content_type__app_label=label, codename=codename))
    client = Client()
    client.force_login(person)
    return client


def pages(model: type[DjangoModel]) -> Iterator[str]:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    yield reverse(f"{name}_changelist")
    if not model._meta.managed:
        return  # a page of its own, without a table
    yield reverse(f"{name}_changelist") + "?q=anything"
    if (row := model._default_manager.first()) is not None:
        yield reverse(f"{name}_change", args=[row.pk])
        yield reverse(f"{name}_history", args=[row.pk])
    try:
        yield reverse(f"{name}_add")
    except NoReverseMatch:
        return


def every_page() -> list[str]:
    return [page for model in admin.site._registry for page in pages(model)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_opens(root: Client, language: str) -> None:
    root.cookies["django_language"] = LANGUAGES[language]
    assert root.get("/admin/").status_code == 200
    for page in every_page():
        answer = root.get(page)
        is_allowed = answer.status_code == 200 or (answer.status_code == 403 and page.endswith("/add/"))
        assert is_allowed, (page, answer.status_code)
        assert f'lang="{LANGUAGES[language]}"' in answer.content.decode() or answer.status_code == 403


# --- the key of an endpoint -------------------------------------------------------------------------------------------


def save_endpoint(root: Client, endpoint: ModelEndpoint, **fields: str) -> None:
    values = {**ENDPOINT_FIELDS, "model": str(endpoint.model_id), "base_url": endpoint.base_url, **fields}
    answer = root.post(reverse("admin:conversations_modelendpoint_change", args=[endpoint.pk]), values)
    assert answer.status_code == 302, re.findall(r"errorlist.*?</ul>", answer.content.decode(), re.S)
    endpoint.refresh_from_db()


def without_prices(endpoint: ModelEndpoint) -> ModelEndpoint:
    endpoint.prices.all().delete()
    return endpoint


def test_a_key_goes_in_encrypted_and_never_comes_out(root: Client, catalog: ModelEndpoint) -> None:
    save_endpoint(root, without_prices(catalog), new_api_key=KEY)
    assert catalog.api_key == KEY
    assert KEY.encode() not in bytes(catalog.api_key_encrypted)
    for page in every_page():
        assert KEY not in root.get(page).content.decode(), page
    assert KEY not in repr(catalog)


def test_an_empty_field_keeps_the_key_and_forgetting_is_said(root: Client, catalog: ModelEndpoint) -> None:
    save_endpoint(root, without_prices(catalog), new_api_key=KEY)
    save_endpoint(root, catalog, new_api_key="")
    assert catalog.api_key == KEY
    save_endpoint(root, catalog, forget_api_key="on")
    assert catalog.api_key == ""


@pytest.mark.parametrize("base_url", ["javascript:alert(1)", "file:///etc/passwd", "ftp://example.com", "no address"])
def test_an_endpoint_lives_at_a_web_address(root: Client, catalog: ModelEndpoint, base_url: str) -> None:
    values = {**ENDPOINT_FIELDS, "model": str(catalog.model_id), "base_url": base_url, "prices-TOTAL_FORMS": "0"}
    without_prices(catalog)
    answer = root.post(reverse("admin:conversations_modelendpoint_change", args=[catalog.pk]), values)
    assert answer.status_code == 200
    catalog.refresh_from_db()
    assert catalog.base_url.startswith("http://127.0.0.1")


def probe(root: Client, endpoint: ModelEndpoint) -> str:
    fields = {"action": "test_endpoints", "_selected_action": [str(endpoint.pk)]}
    return root.post(reverse("admin:conversations_modelendpoint_changelist"), fields, follow=True).content.decode()


def test_a_working_endpoint_is_said_to_answer(
    root: Client, catalog: ModelEndpoint, endpoint: DemonstrationEndpoint
) -> None:
    root.cookies["django_language"] = "en"
    assert "demonstration: answers, first token after" in probe(root, catalog)
    assert len(endpoint.log()) == 1


def test_a_dead_endpoint_is_said_not_to_and_why(root: Client, catalog: ModelEndpoint) -> None:
    root.cookies["django_language"] = "en"
    catalog.base_url, catalog.api_key = "http://127.0.0.1:9/v1", KEY
    catalog.save()
    html = probe(root, catalog)
    assert "demonstration: does not answer." in html
    assert KEY not in html


# --- what people wrote ------------------------------------------------------------------------------------------------


def a_generation() -> str:
    return reverse("admin:conversations_generation_change", args=[Generation.objects.get().pk])


def test_words_are_shown_only_to_who_may_read_them(root: Client) -> None:
    page = a_generation()
    may_not = staff("zhou@example.com", "conversations.view_generation").get(page)
    may = staff("wu@example.com", "conversations.view_generation", "conversations.read_text").get(page)
    assert (may_not.status_code, may.status_code) == (200, 200)
    assert "一个秘密" not in may_not.content.decode()
    assert "问 0" not in may_not.content.decode()
    assert "一个秘密" in may.content.decode()


def test_words_cannot_be_found_by_searching(root: Client) -> None:
    zhou = staff("zhou@example.com", "conversations.view_generation")
    html = zhou.get(reverse("admin:conversations_generation_changelist"), {"q": "秘密"}).content.decode()
    assert str(Generation.objects.get().pk) not in html


@pytest.mark.parametrize(
    "query",
    ["text__startswith=一", "thinking__contains=想", "message__text__contains=问", "owner__email=root@example.com"],
)
def test_words_cannot_be_guessed_by_filtering(root: Client, query: str) -> None:
    """Django's admin filters by any field that a query names, unless it forbids the look-up."""
    zhou = staff("zhou@example.com", "conversations.view_generation")
    assert zhou.get(reverse("admin:conversations_generation_changelist") + f"?{query}").status_code == 400
    assert zhou.get(reverse("admin:conversations_generation_changelist") + "?state__exact=failed").status_code == 200


def an_appeal() -> str:
    return reverse("admin:conversations_appeal_change", args=[Appeal.objects.get().pk])


def test_an_appeal_is_read_without_what_it_is_about(root: Client) -> None:
    """It is said to the administration; the question and the answer are behind its link, for who may read them."""
    zhou = staff("zhou@example.com", "conversations.view_appeal", "conversations.view_generation")
    for page in (an_appeal(), reverse("admin:conversations_appeal_changelist")):
        html = zhou.get(page).content.decode()
        assert "误判了" in html
        for hidden in ("一个秘密", "问 0", "root@example.com"):
            assert hidden not in html
    assert a_generation() in zhou.get(an_appeal()).content.decode()


@pytest.mark.parametrize("query", ["generation__text__startswith=一", "generation__owner__email=root@example.com"])
def test_words_cannot_be_guessed_by_filtering_appeals(root: Client, query: str) -> None:
    zhou = staff("zhou@example.com", "conversations.view_appeal")
    assert zhou.get(reverse("admin:conversations_appeal_changelist") + f"?{query}").status_code == 400


def test_an_appeal_can_be_settled_and_not_rewritten(root: Client) -> None:
    changed = root.post(an_appeal(), {"comment": "von mir", "is_settled": "on"})
    assert changed.status_code == 302
    kept = Appeal.objects.get()
    assert (kept.comment, kept.is_settled) == ("误判了", True)
    delete = reverse("admin:conversations_appeal_delete", args=[kept.pk])
    assert root.post(delete, {"post": "yes"}).status_code == 403


def test_hostile_words_are_only_words(root: Client) -> None:
    Generation.objects.update(text="<script>alert(1)</script>")
    wu = staff("wu@example.com", "conversations.view_generation", "conversations.read_text")
    assert "<script>alert(1)" not in wu.get(a_generation()).content.decode()


def test_an_answer_is_nobodys_to_change(root: Client) -> None:
    root.post(a_generation(), {"text": "von mir", "state": "failed"})
    assert Generation.objects.get().text == "一个秘密 0"
    delete = reverse("admin:conversations_generation_delete", args=[Generation.objects.get().pk])
    assert root.post(delete, {"post": "yes"}).status_code == 403
    assert Conversation.objects.exists()


def test_staff_without_a_permission_see_nothing(root: Client) -> None:
    analyst = staff("analyst@example.com")
    for page in every_page():
        assert analyst.get(page).status_code == 403, page


def test_everybody_else_is_asked_to_sign_in(root: Client) -> None:
    li = User.objects.create_user("li@example.com", "li-knows-this")
    visitor, person = Client(), Client()
    person.force_login(li)
    for client in (visitor, person):
        for page in every_page():
            answer = client.get(page)
            assert answer.status_code in (302, 404), page
            assert answer.status_code == 404 or "login" in answer.headers["Location"]
