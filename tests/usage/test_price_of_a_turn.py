"""What a real turn costs: the tokens its endpoint counted, times the price of the catalog that was valid then."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.test import override_settings
from django.utils import timezone

from app.accounts.models import User
from app.demonstration.chat import pieces_of
from app.demonstration.faults import Script
from conversations.database import in_database
from conversations.models import EndpointPrice, ModelEndpoint
from tests.endpoint import DemonstrationEndpoint
from tests.tab import Tab
from usage import rollup
from usage.models import UpstreamCall, UsageRecord
from usage.reports.asking import answer

OpenTab = Callable[[User], Tab]

THOUGHT, SAID = "想一想这件事", "西安的城墙很好走。"
A_DAY = timedelta(days=1)


async def ask(tab: Tab) -> UUID:
    accepted = await tab.ask("西安怎么玩？", thinking=True)
    await tab.finished(accepted.generation)
    return accepted.generation


async def priced(
    endpoint: ModelEndpoint, *, input_pico: int, output_pico: int, since: timedelta, currency: str = "CNY"
) -> None:
    await in_database(
        lambda: EndpointPrice.objects.create(
            endpoint=endpoint,
            valid_from=timezone.now() + since,
            currency=currency,
            input_pico=input_pico,
            output_pico=output_pico,
        )
    )


def tokens_and_cost(generation: UUID) -> tuple[int, int, int | None]:
    """As input, output and pico of its only call, with which its record agrees."""
    call, record = UpstreamCall.objects.get(call_of=generation), UsageRecord.objects.get(generation=generation)
    assert call.cost_pico == record.cost_pico
    visible, thought = len(pieces_of(SAID)), len(pieces_of(THOUGHT))
    assert (call.output_visible, call.output_reasoning) == (visible, thought)
    assert call.input_uncached
    return call.input_uncached + (call.input_cached or 0), visible + thought, call.cost_pico


async def test_a_turn_costs_its_tokens_at_the_price_of_its_time(
    catalog: ModelEndpoint, tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(thinking=THOUGHT, text=SAID))
    await priced(catalog, input_pico=1, output_pico=1, since=A_DAY)
    async with tab_of(li) as tab:
        unpriced = await ask(tab)
        await priced(catalog, input_pico=2_400_000, output_pico=9_600_000, since=-A_DAY)
        cheap = await ask(tab)
        await priced(catalog, input_pico=4_800_000, output_pico=19_200_001, since=timedelta())
        dear = await ask(tab)

    *_, nothing = await in_database(lambda: tokens_and_cost(unpriced))
    assert nothing is None
    asked, said, at_first = await in_database(lambda: tokens_and_cost(cheap))
    assert at_first == asked * 2_400_000 + said * 9_600_000
    asked, said, later = await in_database(lambda: tokens_and_cost(dear))
    assert later == asked * 4_800_000 + said * 19_200_001
    assert await in_database(reported) == (3, 1, {"CNY": at_first + later})


async def test_a_price_in_another_currency_is_told_apart_up_to_the_report(
    catalog: ModelEndpoint, tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(thinking=THOUGHT, text=SAID))
    await priced(catalog, input_pico=2_400_000, output_pico=9_600_000, since=-A_DAY)
    async with tab_of(li) as tab:
        at_home = await ask(tab)
        await priced(catalog, input_pico=350_000, output_pico=1_400_001, since=timedelta(), currency="USD")
        abroad = await ask(tab)

    asked, said, dollars = await in_database(lambda: tokens_and_cost(abroad))
    assert dollars == asked * 350_000 + said * 1_400_001
    assert await in_database(lambda: currencies(abroad)) == {"USD"}
    *_, yuan = await in_database(lambda: tokens_and_cost(at_home))
    assert await in_database(reported) == (2, 0, {"CNY": yuan, "USD": dollars})


def currencies(generation: UUID) -> set[str]:
    """Of its call and its record."""
    call, record = UpstreamCall.objects.get(call_of=generation), UsageRecord.objects.get(generation=generation)
    return {call.currency, record.currency}


@override_settings(REPORT_MIN_PEOPLE=1)
def reported() -> tuple[int, int, dict[str, int]]:
    """Calls, those without a price, and what the others cost, of the last days."""
    now = timezone.now()
    rollup.drain_all(now=now)
    total = answer("usage", {"by": "-"}, now=now, audience="tests").asked.rows[0].measures
    assert total
    return total.calls, total.unpriced_calls, total.cost
