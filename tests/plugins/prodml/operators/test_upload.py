"""Files are sent once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from prodml.exceptions import InputFileError
from prodml.operators.upload import UploadDatasetOperator

from tests.plugins.runs import Ti, run


def _operator(bucket: str, prefix: str, *files: Path) -> UploadDatasetOperator:
    return UploadDatasetOperator(
        task_id="upload", bucket=bucket, prefix=prefix, files=[str(file) for file in files]
    )


def test_what_is_there_is_not_sent_again(bucket: str, unique: str, tmp_path: Path, ti: Ti) -> None:
    one, two = tmp_path / "1.csv", tmp_path / "2.csv"
    one.write_text("a\n1\n")
    two.write_text("a\n2\n")
    first = run(_operator(bucket, unique, one), ti)
    second = run(_operator(bucket, unique, one, two), ti)
    assert (first["sent"], first["unchanged"]) == (1, 0)
    assert (second["sent"], second["unchanged"]) == (1, 1)
    assert second["files"] == [f"s3://{bucket}/{unique}/{name}.csv" for name in "12"]


def test_an_empty_file_stops_all_of_them(
    s3: Any, bucket: str, unique: str, tmp_path: Path, ti: Ti
) -> None:
    good, empty = tmp_path / "1.csv", tmp_path / "2.csv"
    good.write_text("a\n1\n")
    empty.touch()
    with pytest.raises(InputFileError, match=r"2\.csv is empty"):
        run(_operator(bucket, unique, good, empty), ti)
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket, Prefix=unique)
