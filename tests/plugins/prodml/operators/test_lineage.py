"""The lineage of a trial, from its jobs to what serves."""

from __future__ import annotations

from typing import Any

from prodml.operators.lineage import LineageOperator

from tests.plugins.runs import Ti, read_text, run


def test_the_lineage_goes_from_the_job_to_the_version(
    s3: Any, trained: dict[str, Any], package: str, bucket: str, ti: Ti, unique: str
) -> None:
    uri = f"s3://{bucket}/{unique}/lineage.csv"
    operator = LineageOperator(
        task_id="lineage", trial=trained["trial"], group="tests", endpoint=unique, output_uri=uri
    )
    rows = run(operator, ti)["rows"]
    kinds = [row["kind"] for row in rows]
    assert kinds[0] == "training-job"
    assert package in [row["name"] for row in rows if row["kind"] == "model-package"]
    assert "endpoint" not in kinds
    assert read_text(s3, uri).splitlines()[0] == "step,kind,name,status,started,ended"


def test_a_trial_without_components_has_no_steps(
    sagemaker: Any, experiment: str, bucket: str, ti: Ti, unique: str, package: str
) -> None:
    sagemaker.create_trial(TrialName=unique, ExperimentName=experiment)
    uri = f"s3://{bucket}/{unique}/lineage.csv"
    operator = LineageOperator(
        task_id="lineage", trial=unique, group="tests", endpoint=unique, output_uri=uri
    )
    assert run(operator, ti)["rows"] == []
