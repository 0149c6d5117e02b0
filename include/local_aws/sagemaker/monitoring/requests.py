"""The requests for the Processing jobs of a monitoring execution."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ...core.s3_files import keys_under, split_uri
from ...core.store import Doc
from . import windows
from .definitions import Definition

MERGER = "sagemaker-model-monitor-groundtruth-merger"
PROCESSING = "/opt/ml/processing"
TRUTHS = f"{PROCESSING}/groundtruth"
ATTRIBUTES = (  # members of an EndpointInput that are passed on in snake case
    ("FeaturesAttribute", "features_attribute"),
    ("InferenceAttribute", "inference_attribute"),
    ("ProbabilityAttribute", "probability_attribute"),
    ("ProbabilityThresholdAttribute", "probability_threshold_attribute"),
    ("ExcludeFeaturesAttribute", "exclude_features_attribute"),
)
SCRIPTS = (
    ("RecordPreprocessorSourceUri", "record_preprocessor_script"),
    ("PostAnalyticsProcessorSourceUri", "post_analytics_processor_script"),
)


class NoData(Exception):
    """Raised if an execution's window has no data."""


@dataclass(frozen=True)
class Work:
    """The inputs and outputs of one execution."""

    schedule: str
    definition: Definition
    capture: str  # the S3 prefix of the endpoint's captured data
    start: float
    end: float
    nominal: float  # the hour by the schedule's clock, part of the names of job and folder

    @property
    def local(self) -> str:
        return str(self.definition.source["LocalPath"])

    @property
    def root(self) -> str:
        return f"{self.capture}/{self.definition.endpoint}"

    @property
    def merged(self) -> str:
        return f"{self.definition.output['S3Uri'].rstrip('/')}/merge"


def analysis(s3: Any, work: Work) -> Doc:
    """Return the request for the analyzer's job; raise NoData."""
    definition = work.definition
    merged = definition.ground_truth is not None
    root = f"{work.merged}/{definition.endpoint}" if merged else work.root
    inputs = list(_hours(s3, work, root))
    baseline, variables = _baseline(definition)
    scripts, paths = _scripts(definition)
    environment = _environment(work) | variables | paths | _quality(definition)
    place = f"{definition.endpoint}/{work.schedule}/{windows.folder(work.nominal)}"
    output = definition.output | {"S3Uri": f"{definition.output['S3Uri'].rstrip('/')}/{place}"}
    stem = definition.kind.replace("Quality", "-quality").lower()
    request = _request(work, f"{stem}-monitoring", output)
    request["ProcessingInputs"] = [*_numbered(inputs), *baseline, *scripts]
    request["Environment"] = environment | definition.application.get("Environment", {})
    request["AppSpecification"] = {
        key: definition.application[key]
        for key in ("ImageUri", "ContainerEntrypoint", "ContainerArguments")
        if key in definition.application
    }
    return request


def merge(s3: Any, work: Work) -> Doc:
    """Return the request for the job that joins captures and labels by id; raise NoData."""
    captured = list(_hours(s3, work, work.root))
    uri = str(work.definition.ground_truth).rstrip("/")
    labels = [
        (f"{uri}/{hour}", f"{TRUTHS}/{hour}")
        for hour in windows.hours(work.start, work.end)
        if _holds(s3, f"{uri}/{hour}/")
    ]
    if not labels:
        raise NoData
    output = {
        "S3Uri": work.merged,
        "LocalPath": f"{PROCESSING}/output",
        "S3UploadMode": "EndOfJob",
    }
    request = _request(work, "groundtruth-merge", output)
    request["ProcessingInputs"] = _numbered([*captured, *labels])
    request["Environment"] = {
        "dataset_source": work.local,
        "ground_truth_source": TRUTHS,
        "output_path": output["LocalPath"],
        **_bounds(work),
    }
    registry = work.definition.application["ImageUri"].rpartition("/")[0]
    request["AppSpecification"] = {"ImageUri": f"{registry}/{MERGER}"}
    return request


