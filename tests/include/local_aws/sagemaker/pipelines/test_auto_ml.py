"""AutoML steps: results for the next step, the cache, stop, and definitions that are refused."""

from __future__ import annotations

from typing import Any

import pytest

import include.local_aws.operations  # noqa: F401  (the operations that steps call)
from include.local_aws.core.store import Doc
from include.local_aws.testing import Server
from tests.include.local_aws.jobs import ROLE
from tests.include.local_aws.sagemaker.automl.tables import CSV, TARGET, table
from tests.include.local_aws.sagemaker.pipelines.definitions import (
    Pipelines,
    get,
    model,
    parameter,
    reason,
)

CONTAINER = "Steps.Search.BestCandidate.InferenceContainers[0]"
CONFIG = {
    "Mode": "ENSEMBLING",
    "CompletionCriteria": {"MaxCandidates": 1},
    "CandidateGenerationConfig": {
        "AlgorithmsConfig": [{"AutoMLAlgorithms": ["xgboost", "linear-learner"]}]
    },
}


def search(data: Any = "s3://b/data", **arguments: Any) -> Doc:
    """Return an AutoML step that trains one ensemble."""
    channel = {
        "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": data}},
        "TargetAttributeName": TARGET,
        "ContentType": CSV,
    }
    own = {
        "InputDataConfig": [channel],
        "OutputDataConfig": {"S3OutputPath": "s3://pipelines/automl"},
        "AutoMLJobConfig": CONFIG,
        "RoleArn": ROLE,
    }
    cache = {"Enabled": True, "ExpireAfter": "P1D"}
    return {
        "Name": "Search",
        "Type": "AutoML",
        "Arguments": own | arguments,
        "CacheConfig": cache,
        "RetryPolicies": [{"ExceptionType": ["SageMaker.RESOURCE_LIMIT"]}],
    }


def score(rows: str, output: str) -> Doc:
    """Return a Transform step by the model of the best candidate."""
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": rows}}
    arguments = {
        "ModelName": get("Steps.Make.ModelName"),
        "TransformInput": {"DataSource": source, "SplitType": "Line", "ContentType": CSV},
        "TransformOutput": {"S3OutputPath": output},
        "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
    }
    return {"Name": "Score", "Type": "Transform", "Arguments": arguments}


def described(pipelines: Pipelines, arn: str) -> Doc:
    """Describe a job by its ARN, which has its name in lower case."""
    listed = pipelines.client.list_auto_ml_jobs(NameContains=arn.rpartition("/")[2])
    (name,) = (job["AutoMLJobName"] for job in listed["AutoMLJobSummaries"])
    job: Doc = pipelines.client.describe_auto_ml_job(AutoMLJobName=name)
    return job


def test_the_best_candidate_is_a_model_of_the_next_step_and_is_cached(pipelines: Pipelines) -> None:
    data = pipelines.jobs.put(f"{pipelines.unique('table')}/data.csv", table())
    keys = (
        *("MODEL_NAME", "SAGEMAKER_PROGRAM", "SAGEMAKER_SUBMIT_DIRECTORY"),
        *("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT", "SAGEMAKER_INFERENCE_OUTPUT"),
        "SAGEMAKER_INFERENCE_SUPPORTED",  # as get_best_auto_ml_model of the SDK has them
    )
    environment = {key: get(f"{CONTAINER}.Environment['{key}']") for key in keys}
    made = model("Make", get(f"{CONTAINER}.Image"), environment)
    made["Arguments"]["PrimaryContainer"]["ModelDataUrl"] = get(f"{CONTAINER}.ModelDataUrl")
    rows = pipelines.jobs.put(f"{pipelines.unique('rows')}/rows.csv", "75,b,100.0\n20,a,100.0\n")
    scored = f"s3://{pipelines.jobs.bucket}/{pipelines.unique('scored')}"
    name = pipelines.create(
        search(get("Parameters.Data")),
        made,
        score(rows, scored),
        parameters=(parameter("Data", DefaultValue=data),),
    )
    first = pipelines.start(name)
    ended = pipelines.ended(first, timeout=240)
    assert ended["PipelineExecutionStatus"] == "Succeeded", pipelines.steps(first)
    arn = pipelines.steps(first)["Search"]["Metadata"]["AutoMLJob"]["Arn"]
    job = described(pipelines, arn)
    assert (job["AutoMLJobStatus"], job["AutoMLJobSecondaryStatus"]) == (
        "Completed",
        "MaxCandidatesReached",
    )
    best = job["BestCandidate"]
    assert best["FinalAutoMLJobObjectiveMetric"]["Value"] > 0.7
    container = pipelines.model(first, "Make")["PrimaryContainer"]
    assert container["ModelDataUrl"] == best["InferenceContainers"][0]["ModelDataUrl"]
    assert container["Environment"]["MODEL_NAME"] == "WeightedEnsemble_L2"
    assert pipelines.jobs.read(f"{scored}/rows.csv.out").split() == [b"yes", b"no"]
    second = pipelines.start(name)
    assert pipelines.status(second) == "Succeeded"
    step = pipelines.steps(second)["Search"]
    assert step["CacheHitResult"] == {"SourcePipelineExecutionArn": first}
    assert step["Metadata"]["AutoMLJob"]["Arn"] == arn


def test_a_policy_retries_the_job_and_a_stopped_execution_stops_it(
    local_aws: Server, pipelines: Pipelines
) -> None:
    data = pipelines.jobs.put(f"{pipelines.unique('table')}/data.csv", table())
    name = pipelines.create(search(data))
    with local_aws.faults() as faults:
        faults.operation("CreateAutoMLJob", "ResourceLimitExceeded", count=1)
        arn = pipelines.start(name)
        state = pipelines.until(arn, "Search", attempt=2)
    pipelines.client.stop_pipeline_execution(PipelineExecutionArn=arn, ClientRequestToken="t" * 32)
    assert pipelines.status(arn) == "Stopped"
    job = described(pipelines, state["Metadata"]["AutoMLJob"]["Arn"])
    assert job["AutoMLJobStatus"] == "Stopped"
    assert pipelines.statuses(arn) == {"Search": "Stopped"}


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (search(AutoMLJobConfig={"Mode": "AUTO"}), "has Mode 'AUTO' in its AutoMLJobConfig"),
        (search(AutoMLJobConfig={}), "has Mode None in its AutoMLJobConfig"),
        (search(ModelDeployConfig={}), "AutoML cannot have ModelDeployConfig"),
        (search(GenerateCandidateDefinitionsOnly=True), "GenerateCandidateDefinitionsOnly"),
    ],
)
def test_a_job_that_aws_does_not_run_as_a_step_is_refused(step: Doc, words: str) -> None:
    assert words in reason(step)


def test_a_report_that_is_not_generated_cannot_be_referred_to() -> None:
    path = "Steps.Search.BestCandidateProperties.ModelInsightsJsonReportPath"
    message = reason(search(), model("Make", environment={"REPORT": get(path)}))
    assert f"refers to {path!r}. The embedded AWS does not generate the reports" in message
