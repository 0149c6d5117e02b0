"""The button opens the console of region and partition, else the page of what answers instead."""

from __future__ import annotations

import pytest
from prodml.links.job import address
from prodml.vocabulary import TRAINING


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        (
            "https://api.sagemaker.eu-west-1.amazonaws.com",
            "https://console.aws.amazon.com/sagemaker/home?region=eu-west-1#/jobs/j",
        ),
        (
            "https://api.sagemaker.cn-north-1.amazonaws.com.cn",
            "https://console.amazonaws.cn/sagemaker/home?region=eu-west-1#/jobs/j",
        ),
        ("http://127.0.0.1:4566", "http://127.0.0.1:4566/_local/jobs/TrainingJob/j"),
    ],
)
def test_address(endpoint: str, expected: str) -> None:
    assert address(endpoint, "eu-west-1", TRAINING, "j") == expected
