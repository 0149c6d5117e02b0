"""Write the summaries that the Studio pages show."""

from __future__ import annotations

import gzip
import json
from typing import Any

from prodml.operators.studio import StudioSummaryOperator

from tests.plugins.runs import Ti, run


def test_a_second_run_reads_what_changed_and_writes_no_other_trials(
    s3: Any, bucket: str, failed_trial: tuple[str, str], sagemaker: Any, unique: str, ti: Ti
) -> None:
    operator = StudioSummaryOperator(
        task_id="write", root=f"s3://{bucket}/{unique}", deployment="studio"
    )
    folder = f"{unique}/studio/studio"

    def names() -> dict[str, str]:
        listed = s3.list_objects_v2(Bucket=bucket, Prefix=folder)["Contents"]
        return {item["Key"].removeprefix(f"{folder}/"): item["ETag"] for item in listed}

    first = run(operator, ti)
    written = names()
    trials = f"trials/{failed_trial[0]}.json.gz"
    assert {"models.json.gz", "endpoints.json.gz", "drift.json.gz", trials} <= written.keys()
    assert first["objects"] == len(written)
    content = s3.get_object(Bucket=bucket, Key=f"{folder}/{trials}")
    assert content["ContentType"] == "application/json"
    assert json.loads(gzip.decompress(content["Body"].read()))[0]["job"] == failed_trial[1]

    second = run(operator, ti)
    assert second["objects"] == 4, "models, endpoints, state and experiments"
    assert names()[trials] == written[trials]

    name = f"{failed_trial[1]}-aws-training-job"
    sagemaker.update_trial_component(TrialComponentName=name, DisplayName="renamed")
    run(operator, ti)
    sagemaker.update_trial_component(TrialComponentName=name, DisplayName="tree")
    assert names()[trials] != written[trials]
