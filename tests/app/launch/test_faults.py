"""The table of `run.py faults`: one line for each fault and database, the worst of its repetitions."""

from pathlib import Path

from app.launch.faults import BEGIN, END, HEADING, Found, Line, _rows, write

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
}


def found(database: str, *lines: Line) -> Found:
    return Found(database=database, lines=lines, exit_code=0)


def test_repetitions_are_summed_and_the_slowest_is_shown_beside_its_scaled_bound() -> None:
    slow: Line = {**LINE, "settle_s": 4.25, "losses": 1}
    assert list(_rows([found("SQLite", LINE, slow)])) == [
        "| F7 | SQLite | 2 | 32 | 2,400 | 16 | 1 | 4.2 s / 15.0 s | 42 |\n"
    ]


def test_faults_stand_in_the_order_of_their_numbers() -> None:
    lines: list[Line] = [{**LINE, "fault": fault} for fault in ("F16", "F2")]
    rows = list(_rows([found("SQLite", *lines), found("PostgreSQL", LINE)]))
    assert [row.split(" | ")[0] for row in rows] == ["| F2", "| F7", "| F16"]


def test_what_has_no_bound_shows_none() -> None:
    (row,) = _rows([found("SQLite", {**LINE, "settle_s": None, "bound_s": None})])
    assert " | - | " in row


def test_the_table_is_replaced_and_the_rest_of_the_page_is_kept(tmp_path: Path) -> None:
    page = tmp_path / "reliability.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    for _ in range(2):
        write(page, HEADING)
    assert page.read_text() == f"before\n{BEGIN}\n{HEADING}{END}\nafter\n"
