"""A whole AutoML job, created by the Amazon provider's operator, across a `kill -9`."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest
from airflow.providers.amazon.aws.operators.sagemaker import SageMakerAutoMLOperator
from airflow.providers.amazon.aws.sensors.sagemaker import SageMakerAutoMLSensor

from include.local_aws.core.account import Aws
from include.local_aws.core.store import Doc
from include.local_aws.sagemaker.automl import deployment
from include.local_aws.sagemaker.automl import job as automl_jobs
from include.local_aws.sagemaker.jobs.runner import Job
from include.local_aws.testing import Server, connection_to, running_server
from tests.include.local_aws.jobs import ROLE, Jobs
from tests.include.local_aws.sagemaker.automl import stored
from tests.include.local_aws.sagemaker.automl.tables import TARGET, described, ended, table

NAME, ENDPOINT = "stock", "stock-best"
CONFIG = {
    "CompletionCriteria": {"MaxCandidates": 1, "MaxRuntimePerTrainingJobInSeconds": 300},
    "CandidateGenerationConfig": {"AlgorithmsConfig": [{"AutoMLAlgorithms": ["xgboost"]}]},
}


def create(server: Server, data: str) -> None:
    """Execute the provider's operator, which calls the first version of the API."""
    operator = SageMakerAutoMLOperator(
        task_id="automl",
        job_name=NAME,
        s3_input=data,
        target_attribute=TARGET,
        s3_output="s3://jobs/automl",
        role_arn=ROLE,
        autodeploy_endpoint_name=ENDPOINT,
        extras={"AutoMLJobConfig": CONFIG},
        wait_for_completion=False,
    )
    operator.execute({})


def connect(server: Server, monkeypatch: pytest.MonkeyPatch) -> Jobs:
    """Point the provider's operators at the server; return a client of it."""
    monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", connection_to(server.url))
    s3 = server.client("s3", s3={"addressing_style": "path"})
    return Jobs(server.client("sagemaker"), s3, server.client("logs"), "jobs")


def until(jobs: Jobs, secondary: str) -> None:
    deadline = time.monotonic() + 60
    while (job := described(jobs, NAME))["AutoMLJobSecondaryStatus"] != secondary:
        assert time.monotonic() < deadline, job
        time.sleep(0.1)


def test_the_job_of_the_stock_operator_survives_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running_server(tmp_path, time_scale=60) as server:
        jobs = connect(server, monkeypatch)
        jobs.s3.create_bucket(Bucket=jobs.bucket)
        data = jobs.put("input/customers.csv", table())
        create(server, data)
        until(jobs, "FeatureEngineering")
        server.kill()
    with running_server(tmp_path, time_scale=60) as server:
        jobs = connect(server, monkeypatch)
        job = ended(jobs, NAME, timeout=120)
        assert SageMakerAutoMLSensor(task_id="wait", job_name=NAME).poke({})
        check_job(job)
        check_candidates(jobs, job)
        check_endpoint(server, job)


def check_job(job: Doc) -> None:
    assert job["AutoMLJobStatus"] == "Completed", job
    assert job["AutoMLJobSecondaryStatus"] == "MaxCandidatesReached"
    assert job["EndTime"] > job["CreationTime"]
    assert job["AutoMLProblemTypeConfigName"] == "Tabular"
    resolved = job["ResolvedAttributes"]
    assert resolved["AutoMLJobObjective"] == {"MetricName": "F1"}
    kind = resolved["AutoMLProblemTypeResolvedAttributes"]["TabularResolvedAttributes"]
    assert kind == {"ProblemType": "BinaryClassification"}
    assert "explainability" in job["PartialFailureReasons"][0]["PartialFailureMessage"]


