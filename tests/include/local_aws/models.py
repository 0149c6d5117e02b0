"""A small model that does what its input says, behind the real endpoints of tests."""

from __future__ import annotations

import contextlib
import io
import tarfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from include.local_aws.testing import Server

REGISTRY = "683313688378.dkr.ecr.us-east-1.amazonaws.com"
TOOLKIT = f"{REGISTRY}/sagemaker-scikit-learn:1.4-2-cpu-py3"
IMAGE = f"{REGISTRY}/obedient:v1"  # tests/images: it starts in a fifth of the toolkit's CPU time
ROLE = "arn:aws:iam::000000000000:role/prodml"
OBEDIENT = """
import os, signal, time, uuid

WHO = uuid.uuid4().hex

def model_fn(model_dir):
    return open(os.path.join(model_dir, "name")).read()

def transform_fn(model, data, content_type, accept):
    text = data.decode() if isinstance(data, (bytes, bytearray)) else data
    order, _, rest = text.partition(" ")
    if order == "sleep":
        time.sleep(float(rest))
    elif order in ("fail", "fail-" + model):
        raise ValueError(rest)
    elif order == "die":
        os._exit(7)
    elif order == "freeze":
        signal.raise_signal(signal.SIGSTOP)
    if order == "long":
        return "x" * int(rest), "text/csv"
    answers = {"who": WHO, "name": model, "accept": accept, "type": content_type}
    return answers.get(order, text), "text/csv"
"""
PART = """
import os

def model_fn(model_dir):
    return open(os.path.join(model_dir, "name")).read()

def transform_fn(model, data, content_type, accept):
    text = data.decode() if isinstance(data, (bytes, bytearray)) else data
    text = text.strip()
    if "fail " + model in text:
        raise ValueError(model + " cannot read this")
    print("call of", model, flush=True)
    return f"{model}({text}|{content_type}|{accept})", "text/" + model
"""
BROKEN = "raise RuntimeError('this model cannot be imported')\n"


@dataclass
class Platform:
    """Creates models, configurations and endpoints, and waits for the endpoints."""

    server: Server
    unique: Callable[[str], str]
    place: dict[str, str] = field(default_factory=dict)  # an account and a region, or the defaults
    image: str = IMAGE
    sagemaker: Any = field(init=False)
    runtime: Any = field(init=False)
    s3: Any = field(init=False)
    bucket: str = field(init=False)
    _endpoints: list[str] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self.sagemaker = self.server.client("sagemaker", **self.place)
        self.runtime = self.server.client(
            "sagemaker-runtime", max_pool_connections=64, **self.place
        )
        self.s3 = self.server.client("s3", s3={"addressing_style": "path"})
        self.bucket = self.unique("serving")
        self.s3.create_bucket(Bucket=self.bucket)

    def model(self, code: str = OBEDIENT, name: str = "first") -> str:
        model = self.unique("model")
        self.sagemaker.create_model(
            ModelName=model, PrimaryContainer=self.container(code, name), ExecutionRoleArn=ROLE
        )
        return model

    def container(self, code: str = OBEDIENT, name: str = "first") -> dict[str, str]:
        """Return the container of a model, for CreateModel or a model package."""
        key = f"{self.unique('artifact')}/model.tar.gz"
        archive = _archive({"code/inference.py": code, "name": name})
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=archive)
        return {"Image": self.image, "ModelDataUrl": f"s3://{self.bucket}/{key}"}

    def pipeline(self, *containers: dict[str, str], **members: Any) -> str:
        """Return a model of several containers."""
        model = self.unique("pipeline")
        self.sagemaker.create_model(
            ModelName=model, Containers=list(containers), ExecutionRoleArn=ROLE, **members
        )
        return model

    def delete_artifact(self, model: str) -> None:
        container = self.sagemaker.describe_model(ModelName=model)["PrimaryContainer"]
        key = container["ModelDataUrl"].removeprefix(f"s3://{self.bucket}/")
        self.s3.delete_object(Bucket=self.bucket, Key=key)

    def config(self, *variants: dict[str, Any], **members: Any) -> str:
        config = self.unique("config")
        self.sagemaker.create_endpoint_config(
            EndpointConfigName=config, ProductionVariants=list(variants), **members
        )
        return config

    def endpoint(self, config: str) -> str:
        name = self.unique("endpoint")
        self.sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=config)
        self.adopt(name)
        return name

    def adopt(self, name: str) -> None:
        """Delete endpoint *name* too in clean_up."""
        self._endpoints.append(name)

    def clean_up(self) -> None:
        """Delete the endpoints created here: their processes would slow the following tests."""
        for name in self._endpoints:
            with contextlib.suppress(self.sagemaker.exceptions.ClientError):
                self.sagemaker.delete_endpoint(EndpointName=name)

    def serving(self, *variants: dict[str, Any], **members: Any) -> str:
        """Return an endpoint in service, with a new configuration."""
        name = self.endpoint(self.config(*variants, **members))
        assert self.settled(name)["EndpointStatus"] == "InService"
        return name

    def settled(self, name: str, within: float = 120) -> dict[str, Any]:
        """Return the endpoint's description once its update has ended."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            description: dict[str, Any] = self.sagemaker.describe_endpoint(EndpointName=name)
            if description["EndpointStatus"] in ("InService", "Failed"):
                return description
            time.sleep(0.05)
        raise TimeoutError(f"{name} is still {description['EndpointStatus']} after {within} s.")

    def invoke(self, name: str, body: str, **members: Any) -> str:
        answer = self.runtime.invoke_endpoint(
            EndpointName=name, Body=body, ContentType="text/csv", **members
        )
        return str(answer["Body"].read().decode())


def variant(model: str, name: str = "AllTraffic", **members: Any) -> dict[str, Any]:
    plain = {"VariantName": name, "ModelName": model, "InstanceType": "ml.m5.large"}
    return plain | {"InitialInstanceCount": 1, "InitialVariantWeight": 1.0} | members


def _archive(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, text in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text.encode()))
    return buffer.getvalue()
