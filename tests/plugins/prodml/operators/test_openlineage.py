"""Compare the OpenLineage events of our operators with those of the stock ones, in a file."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests import preloaded
from tests.root import ROOT

DAGS = ROOT / "tests" / "plugins" / "dags"
Names = tuple[list[str], list[str]]


@pytest.fixture(scope="module")
def events(
    s3: Any, bucket: str, data: str, package: str, tmp_path_factory: Any
) -> list[dict[str, Any]]:
    """Run six tasks in an Airflow of their own, and return the events that it has written."""
    s3.put_object(Bucket=bucket, Key="data/rows/rows.csv", Body=b"31,3\n12,5\n")
    folder = tmp_path_factory.mktemp("lineage")
    file = folder / "events.jsonl"
    transport = {"type": "file", "log_file_path": str(file), "append": True}
    variables = {
        "AIRFLOW_CONN_AWS_DEFAULT": os.environ["AIRFLOW_CONN_AWS_DEFAULT"],
        "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
        "AIRFLOW__OPENLINEAGE__TRANSPORT": json.dumps(transport),
        "AIRFLOW__OPENLINEAGE__NAMESPACE": "tests",
        "LINEAGE_DATA": data,
        "LINEAGE_PACKAGE": package,
    }
    files = {"home": folder / "airflow", "log": folder / "log"}
    preloaded.run("tests.plugins.dag_run", DAGS / "lineage.py", more=variables, **files)
    return [json.loads(line) for line in file.read_text().splitlines()]


def completed(events: list[dict[str, Any]], task: str) -> Iterator[dict[str, Any]]:
    """Yield the COMPLETE events of a task."""
    for event in events:
        if (event["eventType"], event["job"]["name"]) == ("COMPLETE", f"lineage.{task}"):
            yield event


def names(events: list[dict[str, Any]], task: str) -> Names:
    """Return the addresses of the inputs and outputs of *task*, without the job's own name."""
    (event,) = completed(events, task)
    read, written = (
        sorted(f"{one['namespace']}/{one['name']}" for one in event[side])
        for side in ("inputs", "outputs")
    )
    return read, [_unnamed(uri) for uri in written]


def _unnamed(uri: str) -> str:
    return re.sub(r"[^/]+/output/model.tar.gz$", "JOB/output/model.tar.gz", uri)


@pytest.mark.parametrize("task", ["process", "train", "transform"])
def test_our_operators_emit_the_data_sets_of_the_stock_ones(
    events: list[dict[str, Any]], task: str
) -> None:
    ours, stock = names(events, task), names(events, f"{task}_stock")
    assert ours == stock
    assert all(ours), "both sides are known"


def test_a_transform_has_read_its_model(
    events: list[dict[str, Any]], trained: dict[str, Any]
) -> None:
    read, _ = names(events, "transform")
    assert trained["model_data"] in read


def test_no_event_has_a_row_of_data(events: list[dict[str, Any]]) -> None:
    """The rows of the data sets are known: a label, and two numbers."""
    text = json.dumps(events)
    assert "31,3" not in text
    assert "12,5" not in text
