"""Metrics that a job writes to files, as `Tracker.log_metric` does inside of it."""

from __future__ import annotations

from collections.abc import Callable

from tests.include.local_aws.jobs import Jobs

Unique = Callable[[str], str]
# What SageMakerFileMetricsWriter of smexperiments does, which the image does not have.
WRITES = """
import getpass, json, os, time
assert getpass.getuser() == "root"
with open(os.path.join(os.environ["SAGEMAKER_METRICS_DIRECTORY"], f"{os.getpid()}.json"), "w") as f:
    for step, value in enumerate([0.5, 0.25]):
        point = {"MetricName": "loss", "Value": value, "Timestamp": time.time()}
        f.write(json.dumps(point | {"IterationNumber": step}) + "\\n")
    f.write(json.dumps({"MetricName": "bad", "Value": "NaN", "Timestamp": 1}) + "\\nno json\\n")
"""


def test_they_are_metrics_of_the_jobs_trial_component(jobs: Jobs, unique: Unique) -> None:
    name = unique("tracked")
    jobs.run(name, WRITES)
    job = jobs.ended("Training", name)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    listed = jobs.sagemaker.list_trial_components(SourceArn=job["TrainingJobArn"])
    (component,) = listed["TrialComponentSummaries"]
    found = jobs.sagemaker.describe_trial_component(
        TrialComponentName=component["TrialComponentName"]
    )
    (metric,) = found["Metrics"]
    shown = {key: metric[key] for key in ("MetricName", "Count", "Last", "Max")}
    assert shown == {"MetricName": "loss", "Count": 2, "Last": 0.25, "Max": 0.5}
