"""statistics.json: what is written reads back, merges, and has Model Monitor's form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from include.jobs.drift.errors import UnreadableData
from include.jobs.drift.statistics import Profile, from_json, read_profile, to_json, write_json
from include.jobs.drift.tables import Batch


def profile(**columns: Any) -> Profile:
    result = Profile()
    result.add(Batch("memory", pa.RecordBatch.from_pydict(columns)))
    return result


def test_the_form_of_a_number_and_of_a_text() -> None:
    document = to_json(profile(minutes=[0.5, 1.5, None, 10.5], plan=["a", "b", "a", None]))
    assert document["dataset"] == {"item_count": 4}
    minutes, plan = document["features"]
    assert minutes["inferred_type"] == "Fractional"
    assert minutes["numerical_statistics"]["common"] == {"num_present": 3, "num_missing": 1}
    kll = minutes["numerical_statistics"]["distribution"]["kll"]
    assert [bucket["count"] for bucket in kll["buckets"]] == [1.0, 1.0, *[0.0] * 7, 1.0]
    assert kll["sketch"]["data"] == [[0.5, 1.5, 10.5]]
    buckets = plan["string_statistics"]["distribution"]["categorical"]["buckets"]
    assert buckets == [{"value": "a", "count": 2}, {"value": "b", "count": 1}]


def test_it_reads_back_as_it_was() -> None:
    columns = {"n": [1, 2, 3], "x": [0.25, 4.5, None], "t": ["a", None, "b"], "gone": [None] * 3}
    document = to_json(profile(**columns))
    again = from_json(document)
    assert again.columns["n"].numbers.std == pytest.approx(0.8165, abs=1e-4)
    assert to_json(again) == document


def test_a_column_that_a_batch_lacks_is_missing_in_it() -> None:
    result = profile(a=[1, 2], b=[1, 2])
    result.add(Batch("later", pa.RecordBatch.from_pydict({"a": [3], "c": ["x"]})))
    assert {name: column.missing for name, column in result.columns.items()} == {
        "a": 0,
        "b": 1,
        "c": 2,
    }
    assert result.rows == 3


def test_merging_counts_the_rows_of_columns_that_only_one_has() -> None:
    total = profile(a=[1, 2])
    total.merge(profile(b=["x"]))
    assert (total.rows, total.columns["a"].missing, total.columns["b"].missing) == (3, 1, 2)


@pytest.mark.parametrize("text", ["", "{}", '{"features": [{"name": "a"}]}'])
def test_a_file_that_is_no_baseline_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / "statistics.json").write_text(text)
    with pytest.raises(UnreadableData, match=r"statistics\.json is no baseline"):
        read_profile(tmp_path / "statistics.json")


def test_a_profile_on_disk_is_found_again(tmp_path: Path) -> None:
    write_json(tmp_path / "new" / "statistics.json", to_json(profile(a=[1, 2])))
    assert read_profile(tmp_path / "new" / "statistics.json").rows == 2
