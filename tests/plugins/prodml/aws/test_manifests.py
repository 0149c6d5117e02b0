from __future__ import annotations

import json
from typing import Any

import pytest
from prodml.aws.manifests import Listed, manifest_digest, read_manifest, write_manifest
from prodml.aws.s3 import read
from prodml.exceptions import InvalidInputError
from prodml.jobs.fingerprint import fingerprint


def _manifest(s3: Any, bucket: str, unique: str, content: bytes, folder: str = "run") -> str:
    """Return the manifest of one object that is listed with its ETag."""
    etag = s3.put_object(Bucket=bucket, Key=f"{unique}/in/2024-01-01.csv", Body=content)["ETag"]
    prefix = f"s3://{bucket}/{unique}/in/"
    listed = [Listed("2024-01-01.csv", len(content), etag)]
    manifest, _ = write_manifest(s3, f"s3://{bucket}/{unique}/{folder}", prefix, listed)
    return manifest


def _request(uri: str, data_type: str) -> dict[str, Any]:
    return {"ProcessingInputs": [{"S3Input": {"S3Uri": uri, "S3DataType": data_type}}]}


def test_a_manifest_is_what_sagemaker_reads(s3: Any, bucket: str, unique: str) -> None:
    uri = _manifest(s3, bucket, unique, b"1")
    assert json.loads(read(s3, uri)) == [
        {"prefix": f"s3://{bucket}/{unique}/in/"},
        "2024-01-01.csv",
    ]
    assert read_manifest(s3, uri) == (f"s3://{bucket}/{unique}/in/", ["2024-01-01.csv"])


def test_a_listing_has_what_a_job_verifies_and_decides_as_its_manifest(
    s3: Any, bucket: str, unique: str
) -> None:
    """The ETag of an object under a KMS key is new with each upload, and does not decide."""
    folder, prefix = f"s3://{bucket}/{unique}", f"s3://{bucket}/{unique}/in/"
    digest = "ChecksumCRC64NVME:AAAAAAAAAAA=:3"
    requests = []
    for etag in ('"1"', '"2"'):
        _, listing = write_manifest(s3, folder, prefix, [Listed("a.csv", 3, digest, etag)])
        entry = {"name": "a.csv", "size": 3, "digest": digest, "etag": etag}
        assert json.loads(read(s3, listing)) == {"objects": [entry]}
        requests.append(fingerprint(s3, _request(listing, "S3Prefix")))
    assert requests[0] == requests[1]


@pytest.mark.parametrize("data_type", ["ManifestFile", "S3Prefix"])
def test_a_request_depends_on_the_listed_contents_alone(
    s3: Any, bucket: str, unique: str, data_type: str
) -> None:
    """Also that of a job which gets the manifest and reads the objects on its own."""
    first = _manifest(s3, bucket, unique, b"1")
    same = _manifest(s3, bucket, unique, b"1", folder="later-run")
    other = _manifest(s3, bucket, unique, b"2")
    assert len({first, same, other}) == 3
    requests = [fingerprint(s3, _request(uri, data_type)) for uri in (first, same, other)]
    assert requests[0] == requests[1] != requests[2]


def test_the_objects_of_a_manifest_by_hand_are_read(s3: Any, bucket: str, unique: str) -> None:
    uri = f"s3://{bucket}/{unique}/by-hand.json"
    digests = []
    for content in (b"1", b"2"):
        s3.put_object(Bucket=bucket, Key=f"{unique}/in/x.csv", Body=content)
        body = json.dumps([{"prefix": f"s3://{bucket}/{unique}/in/"}, "x.csv"])
        s3.put_object(Bucket=bucket, Key=f"{unique}/by-hand.json", Body=body.encode())
        digests.append(manifest_digest(s3, uri))
    assert digests[0] != digests[1]


@pytest.mark.parametrize("text", ["{}", "[]", "[1]", "no JSON"])
def test_what_is_no_manifest_is_refused(s3: Any, bucket: str, unique: str, text: str) -> None:
    s3.put_object(Bucket=bucket, Key=f"{unique}/bad.json", Body=text.encode())
    with pytest.raises(InvalidInputError, match=r"bad\.json is not a manifest: .*Write it as"):
        read_manifest(s3, f"s3://{bucket}/{unique}/bad.json")
