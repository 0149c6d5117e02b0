"""A file in, a line for each of its lines out."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.operators.transform import BatchTransformOperator

from tests.plugins.runs import ROLE, Ti, run


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
    operator = _operator(bucket, unique, container=trained["container"], deferrable=deferrable)
    result = run(operator, ti)
    assert result["files"] == [f"s3://{bucket}/{unique}/out/rows.csv.out"]
    body = s3.get_object(Bucket=bucket, Key=f"{unique}/out/rows.csv.out")["Body"].read()
    low, high, other = (float(line) for line in body.split())
    assert low < 0.5 < high
    assert other < 0.5
    models = sagemaker.list_models(NameContains=result["model"])["Models"]
    assert models == []  # it was there for the job alone


def test_a_model_and_a_container_are_too_much(bucket: str, ti: Ti) -> None:
    with pytest.raises(ValueError, match="either a model_name or a container"):
        run(_operator(bucket, "x", model_name="a", container={"Image": "b"}), ti)
