"""Build the requests of a pipeline's jobs.

Given references to results instead of results, they hold templates, which the operators render.
"""

from __future__ import annotations

from prodml.results import Uploaded
from prodml.vocabulary import Json

from include.pipelines.contracts import DataSets, ScoringPlan, TrialArguments, Window
from include.pipelines.definition import images
from include.pipelines.definition.pipeline import JOBS, Candidate, Pipeline
from include.settings import settings

CODE = {"source_dir": str(JOBS), "entry_point": "run.py"}
INPUT = "/opt/ml/processing/input"
OUTPUT = "/opt/ml/processing/output"
DATA_SETS = tuple(DataSets.__annotations__)
LASTING = (
    "holdout_labels",
    "baseline",
    "encoder",
    "preprocessing",
)  # a version needs them while it serves
OUTPUTS = "ProcessingOutputConfig"
FEATURES, KEYS = "features", "keys"


def preprocess(pipeline: Pipeline, window: Window, uploaded: Uploaded) -> Json:
    """Return the arguments of the operator that turns raw slices into the run's data sets."""
    request = processing(
        pipeline,
        inputs={"raw": f"{uploaded['prefix']}"},
        outputs={
            name: f"{window['artifacts' if name in LASTING else 'prefix']}/{name}"
            for name in DATA_SETS
        },
    )
    shown = {"ExperimentName": pipeline.endpoint, "TrialComponentDisplayName": "Preprocessing"}
    return {
        **CODE,
        "arguments": _command(pipeline, "split"),
        "config": request | {"ExperimentConfig": shown},
    }


def encode(pipeline: Pipeline, plan: ScoringPlan, uploaded: Uploaded) -> Json:
    """Return the arguments of the operator that makes features and keys of a raw file."""
    request = processing(
        pipeline,
        inputs={"raw": f"{uploaded['prefix']}", "encoder": f"{plan['encoder']}"},
        outputs={name: f"{plan['prefix']}/{name}" for name in (FEATURES, KEYS)},
    )
    encoder = ["--encoder", f"{INPUT}/encoder"]
    return {**CODE, "arguments": [*_command(pipeline, "encode"), *encoder], "config": request}


def _command(pipeline: Pipeline, command: str) -> list[str]:
    schema = ["--schema", pipeline.name] if pipeline.preprocess == "tabular.preprocess" else []
    return [pipeline.preprocess, command, *schema, "--raw", f"{INPUT}/raw", "--output", OUTPUT]


def processing(pipeline: Pipeline, inputs: dict[str, str], outputs: dict[str, str]) -> Json:
    """Return CreateProcessingJob on the scikit-learn image."""
    return {
        "AppSpecification": {"ImageUri": images.sklearn(settings().region)},
        "ProcessingInputs": [_input(name, uri) for name, uri in inputs.items()],
        "ProcessingOutputConfig": {"Outputs": [_output(n, uri) for n, uri in outputs.items()]},
        "ProcessingResources": {"ClusterConfig": cluster()},
        "StoppingCondition": {"MaxRuntimeInSeconds": pipeline.max_runtime},
    }


def drift(pipeline: Pipeline) -> Json:
    """Return the arguments of a drift check's job; the operators add its inputs and outputs."""
    request = processing(pipeline, {}, {})
    config = {k: v for k, v in request.items() if k not in ("ProcessingInputs", OUTPUTS)}
    hidden = ["--hide-values"] if pipeline.schema.personal else []
    return {**CODE, "arguments": ["drift", *hidden], "config": config}


def trial(pipeline: Pipeline, candidate: Candidate, prefix: str, data: DataSets) -> TrialArguments:
    """Return the mapped arguments of the training task for one candidate."""
    arguments: TrialArguments = {
        "name": candidate.name,
        "algorithm": candidate.algorithm,
        "config": training(pipeline, candidate, prefix, data),
    }
    if candidate.script:
        arguments["source_dir"] = str(pipeline.jobs)
        arguments["entry_point"] = candidate.script
    return arguments


def training(pipeline: Pipeline, candidate: Candidate, prefix: str, data: DataSets) -> Json:
    """Return CreateTrainingJob of one candidate on *data*, with its model below *prefix*.

    *data* says where the data sets are: they are another run's where its work was reused.
    """
    specification: Json = {"TrainingImage": _image(candidate), "TrainingInputMode": "File"}
    if candidate.metrics:
        regexes = candidate.metrics.items()
        specification["MetricDefinitions"] = [{"Name": n, "Regex": r} for n, r in regexes]
    return {
        "AlgorithmSpecification": specification,
        "HyperParameters": dict(candidate.hyperparameters),
        "InputDataConfig": [
            _channel("train", data["train"]),
            _channel("validation", data["validation"]),
        ],
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
    """Return the limits of a training job: its runtime, and the wait on spot."""
    limits = {"MaxRuntimeInSeconds": pipeline.max_runtime}
    if not pipeline.spot:
        return {"StoppingCondition": limits}
    limits["MaxWaitTimeInSeconds"] = 2 * pipeline.max_runtime
    return {"StoppingCondition": limits, "EnableManagedSpotTraining": True}


def cluster(instances: int = 1) -> Json:
    """Return the instances of a job."""
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
    """Return a channel that every instance gets completely."""
    source = {
        "S3DataType": "S3Prefix",
        "S3Uri": uri,
        "S3DataDistributionType": "FullyReplicated",
    }
    return {"ChannelName": name, "DataSource": {"S3DataSource": source}}
