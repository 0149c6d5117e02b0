from __future__ import annotations

import pytest

from include.local_aws.iam.arns import account_in, region_in

JOB = "arn:aws:sagemaker:eu-west-1:111111111111:training-job/a:b"


def test_account_and_region_are_read() -> None:
    assert (account_in(JOB), region_in(JOB)) == ("111111111111", "eu-west-1")
    assert (account_in("arn:aws:s3:::bucket/key"), region_in("arn:aws:s3:::bucket/key")) == ("", "")


@pytest.mark.parametrize("text", ["", "arn:x", "arn:aws:iam::", "a:b:c:d:e:f", "role/a"])
def test_text_that_is_not_an_arn_has_no_account(text: str) -> None:
    assert account_in(text) == region_in(text) == ""
