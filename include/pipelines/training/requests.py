"""Build the requests of a pipeline's jobs.

Given references to results instead of results, they hold templates, which the operators render.
"""

from __future__ import annotations

from dataclasses import replace

from prodml.company_rules import company_rules
from prodml.debugger.rules import as_json
from prodml.jobs.fingerprint import INPUT_ADDRESS, MANIFEST
from prodml.vocabulary import Json

from include.jobs.tabular.outputs import RECORDS, SUMMARY, VIOLATIONS
from include.pipelines.contracts.batch import ScoringPlan
from include.pipelines.contracts.data import DataSets, RawInput, Window
from include.pipelines.contracts.training import TrialArguments
from include.pipelines.definition import images
from include.pipelines.definition.candidate import Candidate
from include.pipelines.definition.pipeline import JOBS, Pipeline
from include.pipelines.definition.resources import Engine, Instances, Step
from include.pipelines.errors import PipelineError
from include.settings import settings

CODE = {"source_dir": str(JOBS), "entry_point": "run.py"}
INPUT = "/opt/ml/processing/input"
OUTPUT = "/opt/ml/processing/output"
DATA_SETS = tuple(DataSets.__annotations__)
LASTING = ("holdout_labels", "baseline", "preprocessing")  # a version needs them while it serves
OUTPUTS = "ProcessingOutputConfig"
SPARK = "spark.start"  # the program that takes the arguments of tabular.preprocess
REPLICATED, SHARDED = "FullyReplicated", "ShardedByS3Key"


def preprocess(pipeline: Pipeline, window: Window) -> Json:
    """Return the arguments of the operator that turns raw rows into the run's data sets."""
    request = processing(
        pipeline,
        inputs={},
        outputs={
            name: f"{window['artifacts' if name in LASTING else 'prefix']}/{name}"
            for name in (*DATA_SETS, VIOLATIONS)
        },
        instances=pipeline.resources.processing,
    )
    shown = {"ExperimentName": pipeline.group, "TrialComponentDisplayName": "Preprocessing"}
    holdout = ["--holdout-from", f"{window['holdout']}", "--holdout-rows", pipeline.holdout.rows]
    arguments = [*_command(pipeline, "split"), *holdout]
    config = _reading(request, window)
    if pipeline.resources.engine == Engine.SPARK:
        arguments[0] = SPARK
        config = _by_spark(request, window)
    return {
        **CODE,
        "arguments": arguments,
        "config": config | {"ExperimentConfig": shown},
        **_fallbacks(pipeline),
    }


def _by_spark(request: Json, raw: RawInput) -> Json:
    """Return a Processing request on the image of Spark, whose executors read the objects."""
    if company_rules().network_isolation:
        raise PipelineError(
            "Spark's executors read S3, which PRODML_NETWORK_ISOLATION forbids. Set the engine of "
            "the pipeline's resources to arrow."
        )
    manifest = _input("raw", f"{raw['manifest']}")
    return _with_input(request, manifest, raw) | {
        "AppSpecification": {"ImageUri": images.spark(settings().region)}
    }


def _reading(request: Json, raw: RawInput) -> Json:
    """Return a Processing request that reads exactly the objects of a manifest.

    Each of several instances gets its share of them.
    """
    manifest = _input("raw", f"{raw['manifest']}", MANIFEST)
    if request["ProcessingResources"]["ClusterConfig"]["InstanceCount"] > 1:
        manifest["S3Input"]["S3DataDistributionType"] = SHARDED
    return _with_input(request, manifest, raw)


def _with_input(request: Json, manifest: Json, raw: RawInput) -> Json:
    return request | {
        "ProcessingInputs": [
            manifest,
            _input("listing", f"{raw['listing']}"),
            *request["ProcessingInputs"],
        ],
        "Environment": {INPUT_ADDRESS: f"{raw['raw']}"},
    }


def records(pipeline: Pipeline, plan: ScoringPlan) -> Json:
    """Return the arguments of the operator that makes records of a partition, with their keys."""
    request = processing(
        pipeline,
        inputs={"contract": f"{plan['contract']}"},
        outputs={name: f"{plan['prefix']}/{name}" for name in (RECORDS, SUMMARY, VIOLATIONS)},
    )
    arguments = [*_command(pipeline, "records"), "--contract", f"{INPUT}/contract"]
    config = _reading(request, plan)
    return {**CODE, "arguments": arguments, "config": config, **_fallbacks(pipeline)}


def _fallbacks(pipeline: Pipeline) -> Json:
    return {"instance_types": pipeline.resources.processing.fallbacks(Step.PROCESSING)}


def _command(pipeline: Pipeline, command: str) -> list[str]:
    schema = ["--schema", pipeline.name] if pipeline.preprocess == "tabular.preprocess" else []
    places = ["--raw", f"{INPUT}/raw", "--listing", f"{INPUT}/listing", "--output", OUTPUT]
    return [pipeline.preprocess, command, *schema, *places]


