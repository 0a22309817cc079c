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
from usage.models import UpstreamCall

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
    (claimed,) = Lookout().claim("other", timezone.now())
    assert (claimed.generation, claimed.epoch, claimed.takeovers) == (leased.pk, 2, 1)


def test_a_lease_that_was_renewed_is_left_alone(leased: Generation) -> None:
    leases.renew("owner")
    assert Lookout().claim("other", timezone.now()) == []
    assert epoch_of(leased) == 1


def test_nobody_claims_before_one_lease_period_after_an_outage(leased: Generation) -> None:
    lookout = Lookout()
    lookout._looked_at = datetime.now(UTC) - timedelta(seconds=timing().lease_s)
    assert lookout.claim("other", timezone.now()) == []
    assert lookout.claim("other", timezone.now()) == []
    assert epoch_of(leased) == 1


def test_who_is_really_gone_is_replaced_once_that_period_is_over(leased: Generation) -> None:
    lookout = Lookout()
    lookout._looked_at = datetime.now(UTC) - timedelta(seconds=timing().lease_s)
    assert lookout.claim("other", timezone.now()) == []
    lookout._not_before = datetime.now(UTC) - timedelta(seconds=1)
    assert [claimed.generation for claimed in lookout.claim("other", timezone.now())] == [leased.pk]


def test_a_claim_that_lay_in_a_paused_server_is_refused(leased: Generation) -> None:
    """It is carried out at the return, when its look is long ago."""
    assert claims._claim("other", timezone.now(), valid_until=timezone.now() - timedelta(milliseconds=1)) == []
    assert epoch_of(leased) == 1


# --- what the lost owner had asked ------------------------------------------------------------------------------------


def test_a_request_that_the_row_knows_of_is_accounted_with_the_claim(leased: Generation) -> None:
    endpoint = ModelEndpoint.objects.get()
    Generation.objects.update(state="streaming", endpoint=endpoint, queue_ms=40)
    (claimed,) = Lookout().claim("other", timezone.now())
    (call,) = UpstreamCall.objects.all()
    assert claimed.had_begun
    assert (call.call_of, call.epoch, call.error, call.endpoint) == (leased.pk, 1, "lease_lost", endpoint.name)
    assert (call.token_source, call.input_uncached, call.output_visible, call.cost_pico) == ("none", None, None, None)


def test_who_stood_in_the_line_had_asked_nobody(leased: Generation) -> None:
    (claimed,) = Lookout().claim("other", timezone.now())
    assert not claimed.had_begun
    assert claimed.endpoints == (ModelEndpoint.objects.get().pk,)
    assert not UpstreamCall.objects.exists()


def test_a_request_that_something_else_speaks_for_is_accounted_once(leased: Generation) -> None:
    (claimed,) = Lookout().claim("other", timezone.now())
    for _ in range(2):
        claims.account_lost_call(claimed, timezone.now(), endpoint_pk=claimed.endpoints[0])
    (call,) = UpstreamCall.objects.all()
    assert (call.epoch, call.attempt, call.error, call.token_source) == (1, 1, "lease_lost", "none")


def test_nothing_is_accounted_once_somebody_else_owns_it(leased: Generation) -> None:
    (claimed,) = Lookout().claim("other", timezone.now())
    Generation.objects.update(epoch=3)
    claims.account_lost_call(claimed, timezone.now(), endpoint_pk=None)
    assert not UpstreamCall.objects.exists()
