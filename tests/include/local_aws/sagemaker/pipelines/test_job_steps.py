"""Steps with jobs: property files, caching, retries, and what a job is called."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

import include.local_aws.operations  # noqa: F401  (the operations that steps call)
from include.local_aws.core.account import Aws
from include.local_aws.core.store import Doc
from include.local_aws.sagemaker.endpoints.fleet import Fleet
from include.local_aws.sagemaker.pipelines import retries
from include.local_aws.sagemaker.pipelines.job_steps import JobStep
from include.local_aws.sagemaker.pipelines.state import Execution
from include.local_aws.testing import Server
from tests.include.local_aws.jobs import CLUSTER, ROLE, SKLEARN
from tests.include.local_aws.models import Platform
from tests.include.local_aws.sagemaker.pipelines.definitions import (
    Pipelines,
    condition,
    get,
    model,
    parameter,
    processing,
    property_file,
)
from tests.include.local_aws.sagemaker.pipelines.executions import answering, refused, stored
from tests.include.local_aws.sagemaker.pipelines.test_calls import Strict

WRITES = (
    "import json; json.dump({'m': [{'auc': 0.9}]}, open('/opt/ml/processing/output/e.json', 'w'))"
)
FILE = property_file("e.json")
SCORE = {
    "Std:JsonGet": {
        "PropertyFile": get("Steps.Evaluate_Model.PropertyFiles.Scores"),
        "Path": "m[0].auc",
    }
}
NAMES = {
    "ExperimentName": get("Execution.PipelineName"),
    "TrialName": get("Execution.PipelineExecutionId"),
}
CACHE = {"Enabled": True, "ExpireAfter": "P1D"}


def test_a_property_file_decides_and_the_second_execution_takes_the_cached_step(
    pipelines: Pipelines,
) -> None:
    uri = f"s3://{pipelines.jobs.bucket}/{pipelines.unique('scores')}"
    name = pipelines.create(
        processing("Evaluate_Model", WRITES, uri, PropertyFiles=[FILE], CacheConfig=CACHE),
        condition(
            "Good",
            {"Type": "GreaterThan", "LeftValue": SCORE, "RightValue": get("Parameters.Least")},
            then=(
                model(
                    "Register",
                    environment={
                        "URI": get(
                            "Steps.Evaluate_Model.ProcessingOutputConfig.Outputs['out'].S3Output.S3Uri"
                        )
                    },
                ),
            ),
            other=(),
        ),
        parameters=(parameter("Least", "Float", DefaultValue=0.5),),
        PipelineExperimentConfig=NAMES,
    )
    first = pipelines.start(name)
    assert pipelines.status(first) == "Succeeded"
    steps = pipelines.steps(first)
    assert list(steps) == ["Register", "Good", "Evaluate_Model"]
    identity = first.rpartition("/")[2]
    arn = steps["Evaluate_Model"]["Metadata"]["ProcessingJob"]["Arn"]
    assert re.fullmatch(rf".*/pipelines-{identity}-evaluate-model-[a-z0-9]{{10}}", arn)
    assert steps["Good"]["Metadata"] == {"Condition": {"Outcome": "True"}}
    assert pipelines.model(first, "Register")["PrimaryContainer"]["Environment"] == {"URI": uri}
    described = pipelines.client.describe_pipeline_execution(PipelineExecutionArn=first)
    assert described["PipelineExperimentConfig"] == {
        "ExperimentName": name,
        "TrialName": identity,
    }
    components = pipelines.client.list_trial_components(TrialName=identity)
    assert len(components["TrialComponentSummaries"]) == 1
    second = pipelines.start(name, {"Least": "0.95"})
    assert pipelines.status(second) == "Succeeded"
    steps = pipelines.steps(second)
    assert list(steps) == ["Good", "Evaluate_Model"]
    assert steps["Evaluate_Model"]["CacheHitResult"] == {"SourcePipelineExecutionArn": first}
    assert steps["Evaluate_Model"]["Metadata"]["ProcessingJob"]["Arn"] == arn


def test_a_policy_retries_a_job_without_capacity(local_aws: Server, pipelines: Pipelines) -> None:
    policy = {"ExceptionType": ["SageMaker.CAPACITY_ERROR"], "IntervalSeconds": 1}
    steps = (processing("Patient", "pass", RetryPolicies=[policy]), processing("Once", "pass"))
    name = pipelines.create(*steps)
    with local_aws.faults() as faults:
        for step in ("patient", "once"):
            faults.resource("processing-job", "capacity", f"(?i)pipelines-.*-{step}-.*")
        arn = pipelines.start(name)
        assert pipelines.status(arn) == "Failed"
    result = pipelines.steps(arn)
    assert (result["Patient"]["StepStatus"], result["Patient"]["AttemptCount"]) == ("Succeeded", 2)
    assert (result["Once"]["StepStatus"], result["Once"]["AttemptCount"]) == ("Failed", 1)
    assert result["Once"]["FailureReason"].startswith("ClientError: CapacityError: ")
    assert result["Once"]["FailureReason"].endswith(
        f"\nRetry not appropriate on execution of step with PipelineExecutionArn {arn} and StepId "
        "Once. No retry policy configured for the exception type SAGEMAKER_CAPACITY_ERROR."
    )


def test_throttled_calls_are_retried_without_a_policy(
    local_aws: Server, pipelines: Pipelines
) -> None:
    name = pipelines.create(model("A"))
    with local_aws.faults() as faults:
        faults.operation("CreateModel", "ThrottlingException", count=2)
        arn = pipelines.start(name)
        assert pipelines.status(arn) == "Succeeded"
    assert pipelines.steps(arn)["A"]["AttemptCount"] == 3


def test_a_version_is_registered_in_a_group_that_is_created(pipelines: Pipelines) -> None:
    group = pipelines.unique("group")
    arguments = {
        "ModelPackageGroupName": group,
        "ModelApprovalStatus": get("Parameters.Approval"),
        "InferenceSpecification": {
            "Containers": [{"Image": get("Steps.Make.PrimaryContainer.Image")}],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
    }
    register = {"Name": "Register", "Type": "RegisterModel", "Arguments": arguments}
    approval = parameter("Approval", DefaultValue="Approved", EnumValues=["Approved", "Rejected"])
    name = pipelines.create(model("Make"), register, parameters=(approval,))
    arns = [pipelines.start(name), pipelines.start(name)]
    assert [pipelines.status(arn) for arn in arns] == ["Succeeded", "Succeeded"]
    versions = {
        pipelines.steps(arn)["Register"]["Metadata"]["RegisterModel"]["Arn"] for arn in arns
    }
    client = pipelines.client
    packages = [client.describe_model_package(ModelPackageName=arn) for arn in versions]
    assert sorted(package["ModelPackageVersion"] for package in packages) == [1, 2]
    assert {package["ModelApprovalStatus"] for package in packages} == {"Approved"}


def test_a_model_is_trained_tuned_and_deployed(platform: Platform, pipelines: Pipelines) -> None:
    """Steps use properties of a training job, of a tuning job's best one, and of a model."""
    name, bucket = pipelines.unique("deployed"), pipelines.jobs.bucket
    code = "import os; open(os.environ['SM_MODEL_DIR'] + '/x', 'w').close(); print('loss=0.5;')"
    script = pipelines.jobs.script(name, code)
    specification = {
        "TrainingImage": SKLEARN,
        "TrainingInputMode": "File",
        "MetricDefinitions": [{"Name": "loss", "Regex": "loss=([0-9.]+);"}],
    }
    job = {
        "AlgorithmSpecification": specification,
        "RoleArn": ROLE,
        "OutputDataConfig": {"S3OutputPath": f"s3://{bucket}/models"},
        "ResourceConfig": CLUSTER,
        "StoppingCondition": {"MaxRuntimeInSeconds": 300},
    }
    search = {
        "Strategy": "Random",
        "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "loss"},
        "ResourceLimits": {"MaxNumberOfTrainingJobs": 1, "MaxParallelTrainingJobs": 1},
        "ParameterRanges": {
            "IntegerParameterRanges": [{"Name": "depth", "MinValue": "1", "MaxValue": "9"}]
        },
    }
    searched = job | {"StaticHyperParameters": script}
    tuning = {"HyperParameterTuningJobConfig": search, "TrainingJobDefinition": searched}
    environment = {
        "TRAINED": get("Steps.Train.ModelArtifacts.S3ModelArtifacts"),
        "LOSS": get("Steps.Train.FinalMetricDataList['loss'].Value"),
        "TUNED": get("Steps.Search.TrainingJobSummaries[0].TrainingJobName"),
        "BEST": get("Steps.Search.BestTrainingJob.TrainingJobName"),
    }
    made = model("Make", environment=environment)
    made["Arguments"]["PrimaryContainer"] |= platform.container()
    variant = {
        "VariantName": "only",
        "ModelName": get("Steps.Make.ModelName"),
        "InitialInstanceCount": get("Parameters.Count"),
        "InstanceType": "ml.m5.large",
    }
    config = {"EndpointConfigName": name, "ProductionVariants": [variant]}
    endpoint = {"EndpointName": name, "EndpointConfigName": get("Steps.Config.EndpointConfigName")}
    pipelines.jobs.put(f"{name}/in/rows.csv", "name\nother\n")
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://{bucket}/{name}/in"}}
    transform = {
        "ModelName": get("Steps.Make.ModelName"),
        "BatchStrategy": "SingleRecord",
        "TransformInput": {"DataSource": source, "SplitType": "Line", "ContentType": "text/csv"},
        "TransformOutput": {"S3OutputPath": f"s3://{bucket}/{name}/out", "AssembleWith": "Line"},
        "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
    }
    arn = pipelines.start(
        pipelines.create(
            {"Name": "Train", "Type": "Training", "Arguments": job | {"HyperParameters": script}},
            {"Name": "Score", "Type": "Transform", "Arguments": transform},
            {"Name": "Search", "Type": "Tuning", "Arguments": tuning},
            made,
            {"Name": "Config", "Type": "EndpointConfig", "Arguments": config},
            {"Name": "Serve", "Type": "Endpoint", "Arguments": endpoint},
            parameters=(parameter("Count", "Integer", DefaultValue=1),),
        )
    )
    assert pipelines.status(arn) == "Succeeded", pipelines.steps(arn)
    assert platform.runtime.invoke_endpoint(EndpointName=name, Body=b"name")["Body"].read()
    first, second = pipelines.jobs.read(f"s3://{bucket}/{name}/out/rows.csv.out").split()
    assert first != second == b"other"
    container = pipelines.model(arn, "Make")["PrimaryContainer"]
    values = container["Environment"]
    steps = pipelines.steps(arn)
    assert "/pipelines-" in steps["Score"]["Metadata"]["TransformJob"]["Arn"]
    trained = steps["Train"]["Metadata"]["TrainingJob"]["Arn"].rpartition("/")[2]
    assert values["TRAINED"].lower() == f"s3://{bucket}/models/{trained}/output/model.tar.gz"
    assert (values["LOSS"], values["TUNED"]) == ("0.5", values["BEST"])
    assert len(steps["Search"]["Metadata"]["TuningJob"]["Arn"].rpartition("/")[2]) <= 32
    described = pipelines.client.describe_endpoint(EndpointName=name)
    assert described["EndpointConfigName"] == f"{name}-{arn.rpartition('/')[2]}"
    pipelines.client.delete_endpoint(EndpointName=name)


