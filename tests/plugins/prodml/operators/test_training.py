"""A training job is a trial: measured, comparable, and ready to be served."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from prodml.exceptions import RequestRefusedError
from prodml.operators.training import (
    TrainTrialOperator,
    decoded,
    encoded,
    finite,
    serving_container,
    trial_result,
)
from prodml.operators.transform import BatchTransformOperator

from tests.plugins.rules import KEY, NETWORK
from tests.plugins.runs import ROLE, SKLEARN, XGBOOST, Ti, read_text, run, training_request

SCRIPT = """
import argparse, os
parser = argparse.ArgumentParser()
parser.add_argument("--depth", type=int)
print(f"validation:auc={0.5 + parser.parse_args().depth / 10};")
open(os.path.join(os.environ["SM_MODEL_DIR"], "model.txt"), "w").write("a model")
"""

# Training and serving import a second file; sys.exit is how many scripts end.
SERVED_SCRIPT = """
import os, sys
from factor import FACTOR

def model_fn(folder):
    return float(open(os.path.join(folder, "model.txt")).read())

def predict_fn(rows, model):
    return rows * model

if __name__ == "__main__":
    open(os.path.join(os.environ["SM_MODEL_DIR"], "model.txt"), "w").write(str(FACTOR))
    sys.exit(0)
