"""What a model is asked: the branch that leads to the question, in the person's language, and nothing else."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.database import in_database
from conversations.models import Generation, Model, ModelEndpoint, Route, Scenario
from conversations.prompt import Brief, brief
from tests.conversations.transcripts import a_conversation
from tests.database import rows
from tests.endpoint import DemonstrationEndpoint
from tests.faults.judge import judged
from tests.tab import Tab

OpenTab = Callable[[User], Tab]


def briefed(generation: UUID | None = None, **changes: object) -> Brief:
    row = Generation.objects.get(pk=generation) if generation else Generation.objects.order_by("-created_at")[0]
    Generation.objects.filter(pk=row.pk).update(state="queued", **changes)
    found = brief(row.pk, row.epoch)
    assert found is not None
    return found


def said(found: Brief) -> list[tuple[str, str]]:
    return [(message.role, message.content) for message in found.messages]


def test_questions_and_answers_alternate_up_to_the_question(catalog: ModelEndpoint, li: User) -> None:
    a_conversation(li, turns=3)
    assert said(briefed()) == [
        ("user", "问 0"), ("assistant", "答 0"), ("user", "问 1"), ("assistant", "答 1"), ("user", "问 2")
    ]  # fmt: skip


def test_what_a_person_always_wants_follows_the_scenarios_words(catalog: ModelEndpoint, li: User) -> None:
    a_conversation(li)
    li.instructions = "叫我小李，答短一点"
    li.save()
    scenario = Scenario.objects.order_by("position")[0]
    ((role, words), _) = said(briefed(scenario=scenario, hint="shorter", locale="zh"))
    assert role == "system"
    assert words.startswith(scenario.instructions("zh"))
    assert words.index("叫我小李，答短一点") < words.index("更短")


def test_an_answer_that_failed_says_nothing_but_its_question_stays(catalog: ModelEndpoint, li: User) -> None:
    a_conversation(li, turns=2)
    first = Generation.objects.order_by("created_at")[0]
    Generation.objects.filter(pk=first.pk).update(text="", state="failed")
    assert said(briefed()) == [("user", "问 0"), ("user", "问 1")]


@pytest.mark.parametrize(("locale", "language"), [("zh", "zh"), ("en", "en")])
def test_instructions_are_in_the_persons_language(catalog: ModelEndpoint, li: User, locale: str, language: str) -> None:
    a_conversation(li)
    scenario = Scenario.objects.get(slug="write")
    expected = scenario.instructions_en if language == "en" else scenario.instructions_zh
    assert said(briefed(scenario=scenario, locale=locale))[0] == ("system", expected)


def test_instructions_of_one_language_serve_both(catalog: ModelEndpoint, li: User) -> None:
    a_conversation(li)
    scenario = Scenario.objects.create(slug="only-zh", name_zh="只有", name_en="Only", instructions_zh="用中文的说明")
    assert said(briefed(scenario=scenario, locale="en"))[0] == ("system", "用中文的说明")


def test_a_scenario_without_instructions_needs_no_system_message(catalog: ModelEndpoint, li: User) -> None:
    a_conversation(li)
    assert said(briefed()) == [("user", "问 0")]


@pytest.mark.parametrize(
    ("hint", "locale", "words"), [("shorter", "zh", "更短"), ("shorter", "en", "shorter"), ("longer", "en", "longer")]
)
def test_a_hint_is_added_in_the_persons_language(
    catalog: ModelEndpoint, li: User, hint: str, locale: str, words: str
) -> None:
    a_conversation(li)
    scenario = Scenario.objects.get(slug="write")
    ((role, instructions), _) = said(briefed(scenario=scenario, hint=hint, locale=locale))
    assert role == "system"
    assert instructions.startswith(scenario.instructions(locale))
    assert words in instructions.splitlines()[-1]


def test_a_generation_of_another_epoch_is_nobodys_to_run(catalog: ModelEndpoint, li: User) -> None:
    a_conversation(li)
    row = Generation.objects.get()
    assert brief(row.pk, row.epoch) is None, "it is over"
    Generation.objects.update(state="queued")
    assert brief(row.pk, row.epoch + 1) is None
    assert brief(row.pk, row.epoch) is not None


def test_the_chosen_model_is_asked_first_then_the_routes_in_order(catalog: ModelEndpoint, li: User) -> None:
    a_conversation(li)
    scenario = Scenario.objects.get(slug="write")
    for position, slug in enumerate(("second", "first")):
        model = Model.objects.create(slug=slug, name_zh=slug, name_en=slug)
        ModelEndpoint.objects.create(model=model, name=slug, base_url="http://127.0.0.1:9/v1", remote_name=slug)
        Route.objects.create(scenario=scenario if slug == "first" else None, model=model, position=position)

    def asked(**changes: Any) -> list[str]:
        return [endpoint.name for endpoint, _ in briefed(scenario=scenario, **changes).endpoints]

    assert asked() == ["demonstration", "first", "second"]
    assert asked(model=Model.objects.get(slug="first")) == ["first", "second", "demonstration"]
    assert asked(model=Model.objects.get(slug="first"), model_chosen=True) == ["first"]
    ModelEndpoint.objects.filter(name="first").update(is_active=False)
    assert asked(model=Model.objects.get(slug="first"), model_chosen=True) == []


async def test_a_page_is_told_when_the_beginning_did_not_fit(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    await in_database(lambda: ModelEndpoint.objects.update(context_tokens=800))
    async with tab_of(li) as tab:
        first = await tab.ask("第一个问题" * 80)
        await tab.finished(first.generation)
        second = await tab.ask("第二个问题" * 80, conversation=first.conversation, parent=first.answer)
        seen = await tab.finished(second.generation)
        row = await judged(second.generation, [tab])
        was_cut = tab.of(first.generation).started
    assert was_cut is not None
    assert not was_cut.context_cut
    assert seen.started is not None
    assert (seen.started.context_cut, row.context_cut) == (True, True)
    asked = str(endpoint.log()[1].body["messages"])
    assert "第二个问题" in asked
    assert "第一个问题" not in asked


async def test_asking_again_shorter_leaves_the_first_answer_out(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(text="很长很长的回答"))
    async with tab_of(li) as tab:
        first = await tab.ask("你好", scenario="write")
        await tab.finished(first.generation)
        again = await tab.accepted("regenerate", message=first.message, hint="shorter")
        await tab.finished(again.generation)
        await judged(again.generation, [tab])
    messages = endpoint.log()[1].body["messages"]
    assert [message["role"] for message in messages] == ["system", "user"]
    assert "更短" in messages[0]["content"]


async def test_a_later_question_follows_the_sibling_it_was_asked_under(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    async with tab_of(li) as tab:
        endpoint.next(Script(text="第一个答案"))
        first = await tab.ask("你好")
        await tab.finished(first.generation)
        endpoint.next(Script(text="第二个答案"))
        again = await tab.accepted("regenerate", message=first.message)
        await tab.finished(again.generation)
        later = await tab.ask("然后呢", conversation=first.conversation, parent=again.answer)
        await tab.finished(later.generation)
    asked = str(endpoint.log()[2].body["messages"])
    assert "第二个答案" in asked
    assert "第一个答案" not in asked
    kinds = await rows(Generation.objects.order_by("created_at"))
    assert [row.kind for row in kinds] == ["send", "regenerate", "send"]
