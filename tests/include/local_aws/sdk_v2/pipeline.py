"""Run a pipeline of all step types of `sagemaker.workflow` that the embedded AWS executes."""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from threading import Thread

from botocore.exceptions import WaiterError
from sagemaker import image_uris
from sagemaker.estimator import Estimator
from sagemaker.inputs import TrainingInput
from sagemaker.lambda_helper import Lambda
from sagemaker.model import Model
from sagemaker.processing import ProcessingOutput
from sagemaker.sklearn.processing import SKLearnProcessor
from sagemaker.transformer import Transformer
from sagemaker.tuner import ContinuousParameter, HyperparameterTuner
from sagemaker.workflow.callback_step import CallbackOutput, CallbackStep
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionGreaterThanOrEqualTo as AtLeast
from sagemaker.workflow.conditions import ConditionIn, ConditionNot, ConditionOr
from sagemaker.workflow.execution_variables import ExecutionVariables
from sagemaker.workflow.fail_step import FailStep
from sagemaker.workflow.functions import Join, JsonGet
from sagemaker.workflow.lambda_step import LambdaStep
from sagemaker.workflow.model_step import ModelStep
from sagemaker.workflow.parallelism_config import ParallelismConfiguration
from sagemaker.workflow.parameters import (
    ParameterBoolean,
    ParameterFloat,
    ParameterInteger,
    ParameterString,
)
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.properties import PropertyFile
from sagemaker.workflow.retry import SageMakerJobExceptionTypeEnum as JobErrors
from sagemaker.workflow.retry import (
    SageMakerJobStepRetryPolicy,
    StepExceptionTypeEnum,
    StepRetryPolicy,
)
from sagemaker.workflow.selective_execution_config import SelectiveExecutionConfig
from sagemaker.workflow.steps import (
    CacheConfig,
    ProcessingStep,
    TrainingStep,
    TransformStep,
    TuningStep,
)

from tests.include.local_aws.sdk_v2.regional import Regional

PREPARE = """
import json, random
random.seed(1)
rows = [(int(x > 0.5), x, random.random()) for x in (random.random() for _ in range(200))]
text = "".join(f"{y},{a},{b}\\n" for y, a, b in rows)
for part in ("train", "validation"):
    open(f"/opt/ml/processing/{part}/data.csv", "w").write(text)
rows = "".join(f"{a},{b}\\n" for _, a, b in rows[:3])
open("/opt/ml/processing/rows/data.csv", "w").write(rows)
report = {"metrics": {"auc": {"value": 0.9}}}
json.dump(report, open("/opt/ml/processing/report/evaluation.json", "w"))
"""
name, folder = sys.argv[1:]
session = PipelineSession(boto_session=Regional())
bucket, role = session.default_bucket(), "arn:aws:iam::000000000000:role/prodml"
count = ParameterInteger(name="Count", default_value=1)
kind = ParameterString(name="InstanceType", default_value="ml.m5.large")
least = ParameterFloat(name="Least", default_value=0.5)
flag = ParameterBoolean(name="Flag", default_value=True)
status = ParameterString("Status", default_value="Approved", enum_values=["Approved", "Rejected"])
cache = CacheConfig(enable_caching=True, expire_after="P1D")
code = Path(folder, "prepare.py")
code.write_text(PREPARE)
outputs = [
    ProcessingOutput(
        output_name=part,
        source=f"/opt/ml/processing/{part}",
        destination=Join(on="/", values=[f"s3://{bucket}", name, part]),
    )
    for part in ("train", "validation", "rows", "report")
]
report = PropertyFile(name="Report", output_name="report", path="evaluation.json")
processor = SKLearnProcessor("1.2-1", role, count, kind, sagemaker_session=session)
prepare = ProcessingStep(
    name="Prepare",
    cache_config=cache,
    property_files=[report],
    step_args=processor.run(
        code=str(code), arguments=["--run", ExecutionVariables.PIPELINE_NAME], outputs=outputs
    ),
    retry_policies=[
        SageMakerJobStepRetryPolicy([JobErrors.CAPACITY_ERROR], max_attempts=3),
        StepRetryPolicy([StepExceptionTypeEnum.THROTTLING], expire_after_mins=5),
    ],
)
uris = {
    output.output_name: prepare.properties.ProcessingOutputConfig.Outputs[
        output.output_name
    ].S3Output.S3Uri
    for output in outputs
}
image = image_uris.retrieve("xgboost", session.boto_region_name, "1.7-1")
estimator = Estimator(
    image,
    role,
    instance_count=count,
    instance_type=kind,
    output_path=f"s3://{bucket}/{name}/models",
    sagemaker_session=session,
    hyperparameters={"objective": "binary:logistic", "num_round": 3, "eval_metric": "auc"},
)
channels = {
    part: TrainingInput(uris[part], content_type="text/csv") for part in ("train", "validation")
}
train = TrainingStep(name="Train", step_args=estimator.fit(channels), cache_config=cache)
tuner = HyperparameterTuner(
    estimator,
    "validation:auc",
    {"eta": ContinuousParameter(0.1, 0.5)},
    max_jobs=2,
    max_parallel_jobs=2,
    strategy="Random",
)
tune = TuningStep(name="Tune", step_args=tuner.fit(channels), cache_config=cache)
best = Model(
    image,
    model_data=tune.get_top_model_s3_uri(top_k=0, s3_bucket=bucket, prefix=f"{name}/models"),
    role=role,
    sagemaker_session=session,
)
model = Model(
    image,
    model_data=train.properties.ModelArtifacts.S3ModelArtifacts,
    role=role,
    sagemaker_session=session,
    env={"LEAST": least.to_string()},
)
create = ModelStep(name="Create", step_args=model.create(instance_type="ml.m5.large"))
transformer = Transformer(
    create.properties.ModelName,
    1,
    "ml.m5.large",
    output_path=f"s3://{bucket}/{name}/scored",
    accept="text/csv",
    assemble_with="Line",
    sagemaker_session=session,
)
score = TransformStep(
    name="Score",
    step_args=transformer.transform(
        uris["rows"], content_type="text/csv", split_type="Line", join_source="Input"
    ),
    cache_config=cache,
)
register = ModelStep(
    name="Register",
    step_args=best.register(
        content_types=["text/csv"],
        response_types=["text/csv"],
        inference_instances=["ml.m5.large"],
        transform_instances=["ml.m5.large"],
        model_package_group_name=name,
        approval_status=status,
    ),
)
low = FailStep(name="Low", error_message=Join(on=" ", values=["auc is below", least]))
sqs, client = session.boto_session.client("sqs"), session.boto_session.client("sagemaker")
queue = sqs.create_queue(QueueName=name)["QueueUrl"]
ask = CallbackStep(
    name="Ask",
    sqs_queue_url=queue,
    inputs={"model": create.properties.ModelName},
    outputs=[CallbackOutput(output_name="who")],
    depends_on=[register],
)
auc = JsonGet(step_name=prepare.name, property_file=report, json_path="metrics.auc.value")
choose = ConditionStep(
    name="Choose",
    conditions=[
        AtLeast(left=auc, right=least),
        ConditionNot(ConditionIn(kind, ["ml.t3.medium"])),
        ConditionOr([ConditionIn(status, ["Approved"]), AtLeast(auc, 1.0)]),
    ],
    if_steps=[create, score, register, ask],
    else_steps=[low],
    depends_on=[train, tune],
)
pipeline = Pipeline(
    name=name,
    parameters=[count, kind, least, flag, status],
    steps=[prepare, train, tune, choose],
    sagemaker_session=session,
)


