from __future__ import annotations

import gzip
from typing import Any

import pytest

from include.local_aws.sagemaker.transform.data_processing import Association
from include.local_aws.sagemaker.transform.records import (
    BadRecord,
    Payload,
    associated,
    payloads,
    unpacked,
)

PLAIN = {"TransformInput": {"ContentType": "text/csv"}, "TransformOutput": {}}
UNTOUCHED = Association(PLAIN)
JOINED = Association(PLAIN | {"DataProcessing": {"JoinSource": "Input"}})
MULTI = {"MaxPayloadInMB": 1, "BatchStrategy": "MULTI_RECORD"}
SINGLE = MULTI | {"BatchStrategy": "SINGLE_RECORD"}


def bodies(data: bytes, split: str, limits: dict[str, Any]) -> list[bytes]:
    return [payload.body for payload in payloads(data, split, limits, UNTOUCHED)]


def test_a_payload_has_as_many_records_as_fit() -> None:
    record = b"x" * 400_000 + b"\n"
    assert [len(body) for body in bodies(record * 5, "Line", MULTI)] == [800_002, 800_002, 400_001]


def test_single_records_and_whole_files() -> None:
    assert bodies(b"1\n2\n", "Line", SINGLE) == [b"1\n", b"2\n"]
    assert bodies(b"1\n2\n", "None", MULTI) == [b"1\n2\n"]


def test_a_record_above_the_limit_is_refused_and_zero_means_unlimited() -> None:
    large = b"x" * ((1 << 20) + 1)
    with pytest.raises(BadRecord, match="a record of 1048577 bytes exceeds 1048576"):
        bodies(large, "Line", MULTI)
    assert bodies(large, "Line", MULTI | {"MaxPayloadInMB": 0}) == [large]


def test_answers_are_joined_with_the_records_of_their_payload() -> None:
    (payload,) = payloads(b"1,2\n3,4\n", "Line", MULTI, JOINED)
    assert associated(payload, b"a\nb\n", "Line", JOINED) == b"1,2,a\n3,4,b\n"
    with pytest.raises(BadRecord, match="2 records got 1 lines in the response"):
        associated(payload, b"a\n", "Line", JOINED)


def test_a_response_that_is_not_json_is_refused() -> None:
    kind = {"TransformInput": {"ContentType": "application/json"}, "TransformOutput": {}}
    joined = Association(kind | {"DataProcessing": {"JoinSource": "Input"}})
    with pytest.raises(BadRecord, match="Failed to parse output from the algorithm"):
        associated(Payload(b"{}", (b"{}",)), b"oops", "None", joined)


def test_gzip_is_unpacked_if_declared() -> None:
    packed = gzip.compress(b"1,2\n")
    assert unpacked(packed, {"CompressionType": "Gzip"}) == b"1,2\n"
    assert unpacked(packed, {}) == packed
    with pytest.raises(BadRecord, match="The file is not gzip"):
        unpacked(b"1,2\n", {"CompressionType": "Gzip"})


def test_a_record_that_the_filter_cannot_read_is_refused() -> None:
    kind = {"TransformInput": {"ContentType": "application/json"}, "TransformOutput": {}}
    filtered = Association(kind | {"DataProcessing": {"InputFilter": "$.features"}})
    with pytest.raises(BadRecord, match=r"^ClientError: "):
        list(payloads(b"oops\n", "Line", MULTI, filtered))
