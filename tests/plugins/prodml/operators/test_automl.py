"""An AutoML job is one job too: adopted, stopped, and its best candidate can be served."""

from __future__ import annotations

from typing import Any

import pytest
from airflow.sdk.exceptions import TaskDeferred
from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance
from prodml.exceptions import RequestRefusedError
from prodml.jobs.automl_steps import steps_of
from prodml.operators.automl import AutoMLOperator
from prodml.operators.reconciliation import StopOrphanedJobsOperator

from tests.include.local_aws.sagemaker.automl.tables import CSV, TARGET, table
from tests.plugins.runs import ROLE, Ti, run

LIMITS = {"MaxCandidates": 1, "MaxAutoMLJobRuntimeInSeconds": 600}


@pytest.fixture
def config(s3: Any, bucket: str, unique: str) -> dict[str, Any]:
    key = f"{unique}/customers.csv"
    s3.put_object(Bucket=bucket, Key=key, Body=table())
    source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{bucket}/{key}"}
    algorithms = {"AlgorithmsConfig": [{"AutoMLAlgorithms": ["xgboost"]}]}
    return {
        "AutoMLJobInputDataConfig": [
            {"ContentType": CSV, "DataSource": {"S3DataSource": source}},
        ],
        "OutputDataConfig": {"S3OutputPath": f"s3://{bucket}/automl"},
        "AutoMLProblemTypeConfig": {
            "TabularJobConfig": {
                "TargetAttributeName": TARGET,
                "CandidateGenerationConfig": algorithms,
                "CompletionCriteria": LIMITS,
            }
        },
    }


def operator(config: dict[str, Any], **arguments: Any) -> AutoMLOperator:
    usual: dict[str, Any] = {"role_arn": ROLE, "poll_interval": 0.3, "deferrable": True}
    return AutoMLOperator(task_id="automl", config=config, **usual | arguments)


def test_the_best_candidate_of_one_job(
    config: dict[str, Any], ti: Ti, sagemaker: Any, experiment: str
) -> None:
    """Adopted on a retry; each candidate is a trial, and the best has its inference pipeline."""
    first = run(operator(config, experiment=experiment), ti)
    assert len(first["job_name"]) <= 32
    assert first["objective"] == "F1"
    best = first["best"]
    assert first["trials"] == [{"job_name": best["job_name"]}]
    assert best["algorithm"] == "sagemaker-xgboost"
    assert best["metrics"]["validation:f1_binary"] == first["value"]
    assert best["container"] == best["containers"][1]
    assert len(best["containers"]) == 3
    assert run(operator(config, experiment=experiment), ti) == first
    (summary,) = sagemaker.list_auto_ml_jobs(NameContains=first["job_name"])["AutoMLJobSummaries"]
    tags = sagemaker.list_tags(ResourceArn=summary["AutoMLJobArn"])["Tags"]
    assert {"Key": "prodml:task", "Value": ti.task_id} in tags
    jobs = [(kind.noun, name) for kind, name in steps_of(sagemaker, first["job_name"])]
    assert [noun for noun, _ in jobs] == [
        *("ProcessingJob", "TrainingJob", "TransformJob", "TrainingJob"),
    ]
    assert jobs[-1][1] == best["job_name"]
    (shown,) = sagemaker.list_trial_components(TrialName=best["trial"])["TrialComponentSummaries"]
    assert shown["DisplayName"] == best["name"]


def test_a_job_is_stopped_with_its_task_and_by_the_sweep(
    config: dict[str, Any], unique: str, sagemaker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No orphan is left of a killed task, nor of a worker that died."""
    killed, lost = (operator(config, deployment=unique) for _ in range(2))
    for task, run_id in ((killed, "killed"), (lost, "lost")):
        with pytest.raises(TaskDeferred):
            task.execute({"ti": Ti(f"{run_id}-{unique}")})  # type: ignore[typeddict-item]
    killed.on_kill()
    monkeypatch.setattr(RuntimeTaskInstance, "get_task_states", lambda **_: {})
    sweep = StopOrphanedJobsOperator(task_id="sweep", deployment=unique, grace=0)
    assert run(sweep, Ti("sweep"))["stopped"] == [lost.job_name]
    for task, reason in ((killed, "kill"), (lost, "deleted")):
        job = sagemaker.describe_auto_ml_job_v2(AutoMLJobName=task.job_name)
        assert job["AutoMLJobStatus"] in ("Stopping", "Stopped")
        tags = sagemaker.list_tags(ResourceArn=job["AutoMLJobArn"])["Tags"]
        assert {"Key": "prodml:stopped-by", "Value": reason} in tags


def test_a_job_without_a_limit_of_its_cost_is_refused(config: dict[str, Any], ti: Ti) -> None:
    tabular = config["AutoMLProblemTypeConfig"]["TabularJobConfig"]
    tabular["CompletionCriteria"] = {"MaxCandidates": 1}
    with pytest.raises(RequestRefusedError, match="MaxAutoMLJobRuntimeInSeconds has no limit"):
        run(operator(config), ti)


@pytest.mark.usefixtures("company")
def test_a_company_that_demands_isolation_gets_no_automl_job(
    config: dict[str, Any], ti: Ti
) -> None:
    with pytest.raises(RequestRefusedError, match="PRODML_NETWORK_ISOLATION"):
        run(operator(config), ti)
