"""Lineage steps, and the entities that they create."""

from __future__ import annotations

from typing import Any

from include.local_aws.core.store import Doc
from tests.include.local_aws.sagemaker.pipelines.definitions import get

MODEL = {"Name": "model", "Type": "Artifact"}


def action(name: Any = "train") -> Doc:
    source = {"SourceUri": get("Execution.PipelineExecutionArn")}
    return {"ActionName": name, "ActionType": "Training", "Source": source}


def artifact() -> Doc:
    return {"ArtifactName": "model", "ArtifactType": "Model", "Source": {"SourceUri": "s3://b/m"}}


def association(source: Doc, destination: Doc) -> Doc:
    return {"Source": source, "Destination": destination, "AssociationType": "Produced"}


def record(**arguments: Any) -> Doc:
    return {"Name": "Record", "Type": "Lineage", "Arguments": arguments}
