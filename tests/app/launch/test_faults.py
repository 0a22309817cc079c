"""The tables of `run.py faults`: one line for each fault and database, the worst of its repetitions."""

from pathlib import Path

from app.launch.faults_table import BEGIN, END, HEADING, Found, GaugeLine, Line, broken_bounds, table, write

LINE: Line = {
    "fault": "F7",
    "seed": 42,
    "scale": 0.5,
    "messages": 16,
    "deltas": 1200,
    "generations": 8,
    "losses": 0,
    "settle_s": 2.0,
    "bound_s": 30.0,
    "gauges": [],
}
LAG: GaugeLine = {"name": "wait for a pong", "unit": "s", "worst": 0.25, "bound": 1.0}


def found(database: str, *lines: Line) -> Found:
    return Found(database=database, lines=lines, exit_code=0)


def rows(*of: Found) -> list[str]:
    return [line for line in table(of).splitlines() if line.startswith("| F")]


def test_repetitions_are_summed_and_the_slowest_is_shown_beside_its_scaled_bound() -> None:
    slow: Line = {**LINE, "settle_s": 4.25, "losses": 1}
    assert rows(found("SQLite", LINE, slow)) == [
        "| F7 | SQLite | 2 | 32 | 2,400 | 16 | 1 | 4.2 s / 15.0 s | yes | 42 |"
    ]


def test_faults_stand_in_the_order_of_their_numbers() -> None:
    lines: list[Line] = [{**LINE, "fault": fault} for fault in ("F16", "F2")]
    said = rows(found("SQLite", *lines), found("PostgreSQL", LINE))
    assert [row.split(" | ")[0] for row in said] == ["| F2", "| F7", "| F16"]


def test_what_has_no_bound_shows_none() -> None:
    (row,) = rows(found("SQLite", {**LINE, "settle_s": None, "bound_s": None}))
    assert " | - | - | " in row


def test_what_took_longer_than_its_bound_is_told_and_named() -> None:
    late = found("SQLite", LINE, {**LINE, "settle_s": 15.25})
    assert "| 15.2 s / 15.0 s | **no** |" in rows(late)[0]
    assert broken_bounds([late]) == ["F7, SQLite, to settle: 15.2 s / 15.0 s"]
    assert broken_bounds([found("SQLite", LINE)]) == []


def test_whatever_else_was_measured_stands_in_a_table_of_its_own() -> None:
    worse: GaugeLine = {**LAG, "worst": 1.5}
    both = found("SQLite", {**LINE, "gauges": [LAG]}, {**LINE, "gauges": [worse]}, LINE)
    assert rows(both)[1:] == ["| F7 | SQLite | wait for a pong | 2 | 1.5 s / 1.0 s | **no** |"]
    assert broken_bounds([both]) == ["F7, SQLite, wait for a pong: 1.5 s / 1.0 s"]


def test_a_measure_without_a_bound_breaks_none() -> None:
    unbounded: GaugeLine = {**LAG, "bound": None}
    one = found("SQLite", {**LINE, "gauges": [unbounded]})
    assert rows(one)[1:] == ["| F7 | SQLite | wait for a pong | 1 | 0.2 s / - | - |"]
    assert broken_bounds([one]) == []


def test_the_table_is_replaced_and_the_rest_of_the_page_is_kept(tmp_path: Path) -> None:
    page = tmp_path / "reliability.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    for _ in range(2):
        write(page, HEADING)
    assert page.read_text() == f"before\n{BEGIN}\n{HEADING}{END}\nafter\n"