def check_candidates(jobs: Jobs, job: Doc) -> None:
    """Each candidate is a real training job, and so is each of its steps."""
    api = jobs.sagemaker
    first = api.describe_auto_ml_job(AutoMLJobName=NAME)
    best = job["BestCandidate"]
    assert first["BestCandidate"] == best
    assert first["AutoMLJobConfig"] == CONFIG
    listed = api.list_candidates_for_auto_ml_job(
        AutoMLJobName=NAME, SortBy="FinalObjectiveMetricValue", SortOrder="Descending"
    )["Candidates"]
    assert [c["CandidateStatus"] for c in listed] == ["Completed"]
    assert listed == [best]
    for name, count in ((best["CandidateName"], 1), ("another", 0)):
        named = api.list_candidates_for_auto_ml_job(AutoMLJobName=NAME, CandidateNameEquals=name)
        assert len(named["Candidates"]) == count
    assert best["FinalAutoMLJobObjectiveMetric"]["Value"] > 0.7
    names = {(m["StandardMetricName"], m["Set"]) for m in metrics(best)}
    assert {("AUC", "Train"), ("LogLoss", "Validation")} <= names
    trained = [
        job["TrainingJobName"]
        for job in api.list_training_jobs(StatusEquals="Completed")["TrainingJobSummaries"]
    ]
    for candidate in listed:
        kinds = [s["CandidateStepType"].rpartition(":")[2] for s in candidate["CandidateSteps"]]
        assert kinds == ["ProcessingJob", "TrainingJob", "TransformJob", "TrainingJob"]
        assert candidate["CandidateSteps"][-1]["CandidateStepName"] in trained
    summaries = api.list_auto_ml_jobs(StatusEquals="Completed")["AutoMLJobSummaries"]
    assert [summary["AutoMLJobName"] for summary in summaries] == [NAME]


def metrics(candidate: Doc) -> list[Doc]:
    listed: list[Doc] = candidate["CandidateProperties"]["CandidateMetrics"]
    return listed


def check_endpoint(server: Server, job: Doc) -> None:
    """The deployed pipeline takes raw records without the target, and answers classes."""
    assert server.client("sagemaker").describe_endpoint(EndpointName=ENDPOINT)
    images = [c["Image"].rpartition("/")[2] for c in job["BestCandidate"]["InferenceContainers"]]
    assert len(images) == 3
    response = server.client("sagemaker-runtime").invoke_endpoint(
        EndpointName=ENDPOINT, ContentType="text/csv", Body="75,b,100.0\n20,a,100.0\n"
    )
    assert response["Body"].read().decode().split() == ["yes", "no"]


def _stored(aws: Aws, count: int, **members: Any) -> automl_jobs.AutoML:
    criteria = {"CompletionCriteria": {"MaxCandidates": count}, "Mode": "ENSEMBLING"}
    aws.store.insert("automl-job", "job", stored.job(criteria, **members))
    return automl_jobs.AutoML(Job(aws, "automl-job", "job"))


@pytest.mark.parametrize(("failing", "has_candidate"), [(1, True), (2, True), (3, False)])
def test_one_failed_ensemble_is_not_the_jobs_end(
    aws: Aws, monkeypatch: pytest.MonkeyPatch, failing: int, has_candidate: bool
) -> None:
    automl, tried = _stored(aws, 3), []

    async def run(part: str, request: Doc) -> Doc:
        tried.append(part)
        if len(tried) <= failing:
            raise automl_jobs.StepFailed(f"TrainingJob {part} failed")
        return {}

    monkeypatch.setattr(automl, "_run", run)
    monkeypatch.setattr(automl, "_has_candidate", lambda: has_candidate)
    if has_candidate:
        asyncio.run(automl._ensemble())
    else:
        with pytest.raises(automl_jobs.StepFailed) as failed:
            asyncio.run(automl._ensemble())
        assert str(failed.value) == f"TrainingJob {tried[-1]} failed"
    assert len(tried) == 3


@pytest.mark.parametrize(
    ("count", "secondary"), [(3, "MaxCandidatesReached"), (2, "MaxAutoMLJobRuntimeReached")]
)
def test_the_end_of_the_tuning_says_what_ended_it(
    aws: Aws, monkeypatch: pytest.MonkeyPatch, count: int, secondary: str
) -> None:
    monkeypatch.setattr(automl_jobs, "candidates", lambda *_: [{}] * count)
    assert _stored(aws, 3)._completed() == secondary


def test_a_failed_deployment_leaves_a_completed_job_with_its_candidates(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    automl = _stored(aws, 3, ModelDeployConfig={"EndpointName": "best"})

    async def deploy(job: Job, winner: Doc) -> str:
        assert job.doc["AutoMLJobSecondaryStatus"] == "DeployingModel"
        return "Endpoint best is Failed: no ping"

    monkeypatch.setattr(deployment, "deploy", deploy)
    monkeypatch.setattr(automl_jobs, "best", lambda _: {"CandidateName": "job-001"})
    secondary = asyncio.run(automl._deployed("Completed"))
    automl._end(secondary, None)
    job = aws.store.get("automl-job", "job") or {}
    assert (job["AutoMLJobStatus"], job["AutoMLJobSecondaryStatus"]) == (
        "Completed",
        "ModelDeploymentError",
    )
    assert job["PartialFailureReasons"][-1] == {
        "PartialFailureMessage": "Endpoint best is Failed: no ping"
    }
