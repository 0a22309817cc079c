"""What became of answers. Strict, broad and unknown stand together: silence is not satisfaction."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from usage.models import CountedSince
from usage.reports.definition import WITH_ORGANIC, Definition, Found, Moment
from usage.reports.groups import end_of_group, group_of, sums_by_group
from usage.reports.measures import VERDICTS
from usage.reports.query import UsageQuery
from usage.reports.ratios import Ratio
from usage.rollup.answers import HORIZON


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerQuality:
    answers: int
    shown_answers: int
    rated_up: int
    rated_down: int
    csat: Ratio
    response_rate: Ratio
    satisfied_strict: int | None
    satisfied_broad: int | None
    unsatisfied: int | None
    quality_unknown: int | None
    satisfied_strict_share: Ratio | None
    satisfied_broad_share: Ratio | None
    unsatisfied_share: Ratio | None
    quality_unknown_share: Ratio | None
    copied: int
    shared: int
    exported: int
    regenerated: int
    followed_up: int
    abandoned: int
    stopped_early: int
    copy_rate: Ratio
    regenerate_rate: Ratio
    stop_rate: Ratio
    abandonment_rate: Ratio


def read(query: UsageQuery, moment: Moment) -> Iterator[Found[AnswerQuality]]:
    """A row settles 72 hours after its last day: until then its verdicts are pending."""
    for key, sums, people in sums_by_group(query):
        until = end_of_group(query, key) + HORIZON
        yield Found(
            group=group_of(query, key),
            measures=_measures(sums.counts, is_judged=moment.has_passed(until)),
            until=until,
            people=people.behind(sums.counts),
        )


def _measures(counts: Mapping[str, int], *, is_judged: bool) -> AnswerQuality:
    """``counts`` has 0 for what it does not hold."""
    answers, shown = counts["answers"], counts["shown"]
    votes = counts["rated_up"] + counts["rated_down"]
    strict, broad, unsatisfied = (counts[verdict] if is_judged else None for verdict in VERDICTS)
    unknown = answers - sum(counts[verdict] for verdict in VERDICTS) if is_judged else None

    def of_answers(*parts: int | None) -> Ratio | None:
        known = [part for part in parts if part is not None]
        return Ratio(numerator=sum(known), denominator=answers) if known else None

    return AnswerQuality(
        answers=answers,
        shown_answers=shown,
        rated_up=counts["rated_up"],
        rated_down=counts["rated_down"],
        csat=Ratio(numerator=counts["rated_up"], denominator=votes),
        response_rate=Ratio(numerator=votes, denominator=shown),
        satisfied_strict=strict,
        satisfied_broad=broad,
        unsatisfied=unsatisfied,
        quality_unknown=unknown,
        satisfied_strict_share=of_answers(strict),
        satisfied_broad_share=of_answers(strict, broad),
        unsatisfied_share=of_answers(unsatisfied),
        quality_unknown_share=of_answers(unknown),
        copied=counts["copied"],
        shared=counts["shared"],
        exported=counts["exported"],
        regenerated=counts["regenerated"],
        followed_up=counts["followed_up"],
        abandoned=counts["abandoned"],
        stopped_early=counts["stopped_early"],
        copy_rate=Ratio(numerator=counts["copied"], denominator=shown),
        regenerate_rate=Ratio(numerator=counts["regenerated"], denominator=shown),
        stop_rate=Ratio(numerator=counts["stopped_early"], denominator=shown),
        abandonment_rate=Ratio(numerator=counts["abandoned"], denominator=answers),
    )


ANSWER_QUALITY = Definition(
    id="answer_quality",
    label=_("Answer quality"),
    about=_("What became of answers: votes, signals, and the verdict of satisfied, unsatisfied or unknown."),
    measures=AnswerQuality,
    read=read,
    organic_since=CountedSince.What.ORGANIC,
    options=WITH_ORGANIC,
    settles_after=HORIZON,
)
