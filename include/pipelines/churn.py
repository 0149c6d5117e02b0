"""The churn pipeline: its candidates, the requests that train them, and how they are judged.

Requests hold Jinja where a value is known only to the run; the operators render it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from include.jobs.churn import schema
from include.pipelines import images
from include.pipelines.runs import run_prefix, training_window
from include.pipelines.validation import check_window
from include.settings import ROOT, settings

Json = dict[str, Any]
NAME = "churn"
CODE = {"source_dir": str(ROOT / "include" / "jobs"), "entry_point": "run.py"}
SCRIPTS = str(ROOT / "include" / "jobs" / "churn")
PREFIX = "{{ ti.xcom_pull(task_ids='resolve_window')['prefix'] }}"
HOLDOUT = f"{PREFIX}/holdout/"
INPUT = "/opt/ml/processing/input"
OUTPUT = "/opt/ml/processing/output"
METRIC = "validation:auc"
PREPROCESS = ["churn.preprocess", "split", "--raw", f"{INPUT}/raw", "--output", OUTPUT]
ENCODE = [
    *("churn.preprocess", "encode", "--raw", f"{INPUT}/raw"),
    *("--encoder", f"{INPUT}/encoder", "--output", OUTPUT),
]
MAX_RUNTIME = 1800  # seconds, of any one job


@dataclass(frozen=True)
class Candidate:
    """One way to train the model; *script* is None for a built-in algorithm."""

    name: str
    algorithm: str
    hyperparameters: dict[str, str | int | float]
    script: str | None = None
    metrics: dict[str, str] = field(default_factory=dict)


AUC_LINES = {"train:auc": r"train:auc=([0-9.]+);", "validation:auc": r"validation:auc=([0-9.]+);"}
BOOSTING: dict[str, str | int | float] = {
    "objective": "binary:logistic",
    "eval_metric": "auc",
    "early_stopping_rounds": 20,
    "seed": 7,
}
CANDIDATES = (
    Candidate(
        "xgboost-shallow", "xgboost", BOOSTING | {"num_round": 150, "max_depth": 3, "eta": 0.1}
    ),
    Candidate("xgboost-deep", "xgboost", BOOSTING | {"num_round": 100, "max_depth": 6, "eta": 0.1}),
    Candidate(
        "random-forest",
        "scikit-learn",
        {"model": "random_forest", "n-estimators": 150, "min-samples-leaf": 2},
        script="train.py",
        metrics=AUC_LINES,
    ),
    Candidate(
        "logistic-regression",
        "scikit-learn",
        {"model": "logistic_regression", "c": 0.5},
        script="train.py",
        metrics=AUC_LINES,
    ),
)


def default_args() -> Json:
    """What the tasks of the pipeline's DAGs have in common."""
    found = settings()
    return {
        "retries": 2,
        "retry_delay": timedelta(seconds=30),
        "aws_conn_id": found.aws_conn_id,
        "deployment": found.deployment,
        "role_arn": found.role_arn,
        "code_prefix": code_prefix(),
        "experiment": NAME,
        "endpoint": NAME,
        "group": NAME,
    }


def code_prefix() -> str:
    return settings().uri(NAME, "code")


def capture_uri() -> str:
    return settings().uri(NAME, "capture")


def preprocess_request() -> Json:
    """CreateProcessingJob: raw slices in, every data set of the run out."""
    outputs = ("train", "validation", "holdout", "holdout_labels", "baseline", "encoder")
    return _processing(
        inputs={"raw": "{{ ti.xcom_pull(task_ids='upload')['prefix'] }}"},
        outputs={name: f"{PREFIX}/{name}" for name in outputs},
    ) | {"ExperimentConfig": {"ExperimentName": NAME, "TrialComponentDisplayName": "Preprocessing"}}


def encode_request() -> Json:
    """CreateProcessingJob: a raw file and the champion's encoder in, features and keys out."""
    plan = "ti.xcom_pull(task_ids='resolve_file')"
    return _processing(
        inputs={
            "raw": "{{ ti.xcom_pull(task_ids='upload')['prefix'] }}",
            "encoder": f"{{{{ {plan}['encoder'] }}}}",
        },
        outputs={
            "features": f"{{{{ {plan}['prefix'] }}}}/features",
            "keys": f"{{{{ {plan}['prefix'] }}}}/keys",
        },
    )


