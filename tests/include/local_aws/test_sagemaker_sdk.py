"""Version 3 of the SageMaker SDK, through the documented Session: train, deploy, a pipeline."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from include.local_aws.testing import Server
from tests.include.local_aws import sdk
from tests.include.local_aws.sagemaker.pipelines import sdk_script

Unique = Callable[[str], str]
TRAINED = """
import os
import shutil
import joblib
from sklearn.linear_model import LinearRegression

for step in (3, 2, 1):
    print(f"loss={step};", flush=True)
model = LinearRegression().fit([[0], [1]], [0, float(os.environ["SM_HP_SLOPE"])])
folder = os.environ["SM_MODEL_DIR"]
joblib.dump(model, os.path.join(folder, "model.joblib"))
os.mkdir(os.path.join(folder, "code"))
shutil.copy("serve.py", os.path.join(folder, "code"))
"""
SERVED = """
import os
import joblib


def model_fn(model_dir):
    return joblib.load(os.path.join(model_dir, "model.joblib"))
"""
SCRIPT = """
import json
import sys
from datetime import datetime
from sagemaker.core.analytics import ExperimentAnalytics, TrainingJobAnalytics
from sagemaker.core.resources import Endpoint, EndpointConfig, Experiment, Model, TrainingJob
from sagemaker.core.resources import Trial, TrialComponent
from sagemaker.core.shapes import ContainerDefinition, MetricDefinition, ProductionVariant
from sagemaker.core.shapes import RawMetricData, TrialComponentParameterValue
from sagemaker.train import ModelTrainer
from sagemaker.train.configs import Compute, SourceCode

name, folder = sys.argv[1:]
image = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.4-2-cpu-py3"
role = "arn:aws:iam::000000000000:role/prodml"
Experiment.create(experiment_name=name)
Trial.create(trial_name=name, experiment_name=name)

trainer = ModelTrainer(
    sagemaker_session=session,
    training_image=image,
    role=role,
    base_job_name=name,
    source_code=SourceCode(source_dir=folder, entry_script="train.py"),
    compute=Compute(instance_type="ml.m5.large", instance_count=1),
    hyperparameters={"slope": 2},
)
trainer.with_metric_definitions([MetricDefinition(name="loss", regex=r"loss=([0-9.]+);")])
trainer.train(wait=True, logs=True)

job = TrainingJob.get(training_job_name=trainer._latest_training_job.training_job_name)
assert job.training_job_status == "Completed", job.failure_reason
assert [(m.metric_name, m.value) for m in job.final_metric_data_list] == [("loss", 1.0)]
listed = TrainingJob.get_all(name_contains=name)
assert [item.training_job_name for item in listed] == [job.training_job_name]
analytics = TrainingJobAnalytics(job.training_job_name, ["loss"], sagemaker_session=session)
curve = analytics.dataframe()
assert list(curve["metric_name"]) == ["loss"], curve
component = TrialComponent.create(
    trial_component_name=name,
    parameters={"slope": TrialComponentParameterValue(number_value=2)},
)
component.associate_trail(trial_name=name)
point = RawMetricData(metric_name="loss", timestamp=datetime.now(), step=1, value=1)
component.batch_put_metrics(metric_data=[point])
table = ExperimentAnalytics(experiment_name=name, sagemaker_session=session).dataframe()
assert table["slope"].tolist() == [2.0], table
assert table["loss - Last"].tolist() == [1.0], table

Model.create(
    model_name=name,
    execution_role_arn=role,
    primary_container=ContainerDefinition(
        image=image,
        model_data_url=job.model_artifacts.s3_model_artifacts,
        environment={
            "SAGEMAKER_PROGRAM": "serve.py",
            "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code",
        },
    ),
)
variant = ProductionVariant(
    variant_name="only", model_name=name, instance_type="ml.m5.large", initial_instance_count=1
)
EndpointConfig.create(endpoint_config_name=name, production_variants=[variant])
endpoint = Endpoint.create(endpoint_name=name, endpoint_config_name=name)
endpoint.wait_for_status("InService", poll=1)
answer = endpoint.invoke(body=b"[[4]]", content_type="application/json", accept="application/json")
(predicted,) = json.loads(answer.body.read())
assert round(predicted, 5) == 8.0, predicted
endpoint.delete()
endpoint.wait_for_delete(poll=1)
"""


def test_model_trainer_core_resources_analytics_and_pipelines(
    local_aws: Server, unique: Unique, tmp_path: Path
) -> None:
    """ModelTrainer, its waiter with logs, sagemaker-core's resources, analytics, pipelines."""
    (tmp_path / "train.py").write_text(TRAINED)
    (tmp_path / "scores.py").write_text(sdk_script.SCORES)
    (tmp_path / "serve.py").write_text(SERVED)
    program = sdk.documented_session() + SCRIPT + sdk_script.SCRIPT
    environment = sdk.environment(local_aws, tmp_path)
    printed = sdk.run(program, unique("sdk"), tmp_path, folder=tmp_path, more=environment)
    assert printed.strip().endswith("done"), printed[-3000:]
