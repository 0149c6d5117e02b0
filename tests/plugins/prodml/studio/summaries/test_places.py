"""The objects of the summaries are named by their subjects, and listed by them."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.studio.summaries import places


def test_an_experiment_is_one_object_whatever_its_name() -> None:
    folder = places.folder("s3://bucket/ml/", "prod")
    subject = places.trials_of("a/b c")
    assert places.address(folder, subject) == "s3://bucket/ml/studio/prod/trials/a%2Fb%20c.json.gz"


@pytest.mark.parametrize(
    ("subject", "other"),
    [
        (places.MODELS, places.MODELS),
        (places.ENDPOINTS, places.ENDPOINTS),
        (places.DRIFT, places.EXPERIMENTS),
        (places.trials_of("churn"), places.EXPERIMENTS),
    ],
)
def test_what_is_not_written_in_every_run_has_the_time_of_what_is(subject: str, other: str) -> None:
    assert places.timed_by(subject) == other


def test_objects_are_listed_by_subject_and_those_of_other_deployments_are_not(
    s3: Any, bucket: str, unique: str
) -> None:
    root = f"s3://{bucket}/{unique}"
    subjects = [places.MODELS, places.trials_of("a/b")]
    for deployment in ("prod", "prod-2"):
        for subject in subjects[: 2 if deployment == "prod" else 1]:
            address = places.address(places.folder(root, deployment), subject)
            s3.put_object(Bucket=bucket, Key=address.removeprefix(f"s3://{bucket}/"), Body=b"{}")
    listed = dict(places.listed(s3, places.folder(root, "prod")))
    assert sorted(listed) == subjects
    assert {item["Size"] for item in listed.values()} == {2}
