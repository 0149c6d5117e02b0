"""Jobs of tests that write one file."""

from __future__ import annotations

from typing import Any

from tests.plugins.runs import Ti

OUTPUT = "/opt/ml/processing/output"
WRITE = f"print('at work', flush=True); open('{OUTPUT}/done.txt', 'w').write('yes')"


def job_names(sagemaker: Any, ti: Ti) -> list[str]:
    """Return the names of the processing jobs of the task instance's run."""
    names = []
    for summary in sagemaker.list_processing_jobs(MaxResults=100)["ProcessingJobSummaries"]:
        tags = sagemaker.list_tags(ResourceArn=summary["ProcessingJobArn"])["Tags"]
        if {"Key": "prodml:run", "Value": ti.run_id} in tags:
            names.append(summary["ProcessingJobName"])
    return sorted(names)