"""


def _components(sagemaker: Any, trial: str) -> set[str]:
    components = sagemaker.list_trial_components(TrialName=trial)["TrialComponentSummaries"]
    return {component["TrialComponentName"] for component in components}


def test_a_built_in_algorithm(trained: dict[str, Any], sagemaker: Any) -> None:
    assert trained["status"] == "Completed"
    assert trained["metrics"]["validation:auc"] == 1.0
    assert trained["hyperparameters"]["num_round"] == 5
    container = {"Image": XGBOOST, "ModelDataUrl": trained["model_data"]}
    assert trained["container"] == container
    component = f"{trained['job_name']}-aws-training-job"
    assert component in _components(sagemaker, trained["trial"])


def test_a_script_with_a_shared_component(
    sagemaker: Any, experiment: str, bucket: str, data: str, script: Path, unique: str, ti: Ti
) -> None:
    sagemaker.create_trial_component(TrialComponentName=unique)
    (script / "train.py").write_text(SCRIPT)
    config = training_request(SKLEARN, data) | {"HyperParameters": {"depth": 3}}
    config["AlgorithmSpecification"] |= {
        "MetricDefinitions": [{"Name": "validation:auc", "Regex": "validation:auc=([0-9.]+);"}]
    }
    operator = TrainTrialOperator(
        task_id="train",
        experiment=experiment,
        name="script",
        source_dir=str(script),
        code_prefix=f"s3://{bucket}/code",
        shared_components=[unique],
        config=config,
        role_arn=ROLE,
        poll_interval=0.2,
    )
    result = run(operator, ti)
    assert result["metrics"] == {"validation:auc": pytest.approx(0.8)}
    assert result["hyperparameters"] == {"depth": 3}
    assert result["algorithm"] == "sagemaker-scikit-learn"
    assert result["container"]["Environment"]["SAGEMAKER_PROGRAM"] == "train.py"
    assert unique in _components(sagemaker, result["trial"])


def test_a_script_is_trained_and_served_without_a_network(
    company: None,
    sagemaker: Any,
    s3: Any,
    experiment: str,
    bucket: str,
    data: str,
    script: Path,
    unique: str,
) -> None:
    """Neither container can reach S3: the code travels in a channel, then in the model."""
    (script / "train.py").write_text(SERVED_SCRIPT)
    (script / "factor.py").write_text("FACTOR = 2\n")
    train = TrainTrialOperator(
        task_id="train",
        experiment=experiment,
        name="served",
        source_dir=str(script),
        code_prefix=f"s3://{bucket}/code",
        config=training_request(SKLEARN, data) | {"HyperParameters": {}},
        role_arn=ROLE,
        poll_interval=0.2,
    )
    trained = run(train, Ti(unique))
    job = sagemaker.describe_training_job(TrainingJobName=trained["job_name"])
    assert (job["VpcConfig"], job["EnableNetworkIsolation"]) == (NETWORK, True)
    assert job["OutputDataConfig"]["KmsKeyId"] == job["ResourceConfig"]["VolumeKmsKeyId"] == KEY
    s3.put_object(Bucket=bucket, Key=f"{unique}/in.csv", Body=b"1\n2\n")
    transform = BatchTransformOperator(
        task_id="transform",
        input_uri=f"s3://{bucket}/{unique}/in.csv",
        output_uri=f"s3://{bucket}/{unique}/out",
        containers=[trained["container"]],
        role_arn=ROLE,
        poll_interval=0.2,
    )
    scored = run(transform, Ti(unique))
    assert read_text(s3, scored["files"][0]).split() == ["2.0", "4.0"]


@pytest.mark.parametrize("value", [3, 0.25, "reg:squarederror", True, [1, 2]])
def test_hyperparameters_survive_being_text(value: Any) -> None:
    assert decoded(encoded(value)) == value


def test_an_image_without_a_script_needs_no_environment() -> None:
    assert serving_container("i", "s3://m", {}) == {"Image": "i", "ModelDataUrl": "s3://m"}


def test_script_that_the_job_was_submitted_with_serves_too() -> None:
    """The SageMaker SDK names the script in hyperparameters, whose values are JSON."""
    parameters = {"sagemaker_program": '"train.py"', "sagemaker_region": '"eu-west-1"'}
    environment = serving_container("i", "s3://b/m.tar.gz", parameters)["Environment"]
    assert environment["SAGEMAKER_PROGRAM"] == "train.py"
    assert environment["SAGEMAKER_REGION"] == "eu-west-1"


def test_serving_image_takes_the_place_of_the_training_image() -> None:
    description = {
        "TrainingJobName": "job",
        "TrainingJobStatus": "Completed",
        "AlgorithmSpecification": {"TrainingImage": "registry/torch-training:2"},
        "ModelArtifacts": {"S3ModelArtifacts": "s3://b/m.tar.gz"},
    }
    trial = trial_result(description, "name", "trial", serving_image="registry/torch-inference:2")
    assert trial["container"] == {
        "Image": "registry/torch-inference:2",
        "ModelDataUrl": "s3://b/m.tar.gz",
    }
    assert (trial["algorithm"], trial["image"]) == ("torch-training", "registry/torch-training:2")


def test_a_metric_that_diverged_is_left_out_with_a_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The job is a success that was paid for; JSON has no word for the value."""
    metrics = [
        {"MetricName": name, "Value": value}
        for name, value in (("auc", 0.5), ("loss", float("nan")), ("norm", float("inf")))
    ]
    assert finite(metrics) == {"auc": 0.5}
    assert "{'loss': nan, 'norm': inf}" in caplog.text


def test_a_job_that_saves_no_model_is_refused_once_and_not_paid_for_again(
    sagemaker: Any, experiment: str, bucket: str, data: str, script: Path, unique: str
) -> None:
    (script / "train.py").write_text(f"print({unique!r})")
    operator = TrainTrialOperator(
        task_id="train",
        experiment=experiment,
        name="empty",
        source_dir=str(script),
        code_prefix=f"s3://{bucket}/code",
        config=training_request(SKLEARN, data) | {"HyperParameters": {}},
        role_arn=ROLE,
        poll_interval=0.2,
    )
    for another_run in (f"{unique}-1", f"{unique}-2"):
        with pytest.raises(RequestRefusedError, match=r"completed without a model.*SM_MODEL_DIR"):
            run(operator, Ti(another_run))
    jobs = sagemaker.list_training_jobs(NameContains=unique)["TrainingJobSummaries"]
    assert len(jobs) == 1
