"""Keys of a request context, as "AWS global condition context keys" of the User Guide has them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from include.local_aws.iam.context import of_network, of_principal, of_resource
from include.local_aws.iam.needs import Need
from include.local_aws.iam.principals import Principal, anonymous, session
from tests.include.local_aws.iam.account import ACCOUNT, ROLE, sagemaker


def test_session_is_described_by_its_role() -> None:
    """aws:PrincipalArn: "For IAM roles, the request context returns the ARN of the role"."""
    keys = of_principal(session(ROLE, "run", "AROAEXAMPLE", {"Team": "ML"}))
    assert keys["aws:principalarn"] == (ROLE,)
    assert keys["aws:userid"] == ("AROAEXAMPLE:run",)
    assert keys["aws:principaltag/team"] == ("ML",)
    assert "aws:username" not in keys


def test_user_has_a_name_without_its_path() -> None:
    keys = of_principal(Principal("User", ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/team/john"))
    assert keys["aws:username"] == ("john",)
    assert keys["aws:principalaccount"] == (ACCOUNT,)


def test_anonymous_caller_has_neither_arn_nor_account() -> None:
    keys = of_principal(anonymous())
    assert keys.keys() == {"aws:principaltype", "aws:principalisawsservice"}


@pytest.mark.parametrize(("scheme", "secure"), [("https", "true"), ("http", "false")])
def test_connection_and_time(scheme: str, secure: str) -> None:
    scope = {"client": ("203.0.113.7", 1), "scheme": scheme}
    headers = {"user-agent": "Boto3", "referer": ""}
    keys = of_network(scope, headers, 1577836800.9, "eu-west-1")
    assert keys["aws:sourceip"] == ("203.0.113.7",)
    assert keys["aws:securetransport"] == (secure,)
    assert keys["aws:currenttime"] == ("2020-01-01T00:00:00Z",)
    assert keys["aws:epochtime"] == ("1577836800",)
    assert keys["aws:requestedregion"] == ("eu-west-1",)
    assert keys["aws:useragent"] == ("Boto3",)
    assert "aws:referer" not in keys


def test_tags_of_a_resource_have_a_global_name_and_one_of_the_service() -> None:
    def tags(arn: str) -> Mapping[str, str]:
        assert arn == sagemaker("model/a")
        return {"Team": "ML"}

    assert of_resource(Need("sagemaker:DescribeModel", sagemaker("model/a")), tags) == {
        "aws:resourcetag/team": ("ML",),
        "sagemaker:resourcetag/team": ("ML",),
    }
    assert of_resource(Need("sagemaker:ListModels", "*"), tags) == {}
