"""Two requests are one if they lead to the same result, and only then."""

from __future__ import annotations

from typing import Any

from prodml.jobs.fingerprint import fingerprint


def test_checkpoints_that_come_and_go_change_nothing(s3: Any, bucket: str, unique: str) -> None:
    """Else a retry of a job that has checkpoints would not find it, and start another one."""
    place = {"S3Uri": f"s3://{bucket}/{unique}/checkpoints/"}
    request = {
        "CheckpointConfig": place,
        "TrainingJobDefinition": {"CheckpointConfig": place},
        "DebugHookConfig": place,
    }
    before = fingerprint(s3, request)
    s3.put_object(Bucket=bucket, Key=f"{unique}/checkpoints/1.pt", Body=b"epoch 1")
    assert fingerprint(s3, request) == before


def test_inputs_count_by_their_content(s3: Any, bucket: str, unique: str) -> None:
    source = {"DataSource": {"S3DataSource": {"S3Uri": f"s3://{bucket}/{unique}/rows/"}}}
    for request in (
        {"InputDataConfig": [source]},
        {"TrainingJobDefinition": {"InputDataConfig": [source]}},
        {"ProcessingInputs": [{"S3Input": {"S3Uri": f"s3://{bucket}/{unique}/rows/"}}]},
        {"Containers": [{"ModelDataUrl": f"s3://{bucket}/{unique}/rows/"}]},
    ):
        before = fingerprint(s3, request)
        s3.put_object(Bucket=bucket, Key=f"{unique}/rows/{len(str(request))}", Body=b"1")
        assert fingerprint(s3, request) != before


def test_a_users_own_names_are_no_members_of_the_request(s3: Any) -> None:
    for kind in ("HyperParameters", "StaticHyperParameters", "Environment"):
        for name in ("Tags", "InstanceType", "S3OutputPath", "S3Uri"):
            one, other = (fingerprint(s3, {kind: {name: value}}) for value in ("a", "b"))
            assert one != other
