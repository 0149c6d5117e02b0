"""A file in, a line for each of its lines out."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.exceptions import RequestRefusedError
from prodml.operators.transform import BatchTransformOperator

from tests.plugins.runs import REGISTRY, ROLE, Ti, run

ECHO = {"Image": f"{REGISTRY}/echo:v1"}  # answers `<columns>x<rows in the request>` for each row
BIG = ("x" * 600_000 + "\n").encode()


def _operator(bucket: str, folder: str, **arguments: Any) -> BatchTransformOperator:
    return BatchTransformOperator(
        task_id="score",
        input_uri=f"s3://{bucket}/{folder}/in/",
        output_uri=f"s3://{bucket}/{folder}/out/",
        role_arn=ROLE,
        poll_interval=0.2,
        fresh=True,
        **arguments,
    )


@pytest.mark.parametrize("deferrable", [False, True])
def test_every_line_gets_a_score(
    deferrable: bool,
    trained: dict[str, Any],
    sagemaker: Any,
    s3: Any,
    bucket: str,
    unique: str,
    ti: Ti,
) -> None:
    s3.put_object(Bucket=bucket, Key=f"{unique}/in/rows.csv", Body=b"1,1\n59,2\n3,0\n")
    operator = _operator(bucket, unique, containers=[trained["container"]], deferrable=deferrable)
    result = run(operator, ti)
    assert result["files"] == [f"s3://{bucket}/{unique}/out/rows.csv.out"]
    body = s3.get_object(Bucket=bucket, Key=f"{unique}/out/rows.csv.out")["Body"].read()
    low, high, other = (float(line) for line in body.split())
    assert low < 0.5 < high
    assert other < 0.5
    models = sagemaker.list_models(NameContains=result["model"])["Models"]
    assert models == []  # it was there for the job alone


def test_a_model_and_a_container_are_too_much(bucket: str, ti: Ti) -> None:
    with pytest.raises(ValueError, match="either a model_name or containers"):
        run(_operator(bucket, "x", model_name="a", containers=[{"Image": "b"}]), ti)


def transformed(s3: Any, bucket: str, folder: str, ti: Ti, body: bytes, **arguments: Any) -> bytes:
    """Return the job's output for one file."""
    s3.put_object(Bucket=bucket, Key=f"{folder}/in/rows.csv", Body=body)
    result = run(_operator(bucket, folder, containers=[ECHO], **arguments), ti)
    (uri,) = result["files"]
    key = uri.removeprefix(f"s3://{bucket}/")
    return bytes(s3.get_object(Bucket=bucket, Key=key)["Body"].read())


@pytest.mark.parametrize(
    ("arguments", "body", "expected"),
    [
        ({}, b"1,2\n3,4\n", b"2x2\n2x2\n"),
        ({"strategy": "SingleRecord"}, b"1,2\n3,4\n", b"2x1\n2x1\n"),
        ({"strategy": "SingleRecord", "assemble_with": "None"}, b"1,2\n3,4\n", b"2x12x1"),
        ({"split_type": "None", "assemble_with": "None"}, b"1,2\n3,4\n", b"2x2\n2x2"),
        ({"config": {"MaxPayloadInMB": 1}}, BIG * 3, b"1x1\n1x1\n1x1\n"),
    ],
    ids=["many", "single", "single-unassembled", "unsplit", "payload-limit"],
)
def test_records_are_sent_and_put_together_as_asked(
    arguments: dict[str, Any],
    body: bytes,
    expected: bytes,
    s3: Any,
    bucket: str,
    unique: str,
    ti: Ti,
) -> None:
    assert transformed(s3, bucket, unique, ti, body, **arguments) == expected


def test_a_key_is_kept_from_the_model_and_joined_to_its_answer(
    s3: Any, bucket: str, unique: str, ti: Ti
) -> None:
    """The model sees two of three columns; the output has the key and the answer."""
    processing = {"InputFilter": "$[1:]", "JoinSource": "Input", "OutputFilter": "$[0,-1]"}
    config = {"DataProcessing": processing}
    output = transformed(s3, bucket, unique, ti, b"C1,5,6\nC2,7,8\n", config=config)
    assert output == b"C1,2x2\nC2,2x2\n"


def test_json_lines_are_joined_as_objects(s3: Any, bucket: str, unique: str, ti: Ti) -> None:
    lines = {"content_type": "application/jsonlines", "accept": "application/jsonlines"}
    config = {"DataProcessing": {"JoinSource": "Input"}}
    output = transformed(s3, bucket, unique, ti, b'{"id": 1}\n', config=config, **lines)
    assert output == b'{"id": 1, "SageMakerOutput": {"keys": 1, "rows": 1}}\n'


def test_a_bad_record_costs_its_file_alone(s3: Any, bucket: str, unique: str, ti: Ti) -> None:
    """Three files; the error names the one with the bad record, the others have their outputs."""
    for name, body in (("a", b"1,2\n"), ("b", b"3,4\nbad,5\n"), ("c", b"6,7\n")):
        s3.put_object(Bucket=bucket, Key=f"{unique}/in/{name}.csv", Body=body)
    with pytest.raises(RequestRefusedError, match=r"b\.csv: ClientError: 400"):
        run(_operator(bucket, unique, containers=[ECHO]), ti)
    objects = s3.list_objects_v2(Bucket=bucket, Prefix=f"{unique}/out/")["Contents"]
    assert [item["Key"].rpartition("/")[2] for item in objects] == ["a.csv.out", "c.csv.out"]
