"""Of sessions and conversations: how much is asked in one go."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from usage.reports.metrics.definition import Metric, Unit

NO_SESSION = _("There was no session.")
NO_CONVERSATION = _("There was no conversation.")

SESSIONS = (
    Metric(
        id="sessions",
        label=pgettext_lazy("of people", "Sessions"),
        unit=Unit.COUNT,
        formula=_(
            "Turns of one person, over all their tabs, without a pause of more than 30 minutes; of the day it begins."
        ),
    ),
    Metric(
        id="session_people",
        label=_("People with a session"),
        unit=Unit.PEOPLE,
        additive=False,
        formula=_("Distinct people who began a session."),
    ),
    Metric(
        id="session_turns",
        label=_("Turns in sessions"),
        unit=Unit.COUNT,
        formula=_("All turns of the sessions that began that day, also those after midnight."),
    ),
    Metric(
        id="turns_per_session",
        label=_("Turns per session"),
        unit=Unit.RATE,
        additive=False,
        formula=_("Turns in sessions over sessions."),
        null_means=NO_SESSION,
    ),
    Metric(
        id="session_mean_ms",
        label=_("Session, mean"),
        unit=Unit.MILLISECONDS,
        additive=False,
        formula=_(
            "From the first accepted turn of a session to the end of its last answer, each turn 30 minutes at most; "
            "sum over sessions."
        ),
        null_means=NO_SESSION,
    ),
    Metric(
        id="one_turn_session_share",
        label=_("Of one turn"),
        unit=Unit.SHARE,
        additive=False,
        formula=_("Sessions of a single turn over sessions."),
        null_means=NO_SESSION,
    ),
)

CONVERSATIONS = (
    Metric(
        id="conversations",
        label=_("Conversations"),
        unit=Unit.COUNT,
        additive=False,
        formula=_("Distinct conversations with an accepted turn, within the day or the range."),
    ),
    Metric(
        id="conversation_turns",
        label=_("Turns in conversations"),
        unit=Unit.COUNT,
        formula=_("Accepted turns in them."),
    ),
    Metric(
        id="turns_per_conversation",
        label=_("Turns per conversation"),
        unit=Unit.RATE,
        additive=False,
        formula=_("Turns in conversations over conversations; one that goes on the next day counts on both."),
        null_means=NO_CONVERSATION,
    ),
    Metric(
        id="one_turn_conversation_share",
        label=_("Of a single turn"),
        unit=Unit.SHARE,
        additive=False,
        formula=_("Conversations with a single turn, within the day or the range, over conversations."),
        null_means=NO_CONVERSATION,
    ),
)