def _processing(inputs: dict[str, str], outputs: dict[str, str]) -> Json:
    cluster = {
        "InstanceCount": 1,
        "InstanceType": settings().instance_type,
        "VolumeSizeInGB": 10,
    }
    return {
        "AppSpecification": {"ImageUri": images.sklearn(settings().region)},
        "ProcessingInputs": [_input(name, uri) for name, uri in inputs.items()],
        "ProcessingOutputConfig": {"Outputs": [_output(n, uri) for n, uri in outputs.items()]},
        "ProcessingResources": {"ClusterConfig": cluster},
        "StoppingCondition": {"MaxRuntimeInSeconds": MAX_RUNTIME},
    }


def _input(name: str, uri: str) -> Json:
    source = {
        "S3Uri": uri,
        "LocalPath": f"{INPUT}/{name}",
        "S3DataType": "S3Prefix",
        "S3InputMode": "File",
    }
    return {"InputName": name, "S3Input": source}


def _output(name: str, uri: str) -> Json:
    target = {"S3Uri": uri, "LocalPath": f"{OUTPUT}/{name}", "S3UploadMode": "EndOfJob"}
    return {"OutputName": name, "S3Output": target}


def candidates() -> list[Json]:
    """The mapped arguments of the training task, one for each candidate."""
    return [_trial(candidate) for candidate in CANDIDATES]


def _trial(candidate: Candidate) -> Json:
    script = {"source_dir": SCRIPTS, "entry_point": candidate.script} if candidate.script else {}
    return {
        "name": candidate.name,
        "algorithm": candidate.algorithm,
        "config": _training_request(candidate),
        **script,
    }


def _training_request(candidate: Candidate) -> Json:
    region = settings().region
    image = images.sklearn(region) if candidate.script else images.xgboost(region)
    specification: Json = {"TrainingImage": image, "TrainingInputMode": "File"}
    if candidate.metrics:
        found = candidate.metrics.items()
        specification["MetricDefinitions"] = [{"Name": n, "Regex": r} for n, r in found]
    return {
        "AlgorithmSpecification": specification,
        "HyperParameters": candidate.hyperparameters,
        "InputDataConfig": [_channel(name) for name in ("train", "validation")],
        "OutputDataConfig": {"S3OutputPath": f"{PREFIX}/models"},
        "ResourceConfig": {
            "InstanceCount": 1,
            "InstanceType": settings().instance_type,
            "VolumeSizeInGB": 10,
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": MAX_RUNTIME},
    }


def _channel(name: str) -> Json:
    source = {
        "S3DataType": "S3Prefix",
        "S3Uri": f"{PREFIX}/{name}/",
        "S3DataDistributionType": "FullyReplicated",
    }
    return {
        "ChannelName": name,
        "ContentType": "text/csv",
        "DataSource": {"S3DataSource": source},
    }


def smoke_row() -> str:
    """One customer as a request, to ask a new endpoint something that it must be able to answer."""
    numbers = dict.fromkeys(schema.NUMBERS, "10")
    flags = dict.fromkeys(schema.FLAGS, "no")
    return schema.as_csv(schema.encode({**numbers, **flags, "state": "OH", "area_code": "415"}, {}))


def resolve_window(context: Mapping[str, Any]) -> Json:
    """The run's window, checked row by row, with the S3 addresses that the run works below."""
    _refuse_contradictions(context["params"])
    window = training_window(context, NAME).to_json()
    files = window["files"]
    return window | {
        "rows": check_window(files),
        # A gap that is filled later makes another window, whose prefix holds other files.
        "raw": f"{NAME}/raw/{window['start']}_{window['end']}_{len(files)}",
        "prefix": run_prefix(context, NAME),
    }


def _refuse_contradictions(params: Mapping[str, Any]) -> None:
    """What a form cannot refuse, since it looks at one field at a time."""
    least, most = params["min_instances"], params["max_instances"]
    if least > most:
        raise ValueError(
            f"min_instances is {least} and max_instances {most}: give a maximum that is no less."
        )


def check_request() -> Json:
    """CreateProcessingJob of the drift check; the operator adds inputs and outputs."""
    return {
        key: value
        for key, value in _processing({}, {}).items()
        if key not in ("ProcessingInputs", "ProcessingOutputConfig")
    }
