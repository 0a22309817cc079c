"""What a person says about an answer, and what the page saw of them: rows here, facts without text outside."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from conversations import errors, events
from conversations.events import Engagement, EngagementKind, TurnKind, Vote
from conversations.ids import uuid7
from conversations.models import Appeal, FeedbackReason, Generation, Message, Rating, Scenario
from conversations.people import Person
from conversations.turns import turn_of

MAX_AGE = timedelta(minutes=10)
"""A page's clock is not believed further back than this."""

NEWCOMER = timedelta(days=1)
"""How long after joining a campaign can be what brought a person. Who was here before was not brought by it."""

OF_SCENARIOS = (EngagementKind.SCENARIO_SEEN, EngagementKind.SCENARIO_CHOSEN)
OF_ANSWERS = (EngagementKind.COPIED, EngagementKind.SHARED, EngagementKind.EXPORTED)
OF_CAMPAIGNS = (EngagementKind.ACQUIRED,)
REPORTED = (*OF_SCENARIOS, *OF_ANSWERS, *OF_CAMPAIGNS)
"""What only the page knows. Everything else a page could say is known better here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One thing that a page saw its person do."""

    id: UUID
    kind: EngagementKind
    age: timedelta
    """How long before the request was made, by the page's own stopwatch."""
    scenario: str | None = None
    answer: UUID | None = None
    campaign: str = ""


def vote(
    person: Person, answer: UUID, value: Vote, *, reasons: Collection[str] = (), comment: str = "", now: datetime
) -> Rating:
    """Their latest vote stands; a fact of it is kept where anything but the words of the comment has changed.

    Raises ``NotFound`` for an answer that is not theirs, ``Invalid`` for a reason that its scenario does not offer.
    """
    with transaction.atomic():
        # The lock makes votes on one answer follow each other, so that the latest is the latest everywhere.
        if not _locked(person, answer):
            raise errors.NotFound
        about = asked_for(person, [answer], undeleted=True).get(answer)
        if about is None:
            raise errors.NotFound
        chosen = _checked(reasons, about, value)
        before = Rating.objects.filter(message_id=answer, owner_id=person.pk).first()
        if before is None and value is Vote.WITHDRAWN:
            return Rating(message_id=answer, owner_id=person.pk, value=value, rated_at=now)
        rated_at = now if before is None else max(now, before.rated_at + timedelta(microseconds=1))
        rating, _ = Rating.objects.update_or_create(
            message_id=answer,
            owner_id=person.pk,
            defaults={"value": value, "reasons": chosen, "comment": comment, "rated_at": rated_at},
        )
        if before is None or (before.value, before.reasons) != (value, chosen):
            events.engaged.send(sender=Rating, events=[_rated(rating, about)])
    return rating


def appeal(person: Person, answer: UUID, *, comment: str = "", now: datetime) -> Appeal:
    """That a filter was wrong about this answer, or that one no filter ended should not have been given, for the
    administration to look at; how the answer ended tells which. Said again, it is the first one.

    Raises ``NotFound`` for an answer that is not theirs, ``Invalid`` for one that is still written, and in a temporary
    conversation: it would be gone with that before anybody looked.
    """
    theirs = Generation.objects.filter(message_id=answer, owner_id=person.pk, conversation__deleted_at=None)
    latest = theirs.select_related("conversation").order_by("-created_at", "-id").first()
    if latest is None:
        raise errors.NotFound
    if latest.is_active or latest.conversation.is_temporary:
        raise errors.Invalid(field="answer")
    made, _ = Appeal.objects.get_or_create(generation=latest, defaults={"comment": comment, "made_at": now})
    return made


def report(person: Person, reports: Sequence[Report], *, now: datetime, channel: str = "web") -> int:
    """All of them or none; the same id again is the same fact. Returns how many different ones there are.

    A campaign that finds a person here already is none of them.

    Raises ``Invalid`` or ``NotFound`` that name the first one that cannot be.
    """
    answers = asked_for(person, [each.answer for each in reports if each.answer])
    slugs = {each.scenario for each in reports if each.scenario}
    known = set(Scenario.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    told: dict[UUID, Engagement] = {}
    is_newcomer = now - person.date_joined < NEWCOMER
    for place, each in enumerate(reports):
        if each.kind in OF_CAMPAIGNS and not is_newcomer:
            continue
        about = answers.get(each.answer) if each.answer else None
        if each.kind in OF_ANSWERS and about is None:
            raise errors.NotFound(field=f"events.{place}.answer")
        if each.kind in OF_SCENARIOS and each.scenario not in known:
            raise errors.Invalid(field=f"events.{place}.scenario")
        told.setdefault(
            each.id,
            Engagement(
                id=each.id,
                kind=each.kind,
                subject=person.subject,
                is_internal=person.is_internal,
                scenario=each.scenario or "",
                channel=channel,
                occurred_at=now - min(each.age, MAX_AGE),
                about=about,
                value=each.campaign,
            ),
        )
    with transaction.atomic():
        events.engaged.send(sender=Message, events=list(told.values()))
    return len(told)


def asked_for(person: Person, answers: Sequence[UUID], *, undeleted: bool = False) -> Mapping[UUID, events.Turn]:
    """The turn that asked for each of these answers, where it is theirs.

    A conversation deleted a moment ago still counts unless ``undeleted``: the page may tell of it a little later.
    """
    if not answers:
        return {}
    begun = Generation.objects.filter(message_id__in=answers, owner_id=person.pk).exclude(kind=TurnKind.CONTINUE)
    if undeleted:
        begun = begun.filter(conversation__deleted_at=None)
    rows = begun.select_related("scenario", "model")
    return {row.message_id: turn_of(row, person) for row in rows}


def _locked(person: Person, answer: UUID) -> bool:
    """Theirs, and nobody else's to vote on until the transaction ends."""
    found = Message.objects.select_for_update(of=("self",)).filter(pk=answer, conversation__owner_id=person.pk)
    return found.first() is not None


def _checked(reasons: Collection[str], about: events.Turn, value: Vote) -> list[str]:
    """Sorted, each once. Reasons say why an answer was not good."""
    if not reasons:
        return []
    scenario = Scenario.objects.filter(slug=about.scenario).first()
    offered = set(FeedbackReason.objects.serving(scenario).values_list("slug", flat=True))
    if value is not Vote.DOWN or not offered.issuperset(reasons):
        raise errors.Invalid(field="reasons")
    return sorted(set(reasons))


def _rated(rating: Rating, about: events.Turn) -> Engagement:
    return Engagement(
        id=uuid7(),
        kind=EngagementKind.RATED,
        subject=about.subject,
        is_internal=about.is_internal,
        scenario=about.scenario,
        channel=about.channel,
        occurred_at=rating.rated_at,
        about=about,
        value=rating.value,
        reasons=tuple(rating.reasons),
    )
