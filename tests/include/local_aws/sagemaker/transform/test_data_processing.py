from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.sagemaker.transform.data_processing import Association, check_association
from include.local_aws.wire.errors import AwsError


def request(kind: str = "text/csv", accept: str | None = None, **config: str) -> dict[str, Any]:
    return {
        "TransformInput": {"ContentType": kind, "SplitType": "Line"},
        "TransformOutput": {"Accept": accept or kind, "AssembleWith": "Line"},
        "DataProcessing": config,
    }


def test_without_filters_records_go_through_untouched() -> None:
    assert not Association(request()).active
    assert not Association(request(InputFilter="$", JoinSource="None")).active


def test_csv_is_filtered_joined_and_quoted() -> None:
    association = Association(
        request(InputFilter="$[1:]", JoinSource="Input", OutputFilter="$[0,-1]")
    )
    assert association.sent(b'"id, 1",2,3\n') == b"2,3\n"
    assert association.kept(b'"id, 1",2,3\n', b"0.5\n") == b'"id, 1",0.5\n'


@pytest.mark.parametrize(
    ("record", "joined"),
    [
        (b'{"a": 1}', b'{"a": 1, "SageMakerOutput": 7}\n'),
        (b"[1, 2]", b'{"SageMakerInput": [1, 2], "SageMakerOutput": 7}\n'),
    ],
)
def test_json_gets_the_answer_as_a_member(record: bytes, joined: bytes) -> None:
    association = Association(request("application/json", JoinSource="Input"))
    assert association.kept(record, b"7") == joined


def test_a_record_that_does_not_fit_is_an_error() -> None:
    association = Association(request(InputFilter="$[5]"))
    with pytest.raises(ValueError, match="does not fit"):
        association.sent(b"1,2\n")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (request(InputFilter="$..x"), 'Invalid InputFilter: "$..x".'),
        (request(OutputFilter="$.name"), "CSV has indexes only."),
        (request(accept="application/json", JoinSource="Input"), "the same ContentType and Accept"),
        (request("image/png", JoinSource="Input"), "not image/png and image/png"),
    ],
)
def test_filters_that_aws_refuses_are_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(AwsError) as caught:
        check_association(given)
    assert message in str(caught.value)


def test_csv_needs_lines_in_and_out() -> None:
    given = request(JoinSource="Input")
    given["TransformInput"]["SplitType"] = "None"
    with pytest.raises(AwsError, match="needs SplitType Line and AssembleWith Line"):
        check_association(given)
