"""One account in one region: its parts, names and place."""

from __future__ import annotations

from pathlib import Path

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.core.clock import Clock
from include.local_aws.core.options import Options
from include.local_aws.core.store import Store


@pytest.fixture
def aws(tmp_path: Path) -> Aws:
    options = Options(data_dir=tmp_path, port=4567, regions=("eu-west-1", "us-east-1"))
    return Aws(options, Clock(), Store(":memory:"), None)


def test_default_place_is_that_of_the_options(aws: Aws, tmp_path: Path) -> None:
    assert (aws.account, aws.region) == ("000000000000", "eu-west-1")
    assert aws.directory == tmp_path / "accounts" / "000000000000" / "eu-west-1"


def test_arn_has_the_account_and_region(aws: Aws) -> None:
    assert aws.arn("model/a") == "arn:aws:sagemaker:eu-west-1:000000000000:model/a"
    assert aws.arn("log-group:g", "logs") == "arn:aws:logs:eu-west-1:000000000000:log-group:g"


def test_part_is_available_by_its_class_or_its_kind(aws: Aws) -> None:
    class Fleet:
        pass

    class Counted(Fleet):
        pass

    fleet = aws.add(Fleet())
    assert aws.part(Fleet) is fleet
    assert aws.add(Counted(), Fleet) is aws.part(Fleet)
    with pytest.raises(KeyError, match="Counted"):
        aws.part(Counted)


def test_client_signs_for_its_account_and_region_at_the_own_port(aws: Aws) -> None:
    client = aws.client("sns", "arn:aws:iam::000000000000:role/prodml")
    assert client.meta.endpoint_url == "http://127.0.0.1:4567"
    assert client.meta.region_name == "eu-west-1"
    assert client._request_signer._credentials.access_key == aws.account
