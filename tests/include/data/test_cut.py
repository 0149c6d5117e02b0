from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from include.data import cut
from include.data.cut import (
    CutError,
    by_date,
    evenly,
    main,
    read_rows,
    refuse_lopsided,
    refuse_sorted,
    write_slices,
)
from include.settings import Settings

ROWS = [{"id": f"r{n}", "day": f"2024-01-{n:02}"} for n in range(1, 18)]


def test_equal_slices_lose_no_row_and_are_named_by_mondays(tmp_path: Path) -> None:
    paths = write_slices(tmp_path / "mine", evenly(ROWS, date(2024, 1, 3), 4))
    assert [path.stem for path in paths] == [
        "2024-01-01",
        "2024-01-08",
        "2024-01-15",
        "2024-01-22",
    ]
    assert [row for path in paths for row in read_rows(path)] == ROWS


def test_a_date_puts_a_row_into_its_week() -> None:
    slices = by_date(ROWS, "day")
    assert {str(monday): len(rows) for monday, rows in slices.items()} == {
        "2024-01-01": 7,
        "2024-01-08": 7,
        "2024-01-15": 3,
    }


def test_what_cannot_be_cut_is_said(tmp_path: Path) -> None:
    with pytest.raises(CutError, match=r"17 rows cannot fill 18 weeks\. Set --weeks to 2 to 17"):
        evenly(ROWS, date(2024, 1, 1), 18)
    with pytest.raises(CutError, match=r"No column 'when'. Available: id, day"):
        by_date(ROWS, "when")
    with pytest.raises(
        CutError, match=r"Column 'id', row 2: 'r1' is not an ISO date\. Write it as 2024-01-31"
    ):
        by_date(ROWS, "id")
    empty = tmp_path / "empty.csv"
    empty.write_text("id,day\n")
    with pytest.raises(CutError, match="has no rows"):
        read_rows(empty)


def test_rows_that_are_sorted_by_class_are_not_dealt_out() -> None:
    rows = [{"id": str(n), "churn": "yes" if n > 5 else "no"} for n in range(10)]
    with pytest.raises(CutError, match=r"sorted by 'churn'.*Shuffle the rows.*--in-order"):
        refuse_sorted(rows)
    refuse_sorted([*rows, rows[0]])
    refuse_sorted(ROWS)  # an id is no class
    refuse_sorted([{"id": row["id"], "country": "CH"} for row in rows])


def test_a_name_that_no_dag_can_have_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["cut", str(tmp_path / "export.csv"), "--pipeline", "churn-2"])
    assert main() == 1
    assert "cannot be called 'churn-2'" in capsys.readouterr().err


@pytest.mark.parametrize("late", [0, 3])
def test_rows_that_are_sorted_but_for_a_few_are_not_dealt_out_either(late: int) -> None:
    labels = ["no"] * 700 + ["yes"] * 300 + ["no"] * late
    rows = [{"id": str(n), "churn": label} for n, label in enumerate(labels)]
    with pytest.raises(CutError, match=r"No row of the partition 2024-01-01 has 'yes' in 'churn'"):
        refuse_lopsided(evenly(rows, date(2024, 1, 1), 4))


def test_a_rare_value_may_be_absent_from_a_slice() -> None:
    rows = [{"id": str(n), "state": "AK" if n < 30 else f"{n % 3}"} for n in range(1000)]
    refuse_lopsided(evenly(rows, date(2024, 1, 1), 4))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"id,label\n1,a,b\n", "row 2: a different number of cells"),
        (b"id,label\n1\n", "row 2: a different number of cells"),
        (b"id,id\n1,2\n", "column 'id' twice"),
        (b"id;label\n1;a\n", "separated by ';'"),
        (b"id\tlabel\n1\ta\n", "is separated by"),
        (b"id,name\n1,Z\xfcrich\n", "is not UTF-8"),
    ],
)
def test_a_file_that_is_no_plain_csv_is_named(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    with pytest.raises(CutError, match=sentence):
        read_rows(path)


def test_a_file_that_does_not_exist_is_named(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    with pytest.raises(CutError, match=f"^{path} cannot be read: No such file .* Correct the path"):
        read_rows(path)


def test_a_landing_in_s3_is_refused_with_the_way_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cut, "settings", lambda: Settings(landing="s3://company-rows/in/"))
    assert main(["export.csv", "--pipeline", "mine"]) == 1
    message = capsys.readouterr().err
    assert "aws s3 sync FOLDER/mine s3://company-rows/in/mine." in message


def test_a_wrong_first_day_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["export.csv", "--pipeline", "mine", "--first", "2024-13-01"])
    assert "'2024-13-01' is not a date. Write it as 2024-01-31." in capsys.readouterr().err
