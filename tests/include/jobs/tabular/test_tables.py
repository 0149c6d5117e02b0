from __future__ import annotations

from pathlib import Path

import pytest

from include.jobs.tabular.tables import check_rows, write_table


@pytest.mark.parametrize("parts", [1, 2])
def test_a_table_has_one_header_above_the_lines_of_all_parts(tmp_path: Path, parts: int) -> None:
    for number in range(parts):
        (tmp_path / f"part-{number}.csv").write_text(f"{number},0.5,7\n")
    write_table(tmp_path, tmp_path / "out" / "table.csv")
    header, *rows = (tmp_path / "out" / "table.csv").read_text().splitlines()
    assert header == "label,feature_1,feature_2"
    assert rows == [f"{number},0.5,7" for number in range(parts)]


def test_an_empty_data_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="has no rows"):
        write_table(tmp_path, tmp_path / "out" / "table.csv")


def test_too_few_rows_are_refused_before_an_automl_job_is_paid_for(tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_text("1,0.5\n" * 300)
    with pytest.raises(SystemExit, match="has 300 rows, and an AutoML job takes 500 or more"):
        check_rows(tmp_path)
    (tmp_path / "2.csv").write_text("1,0.5\n" * 200)
    check_rows(tmp_path)