PROCESSING = {"ProcessingJobName": "j", "ProcessingJobArn": "arn:j"}


def _adopting(aws: Aws, step: Doc, kind: str = "processing-job", **job: Any) -> Execution:
    """Return an execution whose step has created its resource before a restart."""
    state = {"Job": "j", "StepStatus": "Executing", "StartTime": aws.clock.now(), "Metadata": {}}
    aws.store.insert(kind, "j", (PROCESSING if kind == "processing-job" else {}) | job)
    return stored(aws, step, Steps={step["Name"]: state})


async def _work(execution: Execution) -> None:
    (step,) = execution.definition.steps.values()
    await JobStep(execution, step).work()


def test_a_job_that_is_deleted_fails_its_step(aws: Aws) -> None:
    execution = _adopting(aws, processing("A", ""), ProcessingJobStatus="InProgress")

    async def check() -> None:
        working = asyncio.create_task(_work(execution))
        await asyncio.sleep(0.01)
        aws.store.delete("processing-job", "j")
        await working

    asyncio.run(check())
    state = execution.step("A")
    assert (state["StepStatus"], state["FailureReason"]) == (
        "Failed",
        "ClientError: ProcessingJob j was deleted.",
    )


def test_a_stop_that_is_refused_leaves_the_job_to_its_end(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    execution = _adopting(aws, processing("A", ""), ProcessingJobStatus="InProgress")
    client = answering(
        aws, monkeypatch, stop_processing_job=refused("AccessDeniedException", "Denied.")
    )
    execution.stopping = True

    async def check() -> None:
        working = asyncio.create_task(_work(execution))
        while "FailureReason" not in execution.step("A"):
            await asyncio.sleep(0.001)
        assert execution.step("A")["StepStatus"] == "Stopping"
        aws.store.update("processing-job", "j", ProcessingJobStatus="Completed")
        await working

    asyncio.run(check())
    assert client.calls == [("stop_processing_job", {"ProcessingJobName": "j"})]
    state = execution.step("A")
    assert (state["StepStatus"], state["FailureReason"]) == (
        "Succeeded",
        "StopProcessingJob: Denied.",
    )


def _serving(aws: Aws, **members: str) -> Execution:
    """Return an execution whose step has created an endpoint."""
    step = {"Name": "Serve", "Type": "Endpoint", "Arguments": {"EndpointName": "j"}}
    deployment = {"EndpointConfigName": "c", "Variants": []}
    aws.add(Fleet(aws))
    doc: Doc = {"EndpointName": "j", "EndpointArn": "arn:j", "Deployment": deployment}
    doc |= {"CreationTime": aws.clock.now()}
    return _adopting(aws, step, "endpoint", **doc, **members)


def test_an_endpoint_is_left_alone_when_the_execution_stops(aws: Aws) -> None:
    execution = _serving(aws, EndpointStatus="Creating")
    execution.stopping = True
    asyncio.run(_work(execution))
    assert execution.step("Serve")["StepStatus"] == "Stopped"


def test_an_endpoint_whose_rollback_failed_fails_its_step(aws: Aws) -> None:
    reason = "The rollback failed: no capacity"
    execution = _serving(aws, EndpointStatus="UpdateRollbackFailed", FailureReason=reason)
    asyncio.run(_work(execution))
    state = execution.step("Serve")
    assert (state["StepStatus"], state["FailureReason"]) == (
        "Failed",
        "ClientError: The rollback failed: no capacity",
    )


def test_a_role_that_may_not_describe_the_job_fails_the_step(aws: Aws) -> None:
    execution = _adopting(aws, processing("A", ""), ProcessingJobStatus="InProgress")
    aws.credentials = Strict()
    asyncio.run(_work(execution))
    state = execution.step("A")
    assert state["StepStatus"] == "Failed"
    assert "may not sagemaker:DescribeProcessingJob arn:j" in state["FailureReason"]


@pytest.mark.parametrize(
    ("kind", "attempts"), [("Tuning", 1), ("Processing", 2)], ids=["tuning", "processing"]
)
def test_an_internal_error_is_retried_except_of_a_tuning_job(
    aws: Aws, monkeypatch: pytest.MonkeyPatch, kind: str, attempts: int
) -> None:
    """Leave the retries of training jobs to their tuning job."""
    noun = "HyperParameterTuning" if kind == "Tuning" else "Processing"
    job: Doc = {f"{noun}JobName": "j", f"{noun}JobArn": "arn:j", f"{noun}JobStatus": "Failed"}
    job |= {"FailureReason": "InternalServerError: again", "HyperParameterTuningJobConfig": {}}
    policy = {"ExceptionType": [retries.INTERNAL]}
    step = {"Name": "A", "Type": kind, "Arguments": {}, "RetryPolicies": [policy]}
    execution = _adopting(aws, step, "tuning-job" if kind == "Tuning" else "processing-job", **job)
    operation = f"create_{'hyper_parameter_tuning' if kind == 'Tuning' else 'processing'}_job"
    answering(aws, monkeypatch, **{operation: refused("ValidationException", "Wrong.")})
    asyncio.run(_work(execution))
    state = execution.step("A")
    assert (state["StepStatus"], state.get("AttemptCount", 1)) == ("Failed", attempts)


def test_a_step_that_waits_for_its_retry_creates_nothing_once_the_execution_stops(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    slower = refused("ThrottlingException", "Slower.", 429)
    client = answering(aws, monkeypatch, create_processing_job=slower)
    policy = {"ExceptionType": [retries.THROTTLING], "IntervalSeconds": 3600}
    state = {"StepStatus": "Starting", "StartTime": aws.clock.now()}
    step = processing("A", "", RetryPolicies=[policy])
    execution = stored(aws, step, Steps={"A": state})
    began, sleep = aws.clock.now(), aws.clock.sleep

    async def stop(seconds: float) -> None:
        await sleep(seconds)
        execution.stopping = True

    monkeypatch.setattr(aws.clock, "sleep", stop)
    asyncio.run(_work(execution))
    assert len(client.calls) == 1
    assert execution.step("A")["StepStatus"] == "Stopped"
    assert "Slower." in execution.step("A")["FailureReason"]
    assert aws.clock.now() - began < 1


def test_a_cached_step_whose_arguments_cannot_be_evaluated_fails(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(aws, monkeypatch)
    step = processing("Evaluate_Model", "", CacheConfig=CACHE, PropertyFiles=[FILE])
    step["Arguments"]["Environment"] = {"X": SCORE}
    execution = stored(aws, step, Steps={"Evaluate_Model": {"StepStatus": "Starting"}})
    asyncio.run(_work(execution))
    state = execution.step("Evaluate_Model")
    assert state["StepStatus"] == "Failed"
    assert state["FailureReason"].startswith("ClientError: ")
