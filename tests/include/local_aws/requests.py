"""Requests made from botocore's model: valid ones, and ones with a single broken constraint."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from include.local_aws.wire.validation import compiled

Path = tuple[str | int, ...]
ACCOUNT = "000000000000"
# Texts for patterns; a member whose pattern matches none of them is omitted.
WORDS = (
    *("exists", "unknown", "a", "0", "1", "1.5", "aA1", "Key", "value", "-", "/a", "a.b", "{}"),
    *("text/csv", "ml.m5.large", "train", "$", "$.a", "us-east-1", "a@b.c", "PT1H", "P1D"),
    *(
        "s3://bucket/prefix/file.csv",
        "https://bucket.s3.amazonaws.com/key",
        "a=(.*)",
        "sg-0",
        "vpc",
    ),
    *("subnet-0", "/opt/ml/processing/input", "2026-01-01T00:00:00Z", "cron(0 1 * * ? *)"),
    "callback10",
    f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:pipeline/exists/execution/exists",
    *("endpoint/exists/variant/AllTraffic", "sagemaker:variant:DesiredInstanceCount"),
    f"arn:aws:application-autoscaling:us-east-1:{ACCOUNT}:scalable-target/a",
    "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.0-5",
    f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/unknown:1",
    f"arn:aws:iam::{ACCOUNT}:role/prodml",
    f"arn:aws:kms:us-east-1:{ACCOUNT}:key/00000000-0000-0000-0000-000000000000",
    f"arn:aws:sns:us-east-1:{ACCOUNT}:topic",
    f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f",
    *(
        f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:{kind}/exists"
        for kind in (
            *("model", "endpoint", "endpoint-config", "training-job", "processing-job"),
            *("transform-job", "hyper-parameter-tuning-job", "model-package", "experiment"),
            *("model-package-group", "experiment-trial", "experiment-trial-component"),
            *("artifact", "action", "context", "algorithm", "workteam", "lineage-group", "cluster"),
        )
    ),
)
DEPTH = 6
NAME = "exists"
_SOURCE = {"SourceUri": "s3://bucket/a"}
# One of each resource that costs no work, by the name that is among the words.
EXISTING: tuple[tuple[str, dict[str, Any]], ...] = (
    ("CreateExperiment", {"ExperimentName": NAME}),
    ("CreateTrial", {"TrialName": NAME, "ExperimentName": NAME}),
    ("CreateTrialComponent", {"TrialComponentName": NAME}),
    (
        "CreateModel",
        {
            "ModelName": NAME,
            "ExecutionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/prodml",
            "PrimaryContainer": {
                "Image": "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.0-5"
            },
        },
    ),
    ("CreateModelPackageGroup", {"ModelPackageGroupName": NAME}),
    ("CreateModelPackage", {"ModelPackageGroupName": NAME}),
    ("CreateAction", {"ActionName": NAME, "ActionType": "Test", "Source": _SOURCE}),
    ("CreateContext", {"ContextName": NAME, "ContextType": "Test", "Source": _SOURCE}),
)


class Unmakeable(Exception):
    """Raised when no word fits a required member's pattern."""


