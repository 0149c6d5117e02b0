"""Write the summaries that the Studio pages show."""

from __future__ import annotations

import gzip
import json
from typing import Any

from prodml.operators.studio import StudioSummaryOperator

from tests.plugins.runs import Ti, run


def test_a_run_writes_an_object_for_each_subject(
    s3: Any, bucket: str, failed_trial: tuple[str, str], unique: str, ti: Ti
) -> None:
    operator = StudioSummaryOperator(
        task_id="write", root=f"s3://{bucket}/{unique}", deployment="studio"
    )
    folder = f"{unique}/studio/studio"
    result = run(operator, ti)
    listed = s3.list_objects_v2(Bucket=bucket, Prefix=folder)["Contents"]
    written = {item["Key"].removeprefix(f"{folder}/") for item in listed}
    trials = f"trials/{failed_trial[0]}.json.gz"
    assert {"models.json.gz", "endpoints.json.gz", "drift.json.gz", trials} <= written
    assert result["objects"] == len(written)
    content = s3.get_object(Bucket=bucket, Key=f"{folder}/{trials}")
    assert content["ContentType"] == "application/json"
    assert json.loads(gzip.decompress(content["Body"].read()))[0]["job"] == failed_trial[1]
