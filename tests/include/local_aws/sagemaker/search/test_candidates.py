from __future__ import annotations

import math

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.core.store import Doc
from include.local_aws.sagemaker.search.candidates import candidates
from include.local_aws.sagemaker.search.order import order
from include.local_aws.sagemaker.search.resources import searched

COMPONENTS = searched("ExperimentTrialComponent")
KIND = COMPONENTS.kind
NEWEST = {"SortBy": "CreationTime", "SortOrder": "Descending"}
OF_E = {"Name": "Parents.ExperimentName", "Operator": "Equals", "Value": "e"}
LATE = {"Name": "creationTime", "Operator": "GreaterThan", "Value": "1970-01-01T00:00:01"}


@pytest.fixture(name="aws")
def _aws(aws: Aws) -> Aws:
    for number in range(4):
        doc = {"TrialComponentName": f"c{number}", "CreationTime": float(number)}
        aws.store.insert(KIND, f"c{number}", doc)
    aws.store.insert("experiment-trial", "t", {"TrialName": "t", "ExperimentName": "e"})
    for child in ("c0", "c3"):
        aws.store.link("trial-component", "t", child)
    return aws


def names(aws: Aws, expression: Doc, by: Doc = NEWEST) -> tuple[list[str], bool]:
    listed, are_sorted = candidates(aws, COMPONENTS, order(COMPONENTS.shape, by), expression)
    return [doc["TrialComponentName"] for docs in listed for doc in docs], are_sorted


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ({}, ["c3", "c2", "c1", "c0"]),
        ({"Filters": [LATE]}, ["c3", "c2"]),
        ({"Filters": [OF_E]}, ["c3", "c0"]),
        ({"Filters": [OF_E, LATE]}, ["c3"]),
        ({"Filters": [OF_E | {"Value": "other"}]}, []),
        ({"Filters": [OF_E, LATE], "Operator": "Or"}, ["c3", "c2", "c1", "c0"]),
        ({"Filters": [OF_E | {"Operator": "NotEquals"}]}, ["c3", "c2", "c1", "c0"]),
    ],
)
def test_conditions_that_all_hold_narrow_the_documents(
    aws: Aws, expression: Doc, expected: list[str]
) -> None:
    assert names(aws, expression) == (expected, True)


def test_documents_that_no_time_sorts_are_all_returned(aws: Aws) -> None:
    by = {"SortBy": "TrialComponentName", "SortOrder": "Ascending"}
    assert names(aws, {"Filters": [OF_E]}, by) == (["c0", "c1", "c2", "c3"], False)


def test_a_document_that_sqlite_cannot_parse_is_returned(aws: Aws) -> None:
    aws.store.update(KIND, "c1", Parameters={"a": {"NumberValue": math.nan}})
    assert names(aws, {"Filters": [LATE]}) == (["c0", "c1", "c2", "c3"], False)
