"""The Spark job of 100,000 rows, as the operator starts it, next to the engine of one instance."""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path
from typing import Any

from prodml.aws.manifests import Listed, write_manifest
from prodml.aws.s3 import objects
from prodml.operators.processing import ProcessingJobOperator

from include.data.churn_world import COMMITTED
from include.jobs.churn.schema import SCHEMA
from include.local_aws.testing import Server
from include.pipelines.churn import PIPELINE
from include.pipelines.definition.resources import Engine, Resources
from include.pipelines.training import requests
from tests.include.jobs.tabular.test_leader import contents
from tests.include.jobs.tabular.window_files import prepared
from tests.include.local_aws.jobs import ROLE, Jobs, made

ROWS, FILES = 100_000, 4
BY_SPARK = dataclasses.replace(PIPELINE, resources=Resources(engine=Engine.SPARK))
BUCKET = "spark"
STATISTICS = "baseline/statistics.json"


def partitions(folder: Path) -> list[Path]:
    """Write the churn rows, repeated with a key for each, as one file a week."""
    slices = [path.read_text().splitlines() for path in sorted(COMMITTED.glob("*.csv"))]
    header, rows = slices[0][0], [row.partition(",")[2] for part in slices for row in part[1:]]
    folder.mkdir()
    paths = []
    for number in range(FILES):
        keys = range(number * ROWS // FILES, (number + 1) * ROWS // FILES)
        lines = [header, *(f"C{key:07d},{rows[key % len(rows)]}" for key in keys)]
        paths.append(folder / f"2024-01-{1 + 7 * number:02d}.csv")
        paths[-1].write_text("\n".join([*lines, ""]))
    return paths


def started(jobs: Jobs, name: str, paths: list[Path]) -> dict[str, Any]:
    """Run the preprocessing of a pipeline on files of S3; return the description at its end."""
    for path in paths:
        jobs.put(f"{name}/raw/{path.name}", path.read_bytes())
    prefix = f"s3://{BUCKET}/{name}/raw/"
    etags = [item["ETag"] for item in objects(jobs.s3, prefix)]
    listed = [
        Listed(path.name, path.stat().st_size, etag, etag)
        for path, etag in zip(paths, etags, strict=True)
    ]
    manifest, listing = write_manifest(jobs.s3, f"s3://{BUCKET}/{name}", prefix, listed)
    window: Any = {
        "manifest": manifest,
        "listing": listing,
        "raw": prefix,
        "holdout": f"{paths[-1].stem}T00:00:00+00:00",
        "prefix": f"s3://{BUCKET}/{name}/out",
        "artifacts": f"s3://{BUCKET}/{name}/out",
    }
    arguments = requests.preprocess(BY_SPARK, window)
    arguments["config"].pop("ExperimentConfig")
    operator = ProcessingJobOperator(
        task_id="preprocess", code_prefix=f"s3://{BUCKET}/code", role_arn=ROLE, **arguments
    )
    jobs.sagemaker.create_processing_job(ProcessingJobName=name, **operator.build({}))
    return jobs.ended("Processing", name, timeout=600)


def test_spark_writes_what_one_instance_writes(local_aws: Server, tmp_path: Path) -> None:
    jobs = made(local_aws, BUCKET)
    paths = partitions(tmp_path / "raw")
    ended = started(jobs, "same", paths)
    assert ended["ProcessingJobStatus"] == "Completed", ended
    assert ended["ExitMessage"].endswith("25000 held out")
    prepared(tmp_path / "raw", tmp_path / "one", SCHEMA)
    keys = [key for key in jobs.keys("same/out/") if "violations" not in key]
    written = {key.removeprefix("same/out/"): jobs.read(f"s3://{BUCKET}/{key}") for key in keys}
    one = contents(tmp_path / "one")
    ours, theirs = (leaves(json.loads(files.pop(STATISTICS))) for files in (written, one))
    assert ours.keys() == theirs.keys()
    differing = {name for name in ours if ours[name] != theirs[name]}  # sums of another NumPy
    assert all(math.isclose(ours[name], theirs[name], rel_tol=1e-12) for name in differing)
    assert written == one


def leaves(document: Any, path: str = "") -> dict[str, Any]:
    """Return the values of a document by their paths."""
    if isinstance(document, dict | list):
        members = document.items() if isinstance(document, dict) else enumerate(document)
        parts = [leaves(value, f"{path}/{key}") for key, value in members]
        return {key: value for part in parts for key, value in part.items()}
    return {path: document}
