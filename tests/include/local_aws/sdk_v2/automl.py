"""Run an AutoMLStep of `sagemaker.workflow`, and deploy its best model by a ModelStep."""

from __future__ import annotations

import random
import sys
from pathlib import Path

from sagemaker.automl.automl import AutoML, AutoMLInput
from sagemaker.workflow.automl_step import AutoMLStep
from sagemaker.workflow.model_step import ModelStep
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import CacheConfig

from tests.include.local_aws.sdk_v2.regional import Regional

TARGET = "churn"
name, folder = sys.argv[1:]
random.seed(1)
ages = [random.randint(18, 80) for _ in range(520)]
rows = [f"{age},{random.random()},{'yes' if age > 50 else 'no'}" for age in ages]
session = PipelineSession(boto_session=Regional())
bucket, role = session.default_bucket(), "arn:aws:iam::000000000000:role/prodml"
data = Path(folder, "customers.csv")
data.write_text("\n".join([f"age,noise,{TARGET}", *rows]))
uri = ParameterString(name="Data", default_value=session.upload_data(str(data), bucket, name))
automl = AutoML(
    role=role,
    target_attribute_name=TARGET,
    output_path=f"s3://{bucket}/{name}",
    sagemaker_session=session,
    mode="ENSEMBLING",
    max_candidates=2,
)
search = AutoMLStep(
    name="Search",
    step_args=automl.fit(
        inputs=[AutoMLInput(inputs=uri, target_attribute_name=TARGET, channel_type="training")]
    ),
    cache_config=CacheConfig(enable_caching=True, expire_after="P1D"),
)
best = search.get_best_auto_ml_model(role=role, sagemaker_session=session)
create = ModelStep(name="Create", step_args=best.create(instance_type="ml.m5.large"))
pipeline = Pipeline(name, parameters=[uri], steps=[search, create], sagemaker_session=session)
pipeline.upsert(role)
executions = []
for _ in range(2):
    executions.append(pipeline.start())
    executions[-1].wait(delay=1, max_attempts=600)
first, second = ({s["StepName"]: s for s in e.list_steps()} for e in executions)
job = first["Search"]["Metadata"]["AutoMLJob"]["Arn"]
assert "CacheHitResult" in second["Search"], second
client = session.boto_session.client("sagemaker")
made = first["Create-CreateModel"]["Metadata"]["Model"]["Arn"]
(model,) = client.list_models(NameContains=made.rpartition("/")[2])["Models"]
container = client.describe_model(ModelName=model["ModelName"])["PrimaryContainer"]
assert container["Environment"]["MODEL_NAME"] == "WeightedEnsemble_L2", container
listed = client.list_auto_ml_jobs(NameContains=job.rpartition("/")[2])["AutoMLJobSummaries"]
described = client.describe_auto_ml_job(AutoMLJobName=listed[0]["AutoMLJobName"])
candidates = client.list_candidates_for_auto_ml_job(AutoMLJobName=described["AutoMLJobName"])
assert len(candidates["Candidates"]) == 2, candidates
(served,) = described["BestCandidate"]["InferenceContainers"]
assert container["ModelDataUrl"] == served["ModelDataUrl"]
pipeline.delete()
print("done")
