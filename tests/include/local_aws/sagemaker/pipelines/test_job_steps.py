"""Steps with jobs: property files, caching, retries, and what a job is called."""

from __future__ import annotations

import re

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
