"""One thing a person did, as the fact that is kept of it."""

from zoneinfo import ZoneInfo

from conversations import events
from usage.models import EngagementEvent
from usage.periods import day_of, window_of


def engagement_row(event: events.Engagement, zone: ZoneInfo, *, simulated: bool = False) -> EngagementEvent:
    """A signal about an answer stands in the group of the turn that asked for it, whoever the person is by now."""
    about, rephrase = event.about, event.rephrase
    return EngagementEvent(
        occurred_at=event.occurred_at,
        window_start=window_of(event.occurred_at),
        local_day=day_of(event.occurred_at, zone),
        zone=zone.key,
        simulated=simulated,
        is_internal=about.is_internal if about else event.is_internal,
        scenario=about.scenario if about else event.scenario,
        model=about.model if about else "",
        channel=about.channel if about else event.channel,
        event=event.id,
        kind=event.kind.value,
        subject=event.subject,
        conversation=about.conversation if about else None,
        answer=about.answer if about else None,
        asked_at=about.occurred_at if about else None,
        asked_window=window_of(about.occurred_at) if about else None,
        value=str(event.value),
        reasons=",".join(event.reasons),
        rephrase_per_mille=rephrase.per_mille if rephrase else None,
        rephrase_version=rephrase.version if rephrase else None,
    )
