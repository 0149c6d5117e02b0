"""Logs and images as the execution role may write and pull them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.core.clock import Clock
from include.local_aws.core.options import Options
from include.local_aws.core.role_actions import ImageDenied, KeyDenied, check_volumes, prepare
from include.local_aws.core.role_credentials import Unchecked
from include.local_aws.core.store import Store

ACCOUNT = "000000000000"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/prodml"
OWN = f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/mine:1"
OF_AWS = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.0-5"
STREAM = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:group:log-stream:job/*"


class Denying(Unchecked):
    """Denies some actions, and keeps what it was asked."""

    def __init__(self, *denied: str) -> None:
        self.denied = denied
        self.asked: list[tuple[str, str]] = []

    async def denial(  # type: ignore[override]
        self, place: tuple[str, str], role: str, action: str, resource: str
    ) -> str | None:
        """Return a sentence for what is denied."""
        assert (place, role) == ((ACCOUNT, "us-east-1"), ROLE)
        self.asked.append((action, resource))
        return "denied" if action in self.denied else None


def account(tmp_path: Path, credentials: Unchecked) -> Aws:
    options = Options(data_dir=tmp_path)
    return Aws(options, Clock(), Store(":memory:"), None, credentials=credentials)


def prepared(tmp_path: Path, credentials: Unchecked, image: str) -> bool:
    aws = account(tmp_path, credentials)
    return asyncio.run(prepare(aws, ROLE, image, "group", "job/*"))


@pytest.mark.parametrize(
    ("denied", "may_log"),
    [
        ((), True),
        (("logs:CreateLogGroup",), True),
        (("logs:CreateLogStream",), False),
        (("logs:PutLogEvents",), False),
        (("ecr:BatchGetImage",), True),
    ],
)
def test_log_needs_a_stream_and_events(
    tmp_path: Path, denied: tuple[str, ...], may_log: bool
) -> None:
    credentials = Denying(*denied)
    assert prepared(tmp_path, credentials, OF_AWS) is may_log
    assert credentials.asked[-2:] == [
        ("logs:CreateLogStream", STREAM),
        ("logs:PutLogEvents", STREAM),
    ]


@pytest.mark.parametrize(
    "action", ["ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
)
def test_image_of_the_account_must_be_pulled_by_the_role(tmp_path: Path, action: str) -> None:
    with pytest.raises(ImageDenied, match=action.partition(":")[2]):
        prepared(tmp_path, Denying(action), OWN)


def test_volumes_need_a_grant_on_their_key(tmp_path: Path) -> None:
    credentials = Denying("kms:CreateGrant")
    aws = account(tmp_path, credentials)
    asyncio.run(check_volumes(aws, ROLE, None))
    assert credentials.asked == []
    with pytest.raises(KeyDenied, match=r"encrypted with alias/a\. denied"):
        asyncio.run(check_volumes(aws, ROLE, "alias/a"))
    assert credentials.asked == [("kms:CreateGrant", "alias/a")]
