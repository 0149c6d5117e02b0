"""Calls that an execution makes as its role, and the descriptions of what its steps create."""

from __future__ import annotations

import asyncio

import pytest
from botocore.exceptions import EndpointConnectionError

import include.local_aws.operations  # noqa: F401  (the operations that are called)
from include.local_aws.core.account import Aws
from include.local_aws.core.role_credentials import Unchecked
from include.local_aws.sagemaker.pipelines.calls import Refused, call, described, may_describe
from include.local_aws.sagemaker.pipelines.kinds import KINDS
from tests.include.local_aws.jobs import ROLE
from tests.include.local_aws.sagemaker.pipelines.executions import answering, refused

REQUEST = {"ModelName": "m"}


def test_a_call_has_the_name_and_the_answer_of_the_client(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = answering(aws, monkeypatch, create_model={"ModelArn": "arn:m"})
    assert asyncio.run(call(aws, ROLE, "CreateModel", REQUEST)) == {"ModelArn": "arn:m"}
    assert client.calls == [("create_model", REQUEST)]


def test_a_refused_call_keeps_code_message_and_status(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(aws, monkeypatch, create_model=refused("ThrottlingException", "Slower.", 429))
    with pytest.raises(Refused, match=r"^Slower\.$") as caught:
        asyncio.run(call(aws, ROLE, "CreateModel", REQUEST))
    assert (caught.value.code, caught.value.status) == ("ThrottlingException", 429)


def test_a_server_that_cannot_be_reached_is_unavailable(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(aws, monkeypatch, create_model=EndpointConnectionError(endpoint_url="http://none"))
    with pytest.raises(Refused, match="http://none") as caught:
        asyncio.run(call(aws, ROLE, "CreateModel", REQUEST))
    assert (caught.value.code, caught.value.status) == ("ServiceUnavailable", 503)


def test_what_does_not_exist_has_no_description(aws: Aws) -> None:
    assert described(aws, KINDS["Model"], "none") is None


def test_a_description_has_the_members_of_aws_alone(aws: Aws) -> None:
    model = {"ModelName": "m", "ModelArn": "arn:m", "CreationTime": 1.0, "Private": True}
    aws.store.insert("model", "m", model)
    assert described(aws, KINDS["Model"], "m") == {
        "ModelName": "m",
        "ModelArn": "arn:m",
        "CreationTime": 1.0,
    }


class Strict(Unchecked):
    """Credentials of roles that may do nothing."""

    async def denial(  # type: ignore[override]
        self, place: tuple[str, str], role: str, action: str, resource: str
    ) -> str:
        return f"{role} may not {action} {resource} in {place[1]}"


def test_the_role_needs_to_describe_what_it_has_created(aws: Aws) -> None:
    kind = KINDS["Training"]
    assert asyncio.run(may_describe(aws, ROLE, kind, "arn:j")) is None
    aws.credentials = Strict()
    assert asyncio.run(may_describe(aws, ROLE, kind, "arn:j")) == (
        f"{ROLE} may not sagemaker:DescribeTrainingJob arn:j in us-east-1"
    )