def processing(
    pipeline: Pipeline,
    inputs: dict[str, str],
    outputs: dict[str, str],
    instances: Instances | None = None,
) -> Json:
    """Return CreateProcessingJob on the scikit-learn image; on one instance unless stated."""
    instances = instances or replace(pipeline.resources.processing, count=1)
    return {
        "AppSpecification": {"ImageUri": images.sklearn(settings().region)},
        "ProcessingInputs": [_input(name, uri) for name, uri in inputs.items()],
        "ProcessingOutputConfig": {"Outputs": [_output(n, uri) for n, uri in outputs.items()]},
        "ProcessingResources": {"ClusterConfig": instances.cluster(Step.PROCESSING)},
        "StoppingCondition": {"MaxRuntimeInSeconds": pipeline.max_runtime},
    }


def drift(pipeline: Pipeline) -> Json:
    """Return the arguments of a drift check's job; the operators add its inputs and outputs."""
    request = processing(pipeline, {}, {})
    config = {k: v for k, v in request.items() if k not in ("ProcessingInputs", OUTPUTS)}
    hidden = ["--hide-values"] if pipeline.schema.personal else []
    arguments = ["drift", *hidden]
    return {**CODE, "arguments": arguments, "config": config, **_fallbacks(pipeline)}


def drift_limits(pipeline: Pipeline) -> list[str]:
    """Return the options of a drift check that say from where on a window as a whole alerts."""
    limits = {"--joint": pipeline.drift.joint, "--estimate": pipeline.drift.estimate}
    given = [word for name, pair in limits.items() for word in (name, *map(str, pair))]
    return [*given, "--score", pipeline.judged_by]


def packing(pipeline: Pipeline) -> Json:
    """Return the operator's arguments for the program that packs a model; a task plans the rest."""
    return {**CODE, **_fallbacks(pipeline)}


def evaluation(pipeline: Pipeline) -> Json:
    """Return the operator's arguments for the program of an evaluation; a task plans the rest."""
    return {**CODE, **_fallbacks(pipeline)}


def transform(pipeline: Pipeline) -> Json:
    """Return the operator's arguments for the instances of a batch transform."""
    instances = pipeline.resources.transform
    first, *more = instances.types(Step.TRANSFORM)
    return {"instance_type": first, "instance_count": instances.count, "instance_types": more}


def trial(pipeline: Pipeline, candidate: Candidate, prefix: str, data: DataSets) -> TrialArguments:
    """Return the mapped arguments of the training task for one candidate."""
    arguments: TrialArguments = {
        "name": candidate.name,
        "algorithm": candidate.algorithm,
        "config": training(pipeline, candidate, prefix, data),
        "instance_types": pipeline.training(candidate).fallbacks(Step.TRAINING),
    }
    if candidate.script:
        arguments["source_dir"] = str(pipeline.jobs)
        arguments["entry_point"] = candidate.script
    if rules := pipeline.rules_of(candidate):
        arguments["rules"] = as_json(rules)
    return arguments


def training(pipeline: Pipeline, candidate: Candidate, prefix: str, data: DataSets) -> Json:
    """Return CreateTrainingJob of one candidate on *data*, with its model below *prefix*.

    *data* says where the data sets are: they are another run's where its work was reused.
    """
    specification: Json = {
        "TrainingImage": _image(candidate),
        "TrainingInputMode": str(candidate.input_mode),
    }
    instances = pipeline.training(candidate)
    # The built-in algorithm joins what each instance learns from its own objects.
    is_sharded = instances.count > 1 and not candidate.image
    if candidate.metrics:
        regexes = candidate.metrics.items()
        specification["MetricDefinitions"] = [{"Name": n, "Regex": r} for n, r in regexes]
    return {
        "AlgorithmSpecification": specification,
        "HyperParameters": dict(candidate.hyperparameters),
        "InputDataConfig": [
            _channel("train", data["train"], SHARDED if is_sharded else REPLICATED),
            _channel("validation", data["validation"]),
        ],
        "OutputDataConfig": {"S3OutputPath": f"{prefix}/models"},
        "ResourceConfig": instances.cluster(Step.TRAINING),
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


def _input(name: str, uri: str, data_type: str = "S3Prefix") -> Json:
    source = {
        "S3Uri": uri,
        "LocalPath": f"{INPUT}/{name}",
        "S3DataType": data_type,
        "S3InputMode": "File",
    }
    return {"InputName": name, "S3Input": source}


def _output(name: str, uri: str) -> Json:
    target = {"S3Uri": uri, "LocalPath": f"{OUTPUT}/{name}", "S3UploadMode": "EndOfJob"}
    return {"OutputName": name, "S3Output": target}


def _channel(name: str, uri: str, distribution: str = REPLICATED) -> Json:
    return {"ContentType": "text/csv"} | channel(name, f"{uri}/", distribution)


def channel(name: str, uri: str, distribution: str = REPLICATED) -> Json:
    """Return a channel, of which every instance gets all objects, or its share of them."""
    source = {
        "S3DataType": "S3Prefix",
        "S3Uri": uri,
        "S3DataDistributionType": distribution,
    }
    return {"ChannelName": name, "DataSource": {"S3DataSource": source}}