def answer() -> None:
    """Answer the callback with the first message of the queue."""
    while not (received := sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5).get("Messages")):
        pass
    client.send_pipeline_execution_step_success(
        CallbackToken=json.loads(received[0]["Body"])["token"],
        OutputParameters=[{"Name": "who", "Value": "me"}],
    )


Thread(target=answer, daemon=True).start()
pipeline.upsert(role, tags=[{"Key": "team", "Value": "ml"}])
first = pipeline.start(parallelism_config=ParallelismConfiguration(3))
first.wait(delay=1, max_attempts=600)
statuses = {step["StepName"]: step["StepStatus"] for step in first.list_steps()}
names = ["Prepare", "Train", "Tune", "Choose", "Create-CreateModel", "Score"]
names += ["Register-RegisterModel", "Ask"]
assert statuses == dict.fromkeys(names, "Succeeded"), statuses
s3 = session.boto_session.client("s3")
scored = s3.get_object(Bucket=bucket, Key=f"{name}/scored/data.csv.out")["Body"].read().decode()
assert [len(line.split(",")) for line in scored.splitlines()] == [3, 3, 3], scored

second = pipeline.start(parameters={"Least": 0.95})
with contextlib.suppress(WaiterError):  # the execution fails
    second.wait(delay=1, max_attempts=600)
steps = {step["StepName"]: step for step in second.list_steps()}
assert steps["Low"]["FailureReason"] == "auc is below 0.95", steps
for cached in ("Prepare", "Train", "Tune"):
    hit = steps[cached]["CacheHitResult"]
    assert hit == {"SourcePipelineExecutionArn": first.arn}, steps[cached]

selected = SelectiveExecutionConfig(
    selected_steps=["Train"], source_pipeline_execution_arn=first.arn
)
third = pipeline.start(selective_execution_config=selected)
third.wait(delay=1, max_attempts=600)
assert {step["StepName"] for step in third.list_steps()} >= {"Prepare", "Train"}
assert len(pipeline.list_executions()["PipelineExecutionSummaries"]) == 3

function = Lambda(function_arn="arn:aws:lambda:us-east-1:000000000000:function:f")
call = LambdaStep(name="Call", lambda_func=function, inputs={}, outputs=[])
refused = "nothing"
try:
    Pipeline(name=f"{name}-lambda", steps=[call], sagemaker_session=session).create(role)
except client.exceptions.ClientError as error:
    refused = str(error)
assert "Step 'Call' has Type 'Lambda'" in refused, refused
pipeline.delete()
print("done")
