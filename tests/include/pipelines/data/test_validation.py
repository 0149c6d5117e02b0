from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from include.data.churn_world import COMMITTED, Row
from include.jobs.churn.schema import SCHEMA
from include.pipelines.data.validation import BadData, check_unlabelled, check_window
from tests.include.conftest import write_csv

GOOD = COMMITTED / "2024-01-01.csv"
Change = Callable[[list[Row]], object]


def with_cell(column: str, value: str) -> Change:
    return lambda rows: rows[3].__setitem__(column, value)


def renamed(rows: list[Row]) -> None:
    for row in rows:
        row["day_minutes"] = row.pop("total_day_minutes")


def without_leavers(rows: list[Row]) -> None:
    rows[:] = [row for row in rows if row["churn"] == "no"]


def test_every_committed_slice_is_good() -> None:
    assert check_window(SCHEMA, sorted(COMMITTED.glob("*.csv"))) == 5000


BAD = [
    (with_cell("churn", "perhaps"), r"column 'churn', row 5: 'perhaps' is not an allowed value"),
    (with_cell("total_day_calls", "many"), r"column 'total_day_calls', row 5: 'many' is not a num"),
    (with_cell("total_day_calls", "nan"), r"column 'total_day_calls', row 5: 'nan' is not a num"),
    (with_cell("state", "XX"), r"column 'state', row 5: 'XX' .*AK, AL.*schema.py"),
    (with_cell("customer_id", ""), r"column 'customer_id', row 5: the key is empty. Fill it in"),
    (renamed, r"lacks column 'total_day_minutes'.* It has \['day_minutes'\].*renamed"),
    (without_leavers, r"column 'churn': no row says 'yes'"),
]


@pytest.mark.parametrize(("change", "sentence"), BAD)
def test_bad_rows_are_named_with_file_column_and_row(
    change: Change, sentence: str, rows: list[Row], tmp_path: Path
) -> None:
    changed = [dict(row) for row in rows[:500]]
    change(changed)
    path = write_csv(tmp_path / "2024-03-11.csv", changed)
    with pytest.raises(BadData, match=rf"2024-03-11\.csv.*{sentence}"):
        check_window(SCHEMA, [GOOD, path])


TEXTS = [
    ("", "is empty. Export the week again"),
    ("\n\n", "is empty"),
    (GOOD.read_text().splitlines()[0], "has a header but no rows"),
    (GOOD.read_text().replace(",", ";"), "lacks column 'customer_id'"),
    (GOOD.read_text()[:-30], "row 501: a different number of cells than the header has"),
    (GOOD.read_text().replace("churn", "state", 1), "has 'state' twice in its header"),
]


@pytest.mark.parametrize(("text", "sentence"), TEXTS)
def test_broken_files_are_refused(text: str, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "2024-03-11.csv"
    path.write_text(text)
    with pytest.raises(BadData, match=rf"2024-03-11\.csv.*{sentence}"):
        check_window(SCHEMA, [GOOD, path])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="does not exist"):
        check_window(SCHEMA, [GOOD, tmp_path / "2024-03-11.csv"])


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    path = tmp_path / "2024-03-11.csv"
    path.write_text(GOOD.read_text(), encoding="utf-8-sig")
    assert check_window(SCHEMA, [GOOD, path]) == 1000


def test_rows_to_score_need_no_label(rows: list[Row], tmp_path: Path) -> None:
    unlabelled = [{k: v for k, v in row.items() if k != "churn"} for row in rows[:3]]
    assert check_unlabelled(SCHEMA, write_csv(tmp_path / "2024-03-11.csv", unlabelled)) == 3


def test_a_key_that_is_there_twice_is_refused_with_both_rows(
    rows: list[Row], tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "2024-03-11.csv", [*rows[:3], rows[1]])
    with pytest.raises(BadData, match=r"row 5: the key .* is in row 3 already\. Keep one"):
        check_window(SCHEMA, [GOOD, path])


PERSONAL = replace(SCHEMA, personal=("customer_id", "state", "total_day_calls", "churn"))
CANARY = "canary-of-a-person"


@pytest.mark.parametrize("column", ["churn", "state", "total_day_calls", "customer_id"])
def test_a_personal_value_is_not_in_an_error(column: str, rows: list[Row], tmp_path: Path) -> None:
    changed = [dict(row) for row in rows[:500]]
    for row in changed[3:5]:  # twice, which a key must not be
        row[column] = CANARY
    path = write_csv(tmp_path / "2024-03-11.csv", changed)
    with pytest.raises(BadData, match=f"column '{column}', row [56]: .*a hidden value") as refused:
        check_window(PERSONAL, [GOOD, path])
    assert CANARY not in str(refused.value)


@pytest.mark.parametrize("line", [f"{CANARY},1,2", f"{CANARY},{CANARY},2"], ids=["one", "two"])
def test_a_row_where_the_header_should_be_is_not_quoted(line: str, tmp_path: Path) -> None:
    path = tmp_path / "2024-03-11.csv"
    path.write_text(f"{line}\n")
    with pytest.raises(BadData, match="2024-03-11") as refused:
        check_window(PERSONAL, [path])
    assert CANARY not in str(refused.value)
