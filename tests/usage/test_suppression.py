"""No small group is shown, and none can be had by taking what is shown from its subtotal."""

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from usage.reports.dimensions import Dimension
from usage.reports.suppression import Group, hidden

DAY, SCENARIO = Dimension.DAY, Dimension.SCENARIO
K = 10


def of_scenarios(*people: int | None) -> list[int]:
    groups = [{SCENARIO: f"s{place}"} for place in range(len(people))]
    return sorted(hidden(groups, people, k=K))


def test_groups_large_enough_are_all_shown() -> None:
    assert of_scenarios(10, 200, 11) == []


def test_one_small_group_takes_the_smallest_of_the_others_with_it() -> None:
    assert of_scenarios(3, 200, 11, 40) == [0, 2]


def test_two_small_groups_are_not_safe_together() -> None:
    """3 + 4 people: the total less the others would be a group of 7."""
    assert of_scenarios(3, 4, 200) == [0, 1, 2]


def test_nobody_is_no_small_group_and_hides_nothing() -> None:
    assert of_scenarios(0, 200) == []
    assert of_scenarios(3, 0, 20) == [0, 2]


def test_groups_that_are_not_about_people_are_shown() -> None:
    assert of_scenarios(None, None) == []


def test_with_a_least_of_one_nothing_is_hidden() -> None:
    assert hidden([{SCENARIO: "s"}], [1], k=1) == frozenset()


tables = st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=1, max_size=5)


@given(table=tables)
def test_along_every_dimension_nothing_is_hidden_alone(table: list[list[int]]) -> None:
    groups: list[Group] = [{DAY: day, SCENARIO: f"s{place}"} for day, row in enumerate(table) for place in range(3)]
    people = [count for row in table for count in row]
    gone = hidden(groups, people, k=K)
    assert gone >= {place for place, count in enumerate(people) if 0 < count < K}
    for along in (DAY, SCENARIO):
        lines = defaultdict(list)
        for place, group in enumerate(groups):
            lines[next(value for key, value in group.items() if key != along)].append(place)
        for line in lines.values():
            away = [place for place in line if place in gone]
            shown = [place for place in line if place not in gone and people[place]]
            assert not away or not shown or (len(away) > 1 and max(people[place] for place in away) >= K)
