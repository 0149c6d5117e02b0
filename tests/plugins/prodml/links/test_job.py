"""The button opens the console of region and partition, else the page of what answers instead."""

from __future__ import annotations

import pytest
from prodml.links.job import address, object_address
from prodml.vocabulary import TRAINING

CONSOLE = "https://console.aws.amazon.com/sagemaker/home?region"
GOV = "https://console.amazonaws-us-gov.com/sagemaker/home?region"


@pytest.mark.parametrize(
    ("endpoint", "region", "expected"),
    [
        ("api.sagemaker.eu-west-1.amazonaws.com", "eu-west-1", CONSOLE),
        ("api.sagemaker.eu-west-1.api.aws", "eu-west-1", CONSOLE),
        ("vpce-1.api.sagemaker.eu-west-1.vpce.amazonaws.com", "eu-west-1", CONSOLE),
        ("api.sagemaker.us-gov-west-1.amazonaws.com", "us-gov-west-1", GOV),
        ("api.sagemaker.us-gov-east-1.api.aws", "us-gov-east-1", GOV),
        (
            "api.sagemaker.cn-north-1.amazonaws.com.cn",
            "cn-north-1",
            "https://console.amazonaws.cn/sagemaker/home?region",
        ),
        (
            "api.sagemaker.eusc-de-east-1.amazonaws.eu",
            "eusc-de-east-1",
            "https://console.amazonaws-eusc.eu/sagemaker/home?region",
        ),
    ],
)
def test_the_console_of_the_region(endpoint: str, region: str, expected: str) -> None:
    assert address(f"https://{endpoint}", region, TRAINING, "j") == f"{expected}={region}#/jobs/j"


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:4566", "https://aws.test/amazonaws.com"])
def test_the_page_of_what_answers_instead(endpoint: str) -> None:
    page = f"{endpoint}/_local/jobs/TrainingJob/j?region=eu-west-1"
    assert address(endpoint, "eu-west-1", TRAINING, "j") == page


def test_an_object_and_a_folder_of_s3_have_pages() -> None:
    region, aws = "eu-west-1", "https://s3.eu-west-1.amazonaws.com"
    console = "https://console.aws.amazon.com/s3"
    assert object_address(aws, region, "s3://b/a/m.tar.gz") == (
        f"{console}/object/b?region={region}&prefix=a%2Fm.tar.gz"
    )
    folder = f"{console}/buckets/b?region={region}&prefix=a%2Ftrain%2F"
    assert object_address(aws, region, "s3://b/a/train/") == folder
    assert object_address("http://127.0.0.1:4566", region, "s3://b/a") == (
        "http://127.0.0.1:4566/_local/buckets/b"
    )
