"""What is counted since a migration is counted of the days before it, too."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from tests.usage import cast, written
from tests.usage.cast import NOON
from usage import rollup
from usage.models import CohortCost, LifecycleDay, Mark, PeopleDay

pytestmark = pytest.mark.django_db


def test_costs_of_cohorts_the_top_hundredth_and_who_was_satisfied_twice() -> None:
    for days in (0, 1):
        turn = cast.turn(str(days), at=NOON - timedelta(days=days))
        cast.talk(cast.ending(turn))
        cast.engage(cast.vote(turn, "up"))
    rollup.drain_all(now=NOON)
    counted = written.everything()
    CohortCost.objects.all().delete()
    PeopleDay.objects.update(top_turns=None, top_turns_all=None)
    LifecycleDay.objects.update(satisfied_twice=None)

    import_module("usage.migrations.0005_cohort_costs").have_counted(apps, connection.SchemaEditorClass(connection))
    assert Mark.objects.exists()
    rollup.drain_all(now=NOON)
    assert written.everything() == counted
