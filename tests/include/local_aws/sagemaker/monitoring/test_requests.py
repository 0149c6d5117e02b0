from __future__ import annotations

from typing import Any

import pytest

from include.local_aws import operations  # noqa: F401  (registers the operations)
from include.local_aws.sagemaker.monitoring import (
    definitions,
    requests,
)
from tests.include.local_aws.sagemaker.monitoring.world import (
    CLUSTER,
    HOUR,
    IMAGE,
    NOON,
    ROLE,
    World,
    config,
)


def test_the_job_gets_its_window_in_aws_variables(world: World) -> None:
    world.define()
    world.schedule()
    world.hours(1.5)
    (job,) = world.jobs
    environment = job["Environment"]
    assert environment["start_time"] == environment["metric_time"] == "2026-03-02T12:00:00Z"
    assert environment["end_time"] == "2026-03-02T13:00:00Z"
    assert environment["sagemaker_endpoint_name"] == "churn"
    assert environment["sagemaker_monitoring_schedule_name"] == "hourly"
    assert environment["publish_cloudwatch_metrics"] == "Enabled"
    (given,) = job["ProcessingInputs"]
    place = "churn/AllTraffic/2026/03/02/12"
    assert given["S3Input"]["S3Uri"] == f"s3://b/capture/{place}"
    assert given["S3Input"]["LocalPath"] == f"{environment['dataset_source']}/{place}"
    output = job["ProcessingOutputConfig"]["Outputs"][0]["S3Output"]
    assert output["S3Uri"] == "s3://b/reports/churn/hourly/2026/03/02/13"
    assert job["ProcessingJobName"].startswith("data-quality-monitoring-202603021300-")
    assert job["MonitoringScheduleArn"].endswith(":monitoring-schedule/hourly")


def test_late_labels_are_merged_before_they_are_judged(world: World) -> None:
    truth = {"GroundTruthS3Input": {"S3Uri": "s3://b/labels"}}
    world.define("ModelQuality", **truth)
    world.call(
        "CreateMonitoringSchedule",
        MonitoringScheduleName="hourly",
        MonitoringScheduleConfig=config("cron(0 * ? * * *)", "ModelQuality"),
    )
    world.s3.keys.append("labels/2026/03/02/12/late.jsonl")
    world.hours(1.5)
    (merge,) = world.jobs
    assert merge["ProcessingJobName"].startswith("groundtruth-merge-")
    assert merge["AppSpecification"]["ImageUri"].endswith(
        "/sagemaker-model-monitor-groundtruth-merger"
    )
    world.s3.keys.append("reports/merge/churn/AllTraffic/2026/03/02/12/a.jsonl")
    world.end()
    analysis = world.jobs[-1]
    assert world.statuses == ["InProgress"]
    assert analysis["Environment"]["analysis_type"] == "MODEL_QUALITY"
    assert "sagemakerMergeJson" in analysis["Environment"]["dataset_format"]
    world.end()
    assert world.statuses == ["Completed"]


def _work(**members: Any) -> requests.Work:
    definition = definitions.Definition(
        kind="DataQuality",
        application={"ImageUri": IMAGE} | members.pop("application", {}),
        source={"EndpointName": "churn", "LocalPath": "/in"} | members.pop("source", {}),
        output={"S3Uri": "s3://b/reports/", "LocalPath": "/out"},
        resources={"ClusterConfig": CLUSTER},
        role=ROLE,
        **members,
    )
    return requests.Work("hourly", definition, "s3://b/capture", NOON, NOON + HOUR, NOON + HOUR)


def test_only_hours_that_hold_something_are_inputs(world: World) -> None:
    world.s3.keys = [
        "capture/churn/Blue/2026/03/02/12/a.jsonl",
        "capture/churn/Blue/2026/03/02/13/late.jsonl",
        "capture/churn/Green/2026/03/02/11/early.jsonl",
    ]
    (given,) = requests.analysis(world.s3, _work())["ProcessingInputs"]
    assert given["S3Input"]["S3Uri"] == "s3://b/capture/churn/Blue/2026/03/02/12"


def test_window_without_captures_has_no_data(world: World) -> None:
    with pytest.raises(requests.NoData):
        requests.analysis(world.s3, _work())


def test_baseline_and_scripts_are_inputs_that_variables_name(world: World) -> None:
    world.s3.keys = ["capture/churn/Blue/2026/03/02/12/a.jsonl"]
    work = _work(
        baseline={"ConstraintsResource": {"S3Uri": "s3://b/base/constraints.json"}},
        application={"RecordPreprocessorSourceUri": "s3://b/code/pre.py"},
        source={"FeaturesAttribute": "0:3"},
    )
    job = requests.analysis(world.s3, work)
    environment = job["Environment"]
    places = {item["InputName"]: item["S3Input"] for item in job["ProcessingInputs"]}
    constraints, script = places["constraints"], places["record_preprocessor_script"]
    assert environment["baseline_constraints"] == f"{constraints['LocalPath']}/constraints.json"
    assert environment["record_preprocessor_script"] == f"{script['LocalPath']}/pre.py"
    assert environment["features_attribute"] == "0:3"
