"""Write of the trials only those that changed since the last run."""

from __future__ import annotations

from typing import Any

from prodml.aws.client import Aws
from prodml.studio.summaries.writing import Writer


def test_a_second_run_reads_what_changed_and_writes_no_other_trials(
    s3: Any, bucket: str, failed_trial: tuple[str, str], sagemaker: Any, unique: str
) -> None:
    folder = f"{unique}/studio/studio"
    trials = f"trials/{failed_trial[0]}.json.gz"

    def write() -> int:
        return Writer(Aws(), f"s3://{bucket}/{unique}", "studio").write()["objects"]

    def names() -> dict[str, str]:
        listed = s3.list_objects_v2(Bucket=bucket, Prefix=folder)["Contents"]
        return {item["Key"].removeprefix(f"{folder}/"): item["ETag"] for item in listed}

    first = write()
    written = names()
    assert first == len(written)
    assert write() == 4, "models, endpoints, state and experiments"
    assert names()[trials] == written[trials]
    name = f"{failed_trial[1]}-aws-training-job"
    sagemaker.update_trial_component(TrialComponentName=name, DisplayName="renamed")
    write()
    sagemaker.update_trial_component(TrialComponentName=name, DisplayName="tree")
    assert names()[trials] != written[trials]