def _request(work: Work, stem: str, output: Doc) -> Doc:
    hour = windows.stamp(work.nominal)
    output = {"S3UploadMode": "Continuous"} | output  # AWS's default
    digits = "".join(filter(str.isdigit, hour))[:12]
    return {
        "ProcessingJobName": f"{stem}-{digits}-{uuid.uuid4().hex[:24]}",
        "ProcessingResources": work.definition.resources,
        "RoleArn": work.definition.role,
        "ProcessingOutputConfig": {"Outputs": [{"OutputName": "result", "S3Output": output}]},
        **work.definition.limits,
    }


def _hours(s3: Any, work: Work, root: str) -> Iterator[tuple[str, str]]:
    """Yield each hour's folder with data, by variant, and its path in the container."""
    bucket, prefix = split_uri(f"{root}/")
    listed = s3.list_objects_v2(Bucket=bucket, Prefix=prefix, Delimiter="/")
    variants = [p["Prefix"].split("/")[-2] for p in listed.get("CommonPrefixes", [])]
    has_data = False
    for variant in variants:
        for hour in windows.hours(work.start, work.end):
            if _holds(s3, f"{root}/{variant}/{hour}/"):
                has_data = True
                place = f"{work.local}/{work.definition.endpoint}/{variant}/{hour}"
                yield f"{root}/{variant}/{hour}", place
    if not has_data:
        raise NoData


def _holds(s3: Any, uri: str) -> bool:
    return next(keys_under(s3, uri), None) is not None


def _numbered(places: list[tuple[str, str]]) -> list[Doc]:
    return [_input(f"input_{i}", uri, path) for i, (uri, path) in enumerate(places, 1)]


def _input(name: str, uri: str, path: str) -> Doc:
    source = {
        "S3Uri": uri,
        "LocalPath": path,
        "S3DataType": "S3Prefix",
        "S3InputMode": "File",
    }
    return {"InputName": name, "S3Input": source}


def _file(name: str, uri: str, folder: str) -> tuple[Doc, str]:
    """Return an input of one object, and its path in the container."""
    path = f"{PROCESSING}/{folder}"
    return _input(name, uri, path), f"{path}/{uri.rpartition('/')[2]}"


def _baseline(definition: Definition) -> tuple[list[Doc], dict[str, str]]:
    inputs, variables = [], {}
    for what in ("constraints", "statistics"):
        uri = definition.baseline.get(f"{what.capitalize()}Resource", {}).get("S3Uri")
        if uri:
            folder = f"baseline/{what.replace('statistics', 'stats')}"
            given, path = _file(what, uri, folder)
            inputs.append(given)
            variables[f"baseline_{what}"] = path
    return inputs, variables


def _scripts(definition: Definition) -> tuple[list[Doc], dict[str, str]]:
    inputs, variables = [], {}
    for member, variable in SCRIPTS:
        if uri := definition.application.get(member):
            given, path = _file(variable, uri, f"code/{variable}")
            inputs.append(given)
            variables[variable] = path
    return inputs, variables


def _bounds(work: Work) -> dict[str, str]:
    return {"start_time": windows.stamp(work.start), "end_time": windows.stamp(work.end)}


def _environment(work: Work) -> dict[str, str]:
    definition = work.definition
    merged = definition.ground_truth is not None
    form = "sagemakerMergeJson" if merged else "sagemakerCaptureJson"
    sides = ["endpointOutput"] if merged else ["endpointInput", "endpointOutput"]
    source = definition.source
    attributes = {name: str(source[member]) for member, name in ATTRIBUTES if member in source}
    return attributes | {
        "dataset_format": json.dumps({form: {"captureIndexNames": sides}}),
        "dataset_source": work.local,
        "output_path": definition.output["LocalPath"],
        **_bounds(work),
        "metric_time": windows.stamp(work.start),
        "publish_cloudwatch_metrics": "Enabled",
        "sagemaker_endpoint_name": definition.endpoint,
        "sagemaker_endpoint_datacapture_prefix": work.capture,
        "sagemaker_monitoring_schedule_name": work.schedule,
    }


def _quality(definition: Definition) -> dict[str, str]:
    if definition.kind != "ModelQuality":
        return {}
    problem = definition.application.get("ProblemType", "BinaryClassification")
    return {"analysis_type": "MODEL_QUALITY", "problem_type": problem}
