"""Train a script in a deep-learning image, and serve its model from an endpoint."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tests.include.local_aws.jobs import CLUSTER, ROLE, Jobs
from tests.include.local_aws.models import Platform, variant
from tests.include.local_aws.sagemaker.training.test_job import GROUP

DEEP = "763104351884.dkr.ecr.us-east-1.amazonaws.com"  # registry of the deep-learning images
TIMEOUT = 1800.0  # seconds; the first job of an image builds its environment
UNLIMITED = {"MaxRuntimeInSeconds": 24 * 3600}


@dataclass
class FrameworkModels:
    """A client of one embedded AWS for the tests of deep-learning images."""

    platform: Platform

    @property
    def jobs(self) -> Jobs:
        server = self.platform.server
        logs = server.client("logs")
        return Jobs(self.platform.sagemaker, self.platform.s3, logs, self.platform.bucket)

    def started(self, name: str, image: str, files: dict[str, str], **parameters: str) -> None:
        """Start a training job of train.py with the request of the SDK's estimators."""
        self.jobs.train(
            name,
            image,
            HyperParameters=self.jobs.sources(name, files) | parameters,
            ResourceConfig=CLUSTER,
            StoppingCondition=UNLIMITED,
        )

    def trained(self, name: str, image: str, script: str, **parameters: str) -> str:
        """Train *script*; return the URI of the model's archive."""
        self.started(name, image, {"train.py": script}, **parameters)
        job = self.jobs.ended("Training", name, TIMEOUT)
        assert job["TrainingJobStatus"] == "Completed", self.lines(name)
        return str(job["ModelArtifacts"]["S3ModelArtifacts"])

    def lines(self, name: str) -> list[str]:
        """Return the log of a training job."""
        return self.jobs.lines(GROUP, name)

    def served(self, name: str, image: str, model: str, **environment: str) -> str:
        """Return an endpoint in service for the model's archive."""
        container = {
            "Image": image,
            "ModelDataUrl": model,
            "Environment": environment,
        }
        self.platform.sagemaker.create_model(
            ModelName=name, PrimaryContainer=container, ExecutionRoleArn=ROLE
        )
        endpoint = self.platform.endpoint(self.platform.config(variant(name)))
        description = self.platform.settled(endpoint, TIMEOUT)
        assert description["EndpointStatus"] == "InService", description
        return endpoint

    def answer(self, endpoint: str, document: Any) -> Any:
        """Return the answer to a document of JSON."""
        response = self.platform.runtime.invoke_endpoint(
            EndpointName=endpoint, Body=json.dumps(document), ContentType="application/json"
        )
        return json.loads(response["Body"].read())
