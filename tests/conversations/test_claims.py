"""Who may take an answer over, and when: the look for leases that ran out."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from app.accounts.models import User
from conversations import claims, leases, turns
from conversations.claims import Lookout
from conversations.ids import uuid7
from conversations.models import Generation, ModelEndpoint
from conversations.protocol import Send
from conversations.timing import timing

pytestmark = pytest.mark.usefixtures("unseen", "catalog")


@pytest.fixture
def leased(li: User) -> Generation:
    """An answer of a process called "owner", whose lease has run out."""
    request = Send(id=uuid7(), conversation=uuid7(), parent=None, text="你好")
    accepted = turns.accept(li, request, now=timezone.now(), process="owner").frame
    Generation.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    return Generation.objects.get(pk=accepted.generation)


def epoch_of(generation: Generation) -> int:
    generation.refresh_from_db()
    return generation.epoch


def test_a_process_that_just_began_claims_what_ran_out(leased: Generation) -> None:
    (claimed,) = Lookout().claim("other")
    assert (claimed.generation, claimed.epoch, claimed.takeovers) == (leased.pk, 2, 1)


def test_a_lease_that_was_renewed_is_left_alone(leased: Generation) -> None:
    leases.renew("owner")
    assert Lookout().claim("other") == []
    assert epoch_of(leased) == 1


def test_nobody_claims_before_one_lease_period_after_an_outage(leased: Generation) -> None:
    lookout = Lookout()
    lookout._looked_at = datetime.now(UTC) - timedelta(seconds=timing().lease_s)
    assert lookout.claim("other") == []
    assert lookout.claim("other") == []
    assert epoch_of(leased) == 1


def test_who_is_really_gone_is_replaced_once_that_period_is_over(leased: Generation) -> None:
    lookout = Lookout()
    lookout._looked_at = datetime.now(UTC) - timedelta(seconds=timing().lease_s)
    assert lookout.claim("other") == []
    lookout._not_before = datetime.now(UTC) - timedelta(seconds=1)
    assert [claimed.generation for claimed in lookout.claim("other")] == [leased.pk]


def test_a_claim_that_lay_in_a_paused_server_is_refused(leased: Generation) -> None:
    """It is carried out at the return, when its look is long ago."""
    assert claims._claim("other", valid_until=timezone.now() - timedelta(milliseconds=1)) == []
    assert epoch_of(leased) == 1


def test_whether_an_endpoint_was_asked_is_known_of_the_row(leased: Generation) -> None:
    Generation.objects.update(state="streaming")
    (claimed,) = Lookout().claim("other")
    assert (claimed.had_begun, claimed.endpoints) == (True, ())


def test_who_may_have_been_asked_is_told_where_the_row_knows_nothing(leased: Generation) -> None:
    (claimed,) = Lookout().claim("other")
    assert (claimed.had_begun, claimed.endpoints) == (False, (ModelEndpoint.objects.get().pk,))
