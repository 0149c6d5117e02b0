"""A client of jobs with boto3: upload, create, wait for the end, read the outputs."""

from __future__ import annotations

import io
import json
import tarfile
import time
import urllib.request
from dataclasses import dataclass
from typing import Any

from include.local_aws.core.store import Doc
from include.local_aws.testing import Server

REGISTRY = "683313688378.dkr.ecr.us-east-1.amazonaws.com"
XGBOOST = f"{REGISTRY}/sagemaker-xgboost:3.0-5"
SKLEARN = f"{REGISTRY}/sagemaker-scikit-learn:1.4-2-cpu-py3"
ROLE = "arn:aws:iam::000000000000:role/prodml"
CLUSTER = {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 10}
INPUT, OUTPUT = "/opt/ml/processing/input", "/opt/ml/processing/output"
KMS_KEY = "arn:aws:kms:us-east-1:000000000000:key/0a1b2c3d-0000-4000-8000-0123456789ab"
ENDED = ("Completed", "Failed", "Stopped")


@dataclass
class Jobs:
    """A client of jobs: put objects, create, wait, read the outputs."""

    sagemaker: Any
    s3: Any
    logs: Any
    bucket: str

    def put(self, key: str, text: str | bytes) -> str:
        body = text.encode() if isinstance(text, str) else text
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=body)
        return f"s3://{self.bucket}/{key}"

    def read(self, uri: str) -> bytes:
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        return bytes(self.s3.get_object(Bucket=bucket, Key=key)["Body"].read())

    def keys(self, prefix: str) -> list[str]:
        response = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=prefix)
        return [item["Key"] for item in response.get("Contents", [])]

    def encryption(self, uri: str) -> tuple[str | None, str | None]:
        """Return how S3 encrypts an object, and the key if the object names one."""
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        head = self.s3.head_object(Bucket=bucket, Key=key)
        return head.get("ServerSideEncryption"), head.get("SSEKMSKeyId")

    def ended(self, kind: str, name: str, timeout: float = 180) -> Doc:
        """Describe the job until it has ended."""
        describe = getattr(self.sagemaker, f"describe_{kind.lower()}_job")
        deadline = time.monotonic() + timeout
        while True:
            job: Doc = describe(**{f"{kind}JobName": name})
            if job[f"{kind}JobStatus"] in ENDED:
                return job
            assert time.monotonic() < deadline, f"{name} is still {job}"
            time.sleep(0.1)

    def failure(self, kind: str, name: str, timeout: float = 180) -> str:
        """Return the FailureReason of a job that must fail."""
        job = self.ended(kind, name, timeout)
        assert job[f"{kind}JobStatus"] == job.get("SecondaryStatus", "Failed") == "Failed", job
        return str(job["FailureReason"])

    def lines(self, group: str, name: str) -> list[str]:
        """Return the job's lines so far; before the first line there is no log group."""
        try:
            response = self.logs.filter_log_events(
                logGroupName=group, logStreamNamePrefix=f"{name}/"
            )
        except self.logs.exceptions.ResourceNotFoundException:
            return []
        return [event["message"] for event in response["events"]]

    def wait_for_line(self, group: str, name: str, line: str, timeout: float = 30) -> None:
        deadline = time.monotonic() + timeout
        while line not in self.lines(group, name):
            assert time.monotonic() < deadline, f"{name} never printed {line!r}"
            time.sleep(0.05)

    def train(self, name: str, image: str, **members: Any) -> Doc:
        request = {
            "TrainingJobName": name,
            "AlgorithmSpecification": {"TrainingImage": image, "TrainingInputMode": "File"},
            "RoleArn": ROLE,
            "OutputDataConfig": {"S3OutputPath": f"s3://{self.bucket}/models"},
            "ResourceConfig": CLUSTER,
            "StoppingCondition": {"MaxRuntimeInSeconds": 300},
        }
        self.sagemaker.create_training_job(**request | members)
        return request

    def run(self, name: str, code: str, **members: Any) -> None:
        """Run a training job of one Python command; /opt/ml is its own folder in every mode."""
        pieces = [code[at : at + 250] for at in range(0, len(code), 250)]  # AWS's longest argument
        joined = "import sys; exec(''.join(sys.argv[1:]))"
        specification = {
            "TrainingImage": SKLEARN,
            "TrainingInputMode": "File",
            "ContainerEntrypoint": ["python3", "-c"],
            "ContainerArguments": [joined, *pieces],
        }
        self.train(name, SKLEARN, AlgorithmSpecification=specification, **members)

    def script(self, name: str, code: str) -> Doc:
        """Return the hyperparameters with which an image runs *code* as its training script."""
        return self.sources(name, {"train.py": code})

    def sources(self, name: str, files: dict[str, str]) -> Doc:
        """Return the hyperparameters for an archive of several files with the script train.py."""
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w:gz") as tar:
            for path, text in files.items():
                member = tarfile.TarInfo(path)
                member.size = len(text.encode())
                tar.addfile(member, io.BytesIO(text.encode()))
        uri = self.put(f"code/{name}.tar.gz", archive.getvalue())
        return {
            "sagemaker_program": json.dumps("train.py"),
            "sagemaker_submit_directory": json.dumps(uri),
        }

    def fault(self, fault: Doc) -> None:
        """Inject a fault into the embedded AWS."""
        url = f"{self.sagemaker.meta.endpoint_url}/_local/faults"
        request = urllib.request.Request(url, json.dumps(fault).encode(), method="POST")
        urllib.request.urlopen(request, timeout=10).close()

    def process(self, name: str, code: str, **members: Any) -> None:
        """Run a processing job of *code*; without /opt/ml, only the arguments have the folders.

        `argv[1]` is the input folder, `argv[2]` the output folder, `argv[3]` the exit message.
        """
        script = {
            "InputName": "code",
            "S3Input": {
                "S3Uri": self.put(f"code/{name}/main.py", code),
                "LocalPath": "/opt/ml/processing/code",
                "S3DataType": "S3Prefix",
                "S3InputMode": "File",
            },
        }
        command = {
            "ImageUri": SKLEARN,
            "ContainerEntrypoint": ["python3", "/opt/ml/processing/code/main.py"],
            "ContainerArguments": [INPUT, OUTPUT, "/opt/ml/output/message"],
        }
        request = {
            "ProcessingJobName": name,
            "RoleArn": ROLE,
            "AppSpecification": command,
            "ProcessingResources": {"ClusterConfig": CLUSTER},
        } | members
        request["ProcessingInputs"] = [script, *members.get("ProcessingInputs", [])]
        self.sagemaker.create_processing_job(**request)


def channel(name: str, uri: str, content_type: str = "text/csv") -> Doc:
    source = {"S3DataType": "S3Prefix", "S3Uri": uri, "S3DataDistributionType": "FullyReplicated"}
    return {
        "ChannelName": name,
        "ContentType": content_type,
        "DataSource": {"S3DataSource": source},
    }


def made(server: Server, bucket: str = "jobs") -> Jobs:
    s3 = server.client("s3", s3={"addressing_style": "path"})
    s3.create_bucket(Bucket=bucket)
    return Jobs(server.client("sagemaker"), s3, server.client("logs"), bucket)
