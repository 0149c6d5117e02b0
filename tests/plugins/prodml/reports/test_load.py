"""Show a load test as a table, a picture and a file."""

from __future__ import annotations

import csv
import io

from prodml.endpoints.load_generator import Step
from prodml.reports.load import COLUMNS, as_csv, page

STEPS = [
    Step(1.0, 1.0, 60, 0.0, 12.5, 20.0, 1),
    Step(10.0, 8.25, 600, 1.5, 40.0, 900.0, 2),
]


def test_the_file_has_one_row_a_rate() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(STEPS))))
    assert tuple(rows[0]) == COLUMNS
    assert [float(row["rate"]) for row in rows] == [1, 10]
    assert rows[1]["error_percent"] == "1.5"
    assert rows[1]["instances"] == "2"


def test_the_page_shows_every_number_and_both_latencies() -> None:
    html = page("churn", "Proposed target: 30", STEPS)
    assert "Load test of churn" in html
    assert html.count("<td") == len(STEPS) * len(COLUMNS)
    assert html.count("<polyline") == 2
    assert ">8.25</td>" in html


def test_one_rate_is_drawn_too() -> None:
    assert page("churn", "", STEPS[:1]).count("<circle") == 2


def test_the_page_loads_nothing_and_escapes_what_people_wrote() -> None:
    html = page("<b>", "<script>", STEPS)
    assert "&lt;script&gt;" in html
    assert "<b>" not in html
    assert "<script" not in html
    assert "http" not in html
