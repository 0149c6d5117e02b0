"""Pipelines by the SageMaker SDK: jobs, ForEach and Fail; an inference component and lineage.

The test of the SDK runs it in its process, whose imports cost most: it defines `session`, `role`,
`name` and `folder`, in which scores.py is.
"""

SCORES = """
import json, sys
with open("/opt/ml/processing/output/scores.json", "w") as file:
    json.dump({"auc": {"value": float(sys.argv[1])}}, file)
"""
SCRIPT = """
from sagemaker.core.processing import ScriptProcessor
from sagemaker.core.shapes import ProcessingOutput, ProcessingS3Output
from sagemaker.core.workflow.conditions import ConditionGreaterThanOrEqualTo
from sagemaker.core.workflow.functions import Join, JsonGet
from sagemaker.core.workflow.parameters import ParameterFloat, ParameterString
from sagemaker.core.workflow.pipeline_context import PipelineSession
from sagemaker.core.workflow.properties import PropertyFile
from sagemaker.mlops.workflow.condition_step import ConditionStep
from sagemaker.mlops.workflow.fail_step import FailStep
from sagemaker.mlops.workflow.for_each_step import CurrentItem, ForEachStep
from sagemaker.mlops.workflow.pipeline import Pipeline
from sagemaker.mlops.workflow.retry import SageMakerJobExceptionTypeEnum
from sagemaker.mlops.workflow.retry import SageMakerJobStepRetryPolicy
from sagemaker.mlops.workflow.step_dependency import StepDependency, TriggerCondition
from sagemaker.mlops.workflow.steps import CacheConfig, ProcessingStep

bucket = session.default_bucket()
deferred = PipelineSession(
    boto_session=session.boto_session,
    sagemaker_client=session.sagemaker_client,
    default_bucket=bucket,
)
auc = ParameterFloat(name="Auc", default_value=0.9)
items = ParameterString(name="Items", default_value='["0.1", "0.2"]')


def step(step_name, argument, **members):
    output = ProcessingOutput(
        output_name="scores",
        s3_output=ProcessingS3Output(
            s3_uri=f"s3://{bucket}/{name}/{step_name}",
            local_path="/opt/ml/processing/output",
            s3_upload_mode="EndOfJob",
        ),
    )
    processor = ScriptProcessor(
        role=role,
        image_uri="683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.4-2-cpu-py3",
        command=["python3"],
        instance_count=1,
        instance_type="ml.m5.large",
        sagemaker_session=deferred,
    )
    arguments = processor.run(code=f"{folder}/scores.py", outputs=[output], arguments=[argument])
    return ProcessingStep(name=step_name, step_args=arguments, **members)


policy = SageMakerJobStepRetryPolicy(
    exception_types=[SageMakerJobExceptionTypeEnum.CAPACITY_ERROR], max_attempts=2
)
scores = PropertyFile(name="Scores", output_name="scores", path="scores.json")
evaluate = step(
    "Evaluate",
    auc.to_string(),
    property_files=[scores],
    retry_policies=[policy],
    cache_config=CacheConfig(enable_caching=True, expire_after="p1d"),
)
value = JsonGet(step_name="Evaluate", property_file=scores, json_path="auc.value")
loop = ForEachStep(
    name="Loop",
    iterable_items=items,
    max_concurrency=2,
    for_each_body=[step("Each", CurrentItem())],
)
low = FailStep(name="Low", error_message=Join(on=" ", values=["auc is", auc]))
choose = ConditionStep(
    name="Choose",
    conditions=[ConditionGreaterThanOrEqualTo(left=value, right=0.8)],
    if_steps=[loop],
    else_steps=[low],
)
pipeline = Pipeline(
    name=name, parameters=[auc, items], steps=[evaluate, choose], sagemaker_session=deferred
)
empty = json.dumps({"Version": "2020-12-01", "Steps": [{"Name": "F", "Type": "Fail"}]})
session.sagemaker_client.create_pipeline(
    PipelineName=name, PipelineDefinition=empty, RoleArn=role
)
pipeline.upsert(role_arn=role)
execution = pipeline.start()
execution.wait(delay=1)
statuses = {item["StepName"]: item["StepStatus"] for item in execution.list_steps()}
assert statuses == dict.fromkeys(["Evaluate", "Choose", "Loop", "Each-0", "Each-1"], "Succeeded")
second = pipeline.start(parameters={"Auc": 0.5}, execution_display_name="second")
try:
    second.wait(delay=1)
except Exception as error:
    assert "terminal failure state" in str(error), error
reasons = {item["StepName"]: item.get("FailureReason") for item in second.list_steps()}
assert reasons["Low"] == "auc is 0.5", reasons

from sagemaker.core.lineage.artifact import Artifact
from sagemaker.mlops.workflow.endpoint_step import EndpointConfigStep, EndpointStep
from sagemaker.mlops.workflow.inference_component_step import InferenceComponentStep
from sagemaker.mlops.workflow.lineage_step import LineageStep

hosts = {"VariantName": "all", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
config = EndpointConfigStep(
    name="Config",
    step_args=deferred.create_endpoint_config(name, [hosts], role=role),
)
serve = EndpointStep(
    name="Serve",
    step_args=deferred.create_endpoint(f"{name}-host", config.properties.EndpointConfigName),
)
needs = {"MinMemoryRequiredInMb": 256, "NumberOfCpuCoresRequired": 0.5}
host = InferenceComponentStep(
    name="Host",
    step_args=deferred.create_inference_component(
        inference_component_name=name,
        endpoint_name=serve.properties.EndpointName,
        variant_name="all",
        specification={"ModelName": name, "ComputeResourceRequirements": needs},
        runtime_config={"CopyCount": 1},
    ),
)
component = host.properties.InferenceComponentArn
artifact = Artifact.create(
    artifact_name=name, source_uri=component, artifact_type="Model", sagemaker_session=deferred
)
record = LineageStep(name="Record", artifacts=artifact)
hosting = Pipeline(
    name=f"{name}-host", steps=[config, serve, host, record], sagemaker_session=deferred
)
hosting.upsert(role_arn=role)
execution = hosting.start()
execution.wait(delay=1)
statuses = {item["StepName"]: item["StepStatus"] for item in execution.list_steps()}
assert statuses == dict.fromkeys(["Config", "Serve", "Host", "Record"], "Succeeded"), statuses
print("done")
"""
