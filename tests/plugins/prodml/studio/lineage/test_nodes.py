"""Components, versions and endpoints become nodes with what each has read and written."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from prodml.studio.lineage.nodes import (
    data_node,
    endpoint_node,
    evaluation_node,
    job_node,
    version_node,
)

MOMENT = datetime(2026, 11, 29, 12, tzinfo=UTC)
TEXT = "2026-11-29T12:00:00+00:00"
ACCOUNT = "arn:aws:sagemaker:eu-west-1:000000000000"
SCORES = "s3://b/run/evaluation.json"
META = SimpleNamespace(endpoint_url="http://127.0.0.1:4566", region_name="eu-west-1")
SAGEMAKER = SimpleNamespace(meta=META)


def component(source: str, *outputs: str, **members: Any) -> dict[str, Any]:
    written = {name: {"Value": f"s3://b/{name}"} for name in outputs}
    source_arn = {"SourceArn": f"{ACCOUNT}:{source}"}
    return {"Source": source_arn, "OutputArtifacts": written, **members}


def package(**members: Any) -> dict[str, Any]:
    required = {
        "ModelPackageArn": f"{ACCOUNT}:model-package/churn/3",
        "ModelPackageVersion": 3,
        "ModelApprovalStatus": "Approved",
        "CreationTime": MOMENT,
    }
    return required | members


def quality(uri: str) -> dict[str, Any]:
    return {"ModelQuality": {"Statistics": {"S3Uri": uri}}}


@pytest.mark.parametrize(
    ("source", "outputs", "step"),
    [
        ("training-job/j", ["SageMaker.ModelArtifact"], "training"),
        ("transform-job/j", ["scores"], "scoring"),
        ("processing-job/j", ["train", "holdout"], "preprocessing"),
        ("processing-job/j", ["report", "evaluation"], "evaluation"),
        ("processing-job/j", ["packed"], "packing"),
    ],
)
def test_a_job_is_a_step_by_its_kind_and_its_outputs(
    source: str, outputs: list[str], step: str
) -> None:
    node = job_node(SAGEMAKER, component(source, *outputs))
    assert node is not None
    assert (node["step"], node["name"]) == (step, "j")
    assert [output["name"] for output in node["outputs"]] == [
        name.removeprefix("SageMaker.") for name in outputs
    ]


def test_a_component_that_no_known_job_made_is_no_node() -> None:
    assert job_node(SAGEMAKER, component("labeling-job/j")) is None
    assert job_node(SAGEMAKER, {"TrialComponentName": "by hand"}) is None


def test_a_job_has_its_name_in_the_experiment_its_times_and_its_page() -> None:
    listed = component(
        "training-job/j-1",
        DisplayName="xgboost-deep",
        Status={"PrimaryStatus": "Completed"},
        StartTime=MOMENT,
        InputArtifacts={"train": {"Value": "s3://b/train"}},
    )
    node = job_node(SAGEMAKER, listed)
    assert node is not None
    assert (node["name"], node["status"]) == ("xgboost-deep", "Completed")
    assert (node["started"], node["ended"]) == (TEXT, None)
    assert node["inputs"] == [{"name": "train", "uri": "s3://b/train"}]
    assert node["page"] == f"{META.endpoint_url}/_local/jobs/TrainingJob/j-1?region=eu-west-1"


def test_a_version_reads_the_data_of_its_containers_and_its_scores() -> None:
    containers = [{"Image": "i", "ModelDataUrl": "s3://b/one"}, {"Image": "j"}]
    specification = {"Containers": containers}
    node = version_node(package(InferenceSpecification=specification, ModelMetrics=quality(SCORES)))
    assert (node["name"], node["status"], node["started"]) == ("version 3", "Approved", TEXT)
    assert [read["uri"] for read in node["inputs"]] == ["s3://b/one", SCORES]
    assert version_node(package())["inputs"] == []


def test_an_evaluation_that_the_registry_names_has_what_it_knows() -> None:
    facts = {"holdout_scores": "s3://b/scores/"}
    node = evaluation_node(package(ModelMetrics=quality(SCORES), CustomerMetadataProperties=facts))
    assert node is not None
    assert node["inputs"] == [{"name": "answers", "uri": "s3://b/scores/"}]
    assert node["outputs"] == [{"name": "evaluation.json", "uri": SCORES}]
    assert evaluation_node(package()) is None


def test_data_and_endpoints_have_nothing_to_read() -> None:
    endpoint = {"EndpointArn": "arn", "EndpointName": "churn", "EndpointStatus": "InService"}
    node = endpoint_node(endpoint)
    assert (node["id"], node["status"], node["started"], node["inputs"]) == (
        *("arn", "InService", None),
        [],
    )
    raw = data_node("s3://b/raw", "raw")
    assert (raw["inputs"], raw["outputs"]) == ([], [{"name": "raw", "uri": "s3://b/raw"}])
