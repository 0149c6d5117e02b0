"""Models whose data are objects instead of one archive, on real endpoints."""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.containers import model_data
from include.local_aws.containers.model_data import ModelDataFailed
from include.local_aws.core.archives import BadArchive
from tests.include.local_aws.models import ROLE, TOOLKIT, Platform, variant

READS = """
import os

def model_fn(model_dir):
    more = "/opt/ml/additional-model-data-sources/draft"
    places = [model_dir, more] if os.path.isdir(more) else [model_dir]
    return {name: open(os.path.join(p, name)).read() for p in places for name in os.listdir(p)
            if os.path.isfile(os.path.join(p, name))}

def transform_fn(model, data, content_type, accept):
    return ",".join(f"{name}={text}" for name, text in sorted(model.items())), "text/csv"
"""


def _source(uri: str, kind: str, compression: str = "None") -> dict[str, Any]:
    return {"S3DataSource": {"S3Uri": uri, "S3DataType": kind, "CompressionType": compression}}


def _endpoint(platform: Platform, container: dict[str, Any]) -> str:
    model = platform.unique("model")
    platform.sagemaker.create_model(
        ModelName=model, PrimaryContainer={"Image": TOOLKIT} | container, ExecutionRoleArn=ROLE
    )
    return platform.endpoint(platform.config(variant(model)))


@pytest.fixture(scope="module")
def prefix(platform: Platform) -> str:
    """Store a model as objects under a prefix, and further data next to it."""
    prefix = platform.unique("plain")
    objects = {"plain/code/inference.py": READS, "plain/weights": "1", "more/table": "2"}
    for key, text in objects.items():
        platform.s3.put_object(Bucket=platform.bucket, Key=f"{prefix}/{key}", Body=text.encode())
    return f"s3://{platform.bucket}/{prefix}"


def test_objects_of_a_prefix_are_the_model(platform: Platform, prefix: str) -> None:
    draft = {"ChannelName": "draft"} | _source(f"{prefix}/more/table", "S3Object")
    name = _endpoint(
        platform,
        {
            "ModelDataSource": _source(f"{prefix}/plain/", "S3Prefix"),
            "AdditionalModelDataSources": [draft],
        },
    )
    assert platform.settled(name)["EndpointStatus"] == "InService"
    assert platform.invoke(name, "1") == "table=2,weights=1"


def test_archive_is_unpacked(platform: Platform) -> None:
    archive = platform.container(READS, "zipped")["ModelDataUrl"]
    name = _endpoint(platform, {"ModelDataSource": _source(archive, "S3Object", "Gzip")})
    assert platform.settled(name)["EndpointStatus"] == "InService"
    assert platform.invoke(name, "1") == "name=zipped"


@pytest.mark.parametrize("kind", ["S3Prefix", "S3Object"])
def test_data_that_do_not_exist_are_named(platform: Platform, prefix: str, kind: str) -> None:
    uri = f"{prefix}/nothing/" + ("" if kind == "S3Prefix" else "here")
    name = _endpoint(platform, {"ModelDataSource": _source(uri, kind)})
    failed = platform.settled(name)
    assert failed["EndpointStatus"] == "Failed"
    assert failed["FailureReason"].startswith(f'Failed to download model data from URL: "{uri}"')


def test_archive_that_is_damaged_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise BadArchive("It is not a valid tar archive.")

    monkeypatch.setattr(model_data, "download_archive", fail)
    unused: Any = None
    with pytest.raises(
        ModelDataFailed, match=r'archive from URL: "s3://b/m\.tar\.gz"\. Please ens'
    ):
        model_data._download_archive(unused, "s3://b/m.tar.gz", unused, unused)
