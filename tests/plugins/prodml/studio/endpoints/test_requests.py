"""Show what a real endpoint has captured: values, marks of tests, nothing personal."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from prodml.aws.client import Aws
from prodml.studio.endpoints.requests import CapturedRequests, captured_requests
from prodml.vocabulary import TEST_TRAFFIC

from include.jobs.tabular.contract import contract_document
from include.jobs.tabular.schema import Schema
from tests.include.local_aws.models import Platform, variant

PERSONAL = Schema("patient", "y", numbers=("age", "bmi"), flags=("ill",), personal=("age",))
SECRET = "4711"


@pytest.fixture(scope="module")
def name(platform: Platform) -> str:
    """An endpoint of a version with personal columns, which has captured requests of each type."""
    name, baseline = platform.unique("captured"), f"s3://{platform.bucket}/baseline/"
    _contract(platform, contract_document(PERSONAL))
    platform.sagemaker.create_model_package_group(ModelPackageGroupName=name)
    types = {"SupportedContentTypes": ["text/csv"], "SupportedResponseMIMETypes": ["text/csv"]}
    version = platform.sagemaker.create_model_package(
        ModelPackageGroupName=name,
        ModelApprovalStatus="Approved",
        InferenceSpecification={"Containers": [platform.container()]} | types,
        CustomerMetadataProperties={"baseline": baseline},
    )["ModelPackageArn"]
    model = f"{name}-m"
    platform.sagemaker.create_model(
        ModelName=model,
        Containers=[{"ModelPackageName": version}],
        ExecutionRoleArn="arn:aws:iam::000000000000:role/prodml",
    )
    capture = {
        "EnableCapture": True,
        "InitialSamplingPercentage": 100,
        "DestinationS3Uri": f"s3://{platform.bucket}/capture",
        "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
        "CaptureContentTypeHeader": {"JsonContentTypes": ["application/json"]},
    }
    endpoint = platform.serving(variant(model), DataCaptureConfig=capture)
    record = json.dumps({"patient": "p1", "age": int(SECRET), "bmi": 21.5, "ill": "no"})
    for body, content_type, identity in (
        (record, "application/json", f"{TEST_TRAFFIC}ask"),
        (f"{SECRET},21.5,no", "text/csv", "p1"),  # not a CSV type: base64
        (f"{SECRET},21.5", "text/csv", "p1"),
    ):
        platform.runtime.invoke_endpoint(
            EndpointName=endpoint, Body=body, ContentType=content_type, InferenceId=identity
        )
    return endpoint


def _contract(platform: Platform, document: dict[str, Any]) -> None:
    platform.s3.put_object(
        Bucket=platform.bucket, Key="baseline/contract.json", Body=json.dumps(document)
    )


def _requests(name: str, count: int) -> CapturedRequests:
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        shown = captured_requests(Aws(), name, datetime.now(UTC))
        if shown and len(shown["requests"]) >= count:
            return shown
        time.sleep(0.1)
    raise TimeoutError(f"{name} has captured fewer than {count} requests.")


def test_requests_are_shown_with_their_columns_and_without_personal_values(name: str) -> None:
    shown = _requests(name, 3)
    by_type = {request["type"]: request for request in shown["requests"] if request["values"]}
    asked = by_type["application/json"]
    assert (asked["test"], asked["inference_id"]) == (True, f"{TEST_TRAFFIC}ask")
    assert asked["values"] == {"bmi": 21.5, "ill": "no"}
    plain = by_type["text/csv"]
    assert (plain["test"], plain["inference_id"]) == (False, "p1")
    assert plain["values"] == {"bmi": "21.5", "ill": "no"}
    (other,) = [request for request in shown["requests"] if not request["values"]]
    assert other["hidden"].startswith("Hidden: not a record of the columns")
    assert shown["personal"] == ["age"]
    assert not shown["cut"]


def test_of_a_contract_that_does_not_say_what_is_personal_nothing_is_shown(
    name: str, platform: Platform
) -> None:
    _requests(name, 3)
    document = contract_document(PERSONAL)
    _contract(platform, {key: value for key, value in document.items() if key != "personal"})
    shown = _requests(name, 3)
    _contract(platform, document)
    assert SECRET not in json.dumps(shown["requests"])
    assert {request["hidden"].partition(":")[0] for request in shown["requests"]} == {"Hidden"}
    assert {request["answer"] for request in shown["requests"]} == {""}
