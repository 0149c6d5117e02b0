"""The raw files of a Spark job: those of a manifest in S3, or those of a folder."""

from __future__ import annotations

import json
from pathlib import Path

from include.jobs.spark.preprocess import listed


def test_a_manifest_lists_the_objects_that_executors_read(tmp_path: Path) -> None:
    document = [{"prefix": "s3://bucket/raw/"}, "2024-01-01.csv", "dt=2024-01-08/part-0.parquet"]
    (tmp_path / "window-manifest.json").write_text(json.dumps(document))
    (tmp_path / "2024-01-15.csv").write_text("")
    prefix, files = listed(tmp_path)
    assert prefix == "s3://bucket/raw/"
    assert files == ["2024-01-01.csv", "dt=2024-01-08/part-0.parquet"]


def test_without_a_manifest_the_folder_has_the_raw_files(tmp_path: Path) -> None:
    for name in ("2024-01-01.csv", "dt=2024-01-08/part-0.parquet", "_SUCCESS", ".part.crc"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    prefix, files = listed(tmp_path)
    assert prefix == f"{tmp_path}/"
    assert sorted(files) == ["2024-01-01.csv", "dt=2024-01-08/part-0.parquet"]