@dataclass
class Maker:
    """Generates values of shapes; the same seed gives the same values."""

    random: random.Random

    def request(self, shape: StructureShape | None) -> dict[str, Any]:
        return self._structure(shape, 0) if shape else {}

    def _value(self, shape: Shape, depth: int) -> Any:
        if isinstance(shape, StructureShape):
            return self._structure(shape, depth)
        if isinstance(shape, ListShape):
            return self._list(shape, depth)
        if isinstance(shape, MapShape):
            count = max(1, shape.metadata.get("min", 0))
            keys = {self._value(shape.key, depth + 1) for _ in range(count)}
            return {key: self._value(shape.value, depth + 1) for key in sorted(keys)}
        return self._scalar(shape)

    def _structure(self, shape: StructureShape, depth: int) -> dict[str, Any]:
        made = {
            name: self._value(shape.members[name], depth + 1) for name in shape.required_members
        }
        if shape.is_tagged_union:
            names = [self.random.choice(list(shape.members))]
        else:
            share = 0.3 / (1 + depth)
            names = [name for name in shape.members if self.random.random() < share]
        for name in names if depth < DEPTH else ():
            try:
                made.setdefault(name, self._value(shape.members[name], depth + 1))
            except Unmakeable:
                continue
        return made

    def _list(self, shape: ListShape, depth: int) -> list[Any]:
        least = max(1, shape.metadata.get("min", 0))
        most = min(least + 1, shape.metadata.get("max", least + 1))
        count = self.random.randint(min(least, most), most)
        return [self._value(shape.member, depth + 1) for _ in range(count)]

    def _scalar(self, shape: Shape) -> Any:
        kind, limits = shape.type_name, shape.metadata
        if kind == "boolean":
            return self.random.random() < 0.5
        if kind == "timestamp":
            return 1_767_225_600 + self.random.randint(0, 1000)
        if kind in ("integer", "long"):
            least = int(limits.get("min", 1))
            return self.random.randint(least, min(int(limits.get("max", least + 5)), least + 5))
        if kind in ("float", "double"):
            return float(limits.get("min", 0.5))
        return self.random.choice(words(shape))


def words(shape: Shape) -> list[str]:
    """Return the words that *shape* accepts; raise Unmakeable."""
    enum = getattr(shape, "enum", None)
    limits = shape.metadata
    pattern = compiled(limits.get("pattern", ".*"))
    least = limits.get("min", 0)
    longer = tuple(word * (least // max(1, len(word)) + 1) for word in ("a", "1"))
    fitting = [
        word
        for word in (enum or WORDS + longer)
        if least <= len(word) <= limits.get("max", 1 << 20) and pattern.fullmatch(word)
    ]
    if not fitting:
        raise Unmakeable(shape.name)
    return fitting


def broken(request: Any, shape: Shape, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield each constraint of *request*, broken alone: its path, and the invalid value."""
    if isinstance(shape, StructureShape):
        for name in shape.required_members:
            yield (*path, name), None
        for name, item in request.items():
            yield from broken(item, shape.members[name], (*path, name))
    elif isinstance(shape, ListShape):
        yield path, {"not": "a list"}
        if "max" in shape.metadata and shape.metadata["max"] <= 500:
            yield path, request[:1] * (shape.metadata["max"] + 1)
        yield from broken(request[0], shape.member, (*path, 0))
    elif isinstance(shape, MapShape):
        yield path, ["not", "a map"]
        key = next(iter(request))
        yield from broken(request[key], shape.value, (*path, key))
    else:
        yield from ((path, value) for value in wrong_scalars(shape))


def wrong_scalars(shape: Shape) -> Iterator[Any]:
    """Return values that a scalar shape must refuse."""
    kind, limits = shape.type_name, shape.metadata
    yield {"not": "a scalar"}
    if kind == "string":
        if getattr(shape, "enum", None):
            yield "NoSuchValue"
        if limits.get("max", 1 << 20) <= 4096:
            yield "a" * (limits["max"] + 1)
        if "pattern" in limits and not compiled(limits["pattern"]).fullmatch("\n ~\n"):
            yield "\n ~\n"
    elif kind in ("integer", "long", "float", "double"):
        yield "text"
        if "min" in limits:
            yield limits["min"] - 1
        if "max" in limits:
            yield limits["max"] + 1


def with_value(request: Any, path: Path, value: Any) -> Any:
    """Return a copy of *request* with *value* at *path*; None removes the member."""
    if not path:
        return value
    head, *rest = path
    copied: Any = dict(request) if isinstance(request, dict) else list(request)
    if not rest and value is None:
        copied.pop(head)
    else:
        copied[head] = with_value(copied[head], tuple(rest), value)
    return copied
