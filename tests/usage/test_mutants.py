"""The product with one mistake, of a kind that ledgers really make: the oracle tells, or the proof proves nothing.

Without the mistake every story is told as the oracle tells it.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial

import pytest
from django.db import DatabaseError

from tests.usage import borders
from tests.usage.conftest import empty_ledger
from tests.usage.exact import assert_exact, lived
from tests.usage.histories import Story
from tests.usage.mutating import in_code, in_text
from usage import periods, recording
from usage.rollup import (
    acquisitions,
    active,
    adoption,
    answers,
    busy,
    calls,
    cohorts,
    conversations,
    crowds,
    people,
    returns,
    sessions,
    stays,
    sums,
)

pytestmark = pytest.mark.django_db

Mutant = Callable[[], AbstractContextManager[None]]
STORIES = {name: story for name, story in vars(borders).items() if isinstance(story, Story)}
JUDGED = partial(in_text, answers, "_JUDGED")
A_DAY_MORE = "_first_moment(day + timedelta(days=1), zone)"
MARKS = "yield from _turn_marks(event.about)"
WINDOW = "window_of(event.about.occurred_at)"

BORDERS: dict[str, tuple[Mutant, Story]] = {
    "the_last_moment_of_the_horizon_counts": (
        partial(JUDGED, ("occurred_at < asked.judged_until AS", "occurred_at <= asked.judged_until AS")),
        borders.VOTED_AT_THE_HORIZON,
    ),
    "two_minutes_later_is_soon": (
        partial(JUDGED, ("occurred_at < asked.soon_until", "occurred_at <= asked.soon_until")),
        borders.ASKED_AGAIN_AT_THE_HORIZON,
    ),
    "just_alike_enough_is_no_rephrase": (
        partial(JUDGED, ("rephrase_per_mille >= 600", "rephrase_per_mille > 600")),
        borders.JUST_ALIKE,
    ),
    "200_characters_are_early": (
        partial(JUDGED, ("visible_characters < 200", "visible_characters <= 200")),
        borders.STOPPED_AT_200,
    ),
    "half_an_hour_is_a_pause": (
        partial(in_text, stays, "_SESSIONS", ("start_us > so_far + 1800000000", "start_us >= so_far + 1800000000")),
        borders.JUST_A_SESSION,
    ),
    "a_call_is_not_busy_in_the_window_it_ends_in": (
        partial(in_text, busy, "_BUSY", ("began <= running.last_began", "began < running.last_began")),
        borders.OVER_THE_END_OF_A_WINDOW,
    ),
    "sums_of_a_day_reach_into_the_next": (
        partial(in_code, sums.recompute_usage_day, ('"window_start__lt"', '"window_start__lte"')),
        borders.EVENING_AND_MIDNIGHT,
    ),
    "a_day_of_people_reaches_into_the_next": (
        partial(in_code, people.replace_user_days, ('"window_start__lt"', '"window_start__lte"')),
        borders.EVENING_AND_MIDNIGHT,
    ),
    "an_answer_belongs_to_the_day_of_its_call": (
        partial(in_code, calls.recompute_call_day, ("day_bounds(day - A_DAY, zone)[0]", "start")),
        borders.ANSWERED_AFTER_MIDNIGHT,
    ),
    "what_was_said_61_days_ago_is_forgotten": (
        partial(
            in_code,
            conversations._turns,
            ("day_bounds(first, zone)[0]", "day_bounds(max(first, day - timedelta(days=60)), zone)[0]"),
        ),
        borders.WENT_ON,
    ),
    "who_was_there_91_days_ago_is_new": (
        partial(
            in_code, returns._returns, ("(day - PEOPLE_REACH, day)", "(day - PEOPLE_REACH + timedelta(days=1), day)")
        ),
        borders.CAME_BACK,
    ),
    "tried_on_the_day_of_the_first_sight_is_unseen": (
        partial(in_text, adoption, "_SIGHTS", ("tried_on >= sights.cohort", "tried_on > sights.cohort")),
        borders.SEEN_AND_TRIED_AT_ONCE,
    ),
}
DISTINCT: dict[str, tuple[Mutant, Story]] = {
    "two_scenarios_are_two_people": (
        partial(
            in_code,
            crowds.ranked,
            ('*by, "subject", "organic").annotate', '*{*by, "subject", "organic", "scenario"}).annotate'),
        ),
        borders.TWO_SCENARIOS,
    ),
    "two_scenarios_are_two_active_days": (
        partial(in_code, active._spread, (").distinct()", ")")),
        borders.TWO_SCENARIOS,
    ),
    "two_scenarios_are_two_members": (
        partial(in_text, cohorts, "_ACTIVE", ("SELECT DISTINCT", "SELECT")),
        borders.TWO_SCENARIOS,
    ),
    "two_scenarios_are_two_who_come_back": (
        partial(
            in_text, returns, "_RETURNS", ("by_scenario GROUP BY subject,", "by_scenario GROUP BY subject, scenario,")
        ),
        borders.TWO_SCENARIOS,
    ),
    "two_conversations_are_one": (
        partial(in_text, conversations, "_TURNS", ("scenario, channel, conversation ORDER", "scenario, channel ORDER")),
        borders.TWO_VISITS,
    ),
    "two_sessions_are_two_people": (
        partial(in_code, sessions.recompute_session_day, (", distinct=True", "")),
        borders.TWO_VISITS,
    ),
}
ZONES: dict[str, tuple[Mutant, Story]] = {
    "days_are_those_of_utc": (
        partial(in_code, periods.day_of, (".astimezone(zone)", "")),
        borders.AFTER_MIDNIGHT,
    ),
    "zones_are_whole_hours_apart": (
        partial(in_code, periods._first_moment, (".astimezone(UTC)", ".astimezone(UTC).replace(minute=0)")),
        borders.QUARTERS_OF_AN_HOUR,
    ),
    "clocks_never_change": (
        partial(
            in_code,
            periods._first_moment,
            ("tzinfo=zone).astimezone(UTC)", "tzinfo=UTC) - zone.utcoffset(datetime(2026, 1, 1))"),
        ),
        borders.IN_WINTER,
    ),
    "no_day_is_shorter_than_24_hours": (
        partial(
            in_code, periods.day_bounds, (A_DAY_MORE, f"max({A_DAY_MORE}, _first_moment(day, zone) + timedelta(1))")
        ),
        borders.HALF_AN_HOUR_LESS,
    ),
    "no_day_is_longer_than_24_hours": (
        partial(
            in_code, periods.day_bounds, (A_DAY_MORE, f"min({A_DAY_MORE}, _first_moment(day, zone) + timedelta(1))")
        ),
        borders.AN_HOUR_MORE,
    ),
}
TOO_FEW_MARKS: dict[str, tuple[Mutant, Story]] = {
    "the_window_of_the_answer_is_not_marked": (
        partial(
            in_code, recording._engagements_marks, (MARKS, f"yield MarkKey(Level.PERSON, {WINDOW}, event.subject)")
        ),
        borders.VOTED_THE_DAY_AFTER,
    ),
    "the_day_of_the_answer_is_not_marked": (
        partial(in_code, recording._engagements_marks, (MARKS, f"yield MarkKey(Level.WINDOW, {WINDOW})")),
        borders.VOTED_THE_DAY_AFTER,
    ),
    "a_call_marks_only_where_it_begins": (
        partial(in_code, recording._call_marks, ("call.started_at, call.ended_at", "call.started_at, call.started_at")),
        borders.OVER_THE_END_OF_A_WINDOW,
    ),
    "windows_around_midnight_mark_one_day": (
        partial(
            in_code, sums._firsts_of_days, ("max(start, day_bounds(day_of(end - WINDOW, zone), zone)[0])", "start")
        ),
        borders.AROUND_MIDNIGHT,
    ),
    "calls_of_the_day_after_are_not_marked": (
        partial(in_code, calls.days_beside, ("yield day_bounds(day_of(end - WINDOW, zone), zone)[1]", "yield start")),
        borders.ANSWERED_AFTER_MIDNIGHT,
    ),
    "windows_of_who_was_brought_by_a_campaign_are_not_marked": (
        partial(
            in_code, acquisitions._turn_over, ("MarkKey(Level.WINDOW, window)", "MarkKey(Level.USAGE_DAY, window)")
        ),
        borders.BROUGHT_AFTER_ALL,
    ),
    "user_days_of_who_was_brought_stay_organic": (
        partial(in_code, acquisitions._turn_over, ("(UserDay, FirstDay)", "(FirstDay,)")),
        borders.BROUGHT_AFTER_ALL,
    ),
    "people_of_days_before_they_were_brought_stay_organic": (
        partial(
            in_code,
            people.recompute_persons,
            ("zone)[0] for day in turned}, OF_COHORTS)", "zone)[0] for day in turned}, OF_COHORTS[1:])"),
        ),
        borders.BROUGHT_AFTER_ALL,
    ),
    "days_of_coming_back_are_not_marked": (
        partial(in_code, returns.later_days, ("local_day__lte=day + PEOPLE_REACH", "local_day__lte=day")),
        borders.CAME_IN_BETWEEN,
    ),
    "turns_that_went_on_are_not_marked": (
        partial(in_code, conversations.later_days, ("window_start__gte=end,", "window_start__gte=end + REACH,")),
        borders.TOLD_BACKWARDS,
    ),
    "the_call_that_failed_before_is_not_marked": (
        partial(in_code, calls.days_beside, ("attempt=1, window_start__lt", "attempt=0, window_start__lt")),
        borders.FAILED_OVER_AFTER_MIDNIGHT,
    ),
}
MUTANTS = {**BORDERS, **DISTINCT, **ZONES, **TOO_FEW_MARKS}


def tell(story: Story) -> None:
    with empty_ledger(story.zone):
        assert_exact(lived(story), story.zone)


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_every_story_is_told_as_the_oracle_tells_it(story: Story) -> None:
    tell(story)


@pytest.mark.parametrize(("mutant", "story"), MUTANTS.values(), ids=MUTANTS)
def test_a_mutant_tells_it_otherwise(mutant: Mutant, story: Story) -> None:
    """Or cannot tell it at all: what is counted twice, the database may refuse."""
    with mutant(), pytest.raises((AssertionError, DatabaseError)):
        tell(story)


def test_a_mutant_of_what_the_product_no_longer_says_is_an_error() -> None:
    with pytest.raises(LookupError, match="0 times"), in_code(periods.day_of, ("astimezone(place)", "")):
        pass
