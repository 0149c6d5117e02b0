"""Report the inputs of a trial, and the use of its model."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pytest
from prodml.aws.s3 import split
from prodml.endpoints.hosted import Hosted
from prodml.operators.lineage import COLUMNS, LineageOperator, _is_of

from tests.plugins.runs import Ti, read_text, run


def _lineage(trial: str, bucket: str, unique: str, ti: Ti, **arguments: str) -> dict[str, Any]:
    operator = LineageOperator(
        task_id="lineage",
        trial=trial,
        group="tests",
        endpoint=unique,
        output_uri=f"s3://{bucket}/{unique}/lineage.csv",
        **arguments,
    )
    return dict(run(operator, ti))


def _table(s3: Any, uri: str) -> list[dict[str, str]]:
    bucket, key = split(uri)
    body = s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()
    return list(csv.DictReader(io.StringIO(body)))


def test_the_lineage_goes_from_the_job_to_the_version(
    s3: Any, trained: dict[str, Any], package: str, bucket: str, ti: Ti, unique: str
) -> None:
    lineage = _lineage(trained["trial"], bucket, unique, ti)
    kinds = [row["kind"] for row in lineage["rows"]]
    assert kinds[0] == "training-job"
    assert package in [row["name"] for row in lineage["rows"] if row["kind"] == "model-package"]
    assert "endpoint" not in kinds
    table = _table(s3, lineage["csv"])
    assert tuple(table[0]) == COLUMNS
    assert [row["step"] for row in table] == [str(n) for n in range(1, len(kinds) + 1)]
    assert (table[0]["status"], table[-1]["status"]) == ("Completed", "Approved")
    shown = read_text(s3, lineage["page"])
    assert lineage["page"].endswith("/lineage.html")
    assert f"<td>{package}</td><td>Approved</td>" in shown
    assert ti.pushed["report_source"]["uri"] == lineage["page"]


@pytest.mark.parametrize("serves", [True, False])
def test_inference_component_is_the_last_step_of_the_version_that_it_serves(
    serves: bool,
    trained: dict[str, Any],
    package: str,
    bucket: str,
    ti: Ti,
    unique: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    component = {"InferenceComponentStatus": "InService", "CreationTime": datetime.now(UTC)}
    monkeypatch.setattr(Hosted, "packages", lambda _: [package if serves else "arn:another"])
    monkeypatch.setattr(Hosted, "describe", lambda _: component)
    rows = _lineage(trained["trial"], bucket, unique, ti, component="churn")["rows"]
    ends = [(row["name"], row["status"]) for row in rows if row["kind"] == "inference-component"]
    assert ends == ([("churn", "InService")] if serves else [])


def test_a_packed_model_leads_to_its_version_below_the_address_that_a_job_wrote() -> None:
    written = ["s3://b/run/packed", "s3://b/model.tar.gz"]
    assert _is_of(["s3://b/run/packed/model.tar.gz"], written)
    assert _is_of(["s3://b/model.tar.gz"], written)
    assert not _is_of(["s3://b/run/packed-2/model.tar.gz"], written)


@pytest.fixture
def trial(sagemaker: Any, experiment: str, unique: str) -> str:
    sagemaker.create_trial(TrialName=unique, ExperimentName=experiment)
    return unique


def test_a_component_that_no_job_stands_for_is_a_step_too(
    sagemaker: Any, trial: str, package: str, bucket: str, unique: str, ti: Ti
) -> None:
    sagemaker.create_trial_component(TrialComponentName=unique, DisplayName="Selection")
    sagemaker.associate_trial_component(TrialName=trial, TrialComponentName=unique)
    (row,) = _lineage(trial, bucket, unique, ti)["rows"]
    assert (row["step"], row["kind"], row["name"]) == (1, "component", "Selection")


def test_a_version_of_another_artifact_is_no_part_of_it(
    trial: str, package: str, s3: Any, bucket: str, unique: str, ti: Ti
) -> None:
    lineage = _lineage(trial, bucket, unique, ti)
    assert (lineage["trial"], lineage["rows"]) == (trial, [])
    assert _table(s3, lineage["csv"]) == []
