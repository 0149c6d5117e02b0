"""Read which columns of a request may be shown: those of the model's contract, if not personal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from prodml.aws.client import Clients
from prodml.aws.retries import visible
from prodml.aws.s3 import join, read_json
from prodml.containers import version_of_model
from prodml.exceptions import InvalidInputError, MissingObjectError
from prodml.vocabulary import Json

CONTRACT = "contract.json"  # next to the baseline of a version


@dataclass(frozen=True)
class Columns:
    """The columns of a model's records in order; no value of those in *personal* is shown."""

    inputs: tuple[str, ...]
    personal: frozenset[str]
    key: str

    @property
    def shown(self) -> tuple[str, ...]:
        return tuple(name for name in self.inputs if name not in self.personal)


def columns_of(aws: Clients, variant: Json) -> Columns | None:
    """Return the columns of the model of a configured *variant*.

    None without a registered version, or without a contract that says what is personal: then no
    value may be shown.
    """
    sagemaker, model = aws.client("sagemaker"), variant.get("ModelName")
    described = visible(sagemaker.describe_model, ModelName=model) if model else None
    version = version_of_model(described) if described else None
    package = version and visible(sagemaker.describe_model_package, ModelPackageName=version)
    baseline = (package or {}).get("CustomerMetadataProperties", {}).get("baseline")
    return _contract(aws.client("s3"), baseline) if baseline else None


def _contract(s3: Any, baseline: str) -> Columns | None:
    try:
        document = read_json(s3, join(baseline, CONTRACT))
        return Columns(
            tuple(document["inputs"]), frozenset(document["personal"]), str(document["key"])
        )
    except (MissingObjectError, InvalidInputError, KeyError):
        return None
