"""A job of three isolated instances on the embedded AWS, which share the files of a manifest."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path
from typing import Any

from include.data.churn_world import COMMITTED
from include.pipelines.definition.pipeline import JOBS
from tests.include.local_aws.jobs import CLUSTER, INPUT, OUTPUT, Jobs

BUCKET = "instances"
START_JOB = """
import runpy, sys, tarfile, tempfile
folder = tempfile.mkdtemp()
tarfile.open(f"{sys.argv[1]}/jobs/jobs.tar").extractall(folder)
sys.argv[1:] = ["tabular.preprocess", "split", "--schema", "churn", "--raw", f"{sys.argv[1]}/raw",
                "--output", sys.argv[2]]
runpy.run_path(f"{folder}/jobs/run.py", run_name="__main__")
"""


def start_three(jobs: Jobs, name: str, script: str) -> list[Path]:
    """Start a job of three isolated instances; return the files that they share."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        tar.add(JOBS, "jobs", filter=lambda member: member if is_code(member.name) else None)
    code = _input("jobs", jobs.put("code/jobs.tar", packed.getvalue()))
    slices = sorted(COMMITTED.glob("*.csv"))[:4]
    for path in slices:
        jobs.put(f"raw/{path.name}", path.read_bytes())
    manifest = [{"prefix": f"s3://{BUCKET}/raw/"}, *(path.name for path in slices)]
    raw = _input("raw", jobs.put("raw.manifest", json.dumps(manifest)))
    raw["S3Input"] |= {"S3DataType": "ManifestFile", "S3DataDistributionType": "ShardedByS3Key"}
    target = {"S3Uri": f"s3://{BUCKET}/{name}", "LocalPath": OUTPUT, "S3UploadMode": "EndOfJob"}
    jobs.process(
        name,
        script,
        ProcessingInputs=[code, raw],
        ProcessingOutputConfig={"Outputs": [{"OutputName": "all", "S3Output": target}]},
        ProcessingResources={"ClusterConfig": CLUSTER | {"InstanceCount": 3}},
        NetworkConfig={"EnableNetworkIsolation": True},
    )
    return slices


def is_code(name: str) -> bool:
    return "__pycache__" not in name and "mnist" not in name


def _input(name: str, uri: str) -> dict[str, Any]:
    source = {"S3Uri": uri, "LocalPath": f"{INPUT}/{name}", "S3InputMode": "File"}
    return {"InputName": name, "S3Input": source | {"S3DataType": "S3Prefix"}}
