"""The copy of the catalog that turns are made with: every change of the catalog is in it, whoever made the change."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, models, transaction
from django.utils import timezone

from conversations.catalog import current
from conversations.catalog_stamp import CATALOG, NOTES
from conversations.models import EndpointPrice, Model, ModelEndpoint, Route, Scenario


def stamp() -> str | None:
    return current().stamp


@pytest.mark.parametrize("model", CATALOG)
def test_no_column_changes_unseen(catalog: ModelEndpoint, model: type[models.Model]) -> None:
    table = model._meta.db_table
    EndpointPrice.objects.create(endpoint=catalog, valid_from=timezone.now(), input_pico=1, output_pico=2)
    for field in model._meta.local_concrete_fields:
        before = stamp()
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {field.column} = {field.column}")
        assert (stamp() == before) == (field.column in NOTES), field.column


CHANGES: dict[str, Callable[[ModelEndpoint], object]] = {
    "saved": lambda endpoint: endpoint.save(),
    "updated": lambda _: Scenario.objects.update(is_paused=True),
    "created": lambda _: Model.objects.create(slug="new", name_zh="新", name_en="New"),
    "made in bulk": lambda _: Scenario.objects.bulk_create([Scenario(slug="new", name_zh="新", name_en="New")]),
    "deleted": lambda _: Route.objects.all().delete(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_no_way_of_changing_goes_past_it(catalog: ModelEndpoint, change: Callable[[ModelEndpoint], object]) -> None:
    before = stamp()
    change(catalog)
    assert stamp() != before


def test_a_change_that_was_taken_back_is_none(catalog: ModelEndpoint) -> None:
    before = stamp()
    with transaction.atomic():
        Scenario.objects.update(is_active=False)
        assert stamp() != before
        transaction.set_rollback(True)
    assert stamp() == before
    assert all(scenario.is_active for scenario in current().scenarios.values())


def test_what_did_not_change_is_not_read_again(catalog: ModelEndpoint) -> None:
    assert current() is current()


def test_a_migration_leaves_the_triggers_in_place(catalog: ModelEndpoint) -> None:
    call_command("migrate", verbosity=0)
    before = stamp()
    Scenario.objects.update(is_paused=True)
    assert stamp() != before


def test_the_price_is_that_of_its_time(catalog: ModelEndpoint) -> None:
    now = timezone.now()
    for days, pico in ((-2, 5), (-1, 7), (1, 9)):
        EndpointPrice.objects.create(
            endpoint=catalog, valid_from=now + timedelta(days=days), input_pico=pico, output_pico=pico
        )

    def paid(days: int) -> int | None:
        price = current().price(catalog.pk, now + timedelta(days=days))
        return price.input_pico if price else None

    assert [paid(days) for days in (-3, -2, 0, 2)] == [None, 5, 7, 9]
