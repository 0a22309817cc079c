"""What the benchmark holds rollups against: a plain statement for each of them, which makes the same rows."""

import pytest
from django.db import models

from tests.load.ledger.rebuilding import PLAIN, plainly
from tests.usage.simulated import PLAN, rollup_models
from usage import rollup
from usage.simulation import Plan, simulate

SMALL = Plan(users=12, days=40, seed=7, until=PLAN.until, zone=PLAN.zone)


def test_every_rollup_has_a_plain_statement() -> None:
    assert {path.stem for path in PLAIN.glob("*.sql")} == {model._meta.model_name for model in rollup_models()}


@pytest.mark.on_postgresql
@pytest.mark.django_db
def test_each_makes_the_rows_that_the_rollup_has() -> None:
    simulate(SMALL, witness=lambda _: None)
    rollup.drain_all(now=SMALL.end)
    compared: list[type[models.Model]] = []
    for model in rollup_models():
        if model._default_manager.exists():
            plainly(model)  # raises where they differ
            compared.append(model)
    assert len(compared) == len(rollup_models()), "a rollup without rows shows nothing"
