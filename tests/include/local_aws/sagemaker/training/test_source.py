"""Source archives: damaged ones, and those that would leave their folder, fail the job."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from include.local_aws.sagemaker.training.source import program, submitted
from tests.include.local_aws.jobs import CLUSTER, SKLEARN, Jobs

Unique = Callable[[str], str]


def test_json_of_the_sdk_is_decoded() -> None:
    written = {"sagemaker_program": '"train.py"', "sagemaker_submit_directory": '"s3://b/k"'}
    assert program(written) == "train.py"
    assert submitted({"HyperParameters": written}) == "s3://b/k"
    elsewhere = {"sagemaker_submit_directory": "/opt/ml/code"}
    assert submitted({"HyperParameters": elsewhere}) is None
    assert program({}) is None


@pytest.mark.parametrize("uri", ["s3://b/code", "s3://b/code/", "s3://b/code/source.tar.gz"])
def test_an_archive_may_lie_in_a_channel(uri: str) -> None:
    channel = {
        "ChannelName": "code",
        "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri}},
    }
    submit = {"sagemaker_submit_directory": '"/opt/ml/input/data/code/source.tar.gz"'}
    request = {"HyperParameters": submit, "InputDataConfig": [channel]}
    assert submitted(request | {"EnableNetworkIsolation": True}) == "s3://b/code/source.tar.gz"


def test_an_isolated_script_cannot_be_fetched(jobs: Jobs, unique: Unique) -> None:
    name = unique("isolated")
    script = jobs.script(name, "print(1)")
    jobs.train(name, SKLEARN, HyperParameters=script, EnableNetworkIsolation=True)
    assert "isolated from the network" in jobs.failure("Training", name)


@pytest.mark.parametrize("damage", ["empty", "text", "truncated", "missing"])
def test_a_damaged_archive_is_the_users_error(jobs: Jobs, unique: Unique, damage: str) -> None:
    name = unique(damage)
    script = jobs.script(name, "print(1)\n" * 500)
    whole = jobs.read(f"s3://{jobs.bucket}/code/{name}.tar.gz")
    bodies = {"empty": b"", "text": b"print(1)", "truncated": whole[:80]}
    if damage == "missing":
        script["sagemaker_submit_directory"] = json.dumps(f"s3://{jobs.bucket}/nowhere.tar.gz")
    else:
        jobs.put(f"code/{name}.tar.gz", bodies[damage])
    jobs.train(name, SKLEARN, HyperParameters=script)
    reason = jobs.failure("Training", name)
    assert reason.startswith("ClientError: The source archive")
    assert ("NoSuchKey" if damage == "missing" else "not a valid tar.gz archive") in reason


def test_an_archive_larger_than_the_volume_is_refused(jobs: Jobs, unique: Unique) -> None:
    """A megabyte of gzip that would become more than VolumeSizeInGB."""
    import gzip
    import tarfile

    name = unique("bomb")
    member = tarfile.TarInfo("train.py")
    member.size = (1 << 30) + 1
    uri = jobs.put(f"code/{name}.tar.gz", gzip.compress(member.tobuf() + bytes(1 << 20)))
    script = {"sagemaker_program": '"train.py"', "sagemaker_submit_directory": json.dumps(uri)}
    small = CLUSTER | {"VolumeSizeInGB": 1}
    jobs.train(name, SKLEARN, HyperParameters=script, ResourceConfig=small)
    assert "Raise VolumeSizeInGB" in jobs.failure("Training", name)
