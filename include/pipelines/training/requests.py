"""The requests of a pipeline's jobs.

They hold Jinja where a value is known only to the run; the operators render it.
"""

from __future__ import annotations

from collections.abc import Mapping

from prodml.vocabulary import Json

from include.pipelines.definition import images
from include.pipelines.definition.pipeline import JOBS, Candidate, Pipeline
from include.settings import settings

CODE = {"source_dir": str(JOBS), "entry_point": "run.py"}
PREFIX = "{{ ti.xcom_pull(task_ids='resolve_window')['prefix'] }}"
# Where the data sets are, not where this run would put them: another run may have made them.
PREPARED = "ti.xcom_pull(task_ids='preprocess', key='outputs')"
LEARNED = {name: f"{{{{ {PREPARED}['{name}'] }}}}" for name in ("train", "validation")}
WINDOW = (
    "{% set window = ti.xcom_pull(task_ids='resolve_window') %}"
    "window {{ window['start'] }} to {{ window['end'] }}, {{ window['rows'] }} rows"
)
# Empty where the window was refused: what runs after a failure must not fail of it too.
LEDGER = (
    "{% set window = ti.xcom_pull(task_ids='resolve_window') %}"
    "{{ window['prefix'] ~ '/ledger.csv' if window else '' }}"
)
BEST_TRIAL = "{{ ti.xcom_pull(task_ids='select_best')['trial'] }}"
HOLDOUT = f"{{{{ {PREPARED}['holdout'] }}}}/"
INPUT = "/opt/ml/processing/input"
OUTPUT = "/opt/ml/processing/output"
DATA_SETS = ("train", "validation", "holdout", "holdout_labels", "baseline", "encoder")
OUTPUTS = "ProcessingOutputConfig"
PLAN = "ti.xcom_pull(task_ids='resolve_file')"
FEATURES = f"{{{{ {PLAN}['prefix'] }}}}/features/"
DRIFT = f"{{{{ {PLAN}['prefix'] }}}}/drift/"
SCORES = f"{{{{ {PLAN}['prefix'] }}}}/scores/"
UPLOADED = "{{ ti.xcom_pull(task_ids='upload')['prefix'] }}"


def preprocess(pipeline: Pipeline) -> Json:
    """Arguments of the operator that turns raw slices into every data set of the run."""
    request = processing(
        pipeline,
        inputs={"raw": UPLOADED},
        outputs={name: f"{PREFIX}/{name}" for name in DATA_SETS},
    )
    shown = {"ExperimentName": pipeline.endpoint, "TrialComponentDisplayName": "Preprocessing"}
    return {
        **CODE,
        "arguments": _command(pipeline, "split"),
        "config": request | {"ExperimentConfig": shown},
    }


def encode(pipeline: Pipeline) -> Json:
    """Arguments of the operator that makes features and keys of a raw file."""
    request = processing(
        pipeline,
        inputs={"raw": UPLOADED, "encoder": f"{{{{ {PLAN}['encoder'] }}}}"},
        outputs={name: f"{{{{ {PLAN}['prefix'] }}}}/{name}" for name in ("features", "keys")},
    )
    encoder = ["--encoder", f"{INPUT}/encoder"]
    return {**CODE, "arguments": [*_command(pipeline, "encode"), *encoder], "config": request}


def _command(pipeline: Pipeline, command: str) -> list[str]:
    schema = ["--schema", pipeline.name] if pipeline.preprocess == "tabular.preprocess" else []
    return [pipeline.preprocess, command, *schema, "--raw", f"{INPUT}/raw", "--output", OUTPUT]


def processing(pipeline: Pipeline, inputs: dict[str, str], outputs: dict[str, str]) -> Json:
    """CreateProcessingJob on the scikit-learn image."""
    return {
        "AppSpecification": {"ImageUri": images.sklearn(settings().region)},
        "ProcessingInputs": [_input(name, uri) for name, uri in inputs.items()],
        "ProcessingOutputConfig": {"Outputs": [_output(n, uri) for n, uri in outputs.items()]},
        "ProcessingResources": {"ClusterConfig": cluster()},
        "StoppingCondition": {"MaxRuntimeInSeconds": pipeline.max_runtime},
    }


def drift(pipeline: Pipeline) -> Json:
    """Arguments of a job of the analyzer; the operators add its inputs and outputs."""
    request = processing(pipeline, {}, {})
    config = {k: v for k, v in request.items() if k not in ("ProcessingInputs", OUTPUTS)}
    return {**CODE, "arguments": ["drift"], "config": config}


def candidates(pipeline: Pipeline) -> list[Json]:
    """The mapped arguments of the training task, one for each candidate."""
    return [_trial(pipeline, candidate) for candidate in pipeline.candidates]


def _trial(pipeline: Pipeline, candidate: Candidate) -> Json:
    script = {"source_dir": str(pipeline.jobs), "entry_point": candidate.script}
    return {
        "name": candidate.name,
        "algorithm": candidate.algorithm,
        "config": training(pipeline, candidate),
        **(script if candidate.script else {}),
    }


def training(
    pipeline: Pipeline,
    candidate: Candidate,
    prefix: str = PREFIX,
    data: Mapping[str, str] = LEARNED,
) -> Json:
    """CreateTrainingJob of one candidate, on *data* by channel, with its model below *prefix*."""
    specification: Json = {"TrainingImage": _image(candidate), "TrainingInputMode": "File"}
    if candidate.metrics:
        found = candidate.metrics.items()
        specification["MetricDefinitions"] = [{"Name": n, "Regex": r} for n, r in found]
    return {
        "AlgorithmSpecification": specification,
        "HyperParameters": dict(candidate.hyperparameters),
        "InputDataConfig": [_channel(name, data[name]) for name in LEARNED],
        "OutputDataConfig": {"S3OutputPath": f"{prefix}/models"},
        "ResourceConfig": cluster(),
        **_patience(pipeline),
    }


def _image(candidate: Candidate) -> str:
    region = settings().region
    if candidate.image:
        return images.own(region, candidate.image, settings().account)
    return images.sklearn(region) if candidate.script else images.xgboost(region)


def _patience(pipeline: Pipeline) -> Json:
    """How long a training job may run, and on spot how long it may wait as well."""
    limits = {"MaxRuntimeInSeconds": pipeline.max_runtime}
    if not pipeline.spot:
        return {"StoppingCondition": limits}
    limits["MaxWaitTimeInSeconds"] = 2 * pipeline.max_runtime
    return {"StoppingCondition": limits, "EnableManagedSpotTraining": True}


def cluster(instances: int = 1) -> Json:
    """The instances of a job."""
    kind = settings().instance_type
    return {"InstanceCount": instances, "InstanceType": kind, "VolumeSizeInGB": 10}


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


def _channel(name: str, uri: str) -> Json:
    return {"ContentType": "text/csv"} | channel(name, f"{uri}/")


def channel(name: str, uri: str) -> Json:
    """A channel that every instance gets whole."""
    source = {
        "S3DataType": "S3Prefix",
        "S3Uri": uri,
        "S3DataDistributionType": "FullyReplicated",
    }
    return {"ChannelName": name, "DataSource": {"S3DataSource": source}}
