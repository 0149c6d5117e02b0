"""Lineage steps that could not be executed are refused with their definition."""

from __future__ import annotations

import pytest

import include.local_aws.operations  # noqa: F401  (the operations that steps call)
from include.local_aws.core.store import Doc
from tests.include.local_aws.sagemaker.pipelines.definitions import get, model, reason
from tests.include.local_aws.sagemaker.pipelines.lineages import (
    MODEL,
    action,
    association,
    record,
)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({}, "Step 'Record' needs one of Actions, Artifacts, Contexts, Associations"),
        ({"Trials": []}, "Unknown Argument member 'Trials'"),
        ({"Actions": ["train"]}, "Actions of step 'Record' must be a list of objects"),
        ({"Actions": [action() | {"Speed": 1}]}, "Unknown Argument member 'Speed'"),
        ({"Actions": [{"ActionName": "train"}]}, "Action lacks 'Source'"),
        ({"Contexts": [{"ContextType": "Endpoint"}]}, "Context lacks 'ContextName'"),
        ({"Associations": [{"Source": MODEL}]}, "needs a Source and a Destination"),
        (
            {"Associations": [association(MODEL, MODEL | {"Type": "Trial"})]},
            "either Arn, or Name and Type (Action, Artifact, Context)",
        ),
    ],
)
def test_arguments_that_cannot_be_executed_are_refused(arguments: Doc, words: str) -> None:
    assert words in reason(record(**arguments))


def test_only_the_arns_and_associations_are_properties() -> None:
    wrong = model("After", environment={"ARN": get("Steps.Record.Arn")})
    assert "A Lineage step has no such property" in reason(record(Actions=[action()]), wrong)
