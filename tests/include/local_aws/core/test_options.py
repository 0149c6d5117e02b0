from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from include.local_aws.core.options import Options, region


def test_first_region_is_the_default() -> None:
    assert Options(regions=("eu-west-1", "us-east-1")).region == "eu-west-1"


def test_jobs_reach_the_server_on_loopback_wherever_it_listens() -> None:
    assert Options(host="0.0.0.0", port=99).url == "http://127.0.0.1:99"


def test_each_account_and_region_has_a_folder() -> None:
    options = Options(data_dir=Path("/data"))
    assert options.directory("1" * 12, "r") == Path("/data/accounts/111111111111/r")


def test_options_do_not_change_after_the_start() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Options().port = 1  # type: ignore[misc]


@pytest.mark.parametrize("name", ["us-east-1", "eu-central-2", "ap-southeast-7"])
def test_region_of_the_main_partition_is_accepted(name: str) -> None:
    assert region(name) == name


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("cn-north-1", "not in the partition aws"),
        ("us-gov-east-1", "not in the partition aws"),
        ("us-iso-east-1", "not in the partition aws"),
        ("eusc-de-east-1", "not in the partition aws"),
        ("frankfurt", "give one such as eu-west-1"),
        ("", "give one such as eu-west-1"),
        ("../..", "give one such as eu-west-1"),
    ],
)
def test_any_other_one_is_refused_with_the_reason(name: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        region(name)
