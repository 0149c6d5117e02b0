"""docs/how-to/call-an-endpoint.md: every command of the page, run in order as it stands."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from include.jobs.churn.schema import SCHEMA
from include.jobs.tabular.archive import archive
from include.local_aws.testing import running_server
from include.pipelines.churn import PIPELINE
from include.pipelines.training.serving import containers
from tests.include.local_aws.models import Platform, variant
from tests.root import ROOT

PAGE = ROOT / "docs" / "how-to" / "call-an-endpoint.md"
README_CALL = re.compile(r"```\n(curl --aws-sigv4 .*?)```", re.DOTALL)
BLOCKS = re.findall(r"```(python|bash)\n(.*?)```", PAGE.read_text(), re.DOTALL)
# In the place of the churn model: refuses what that would refuse.
MODEL = f"""
def model_fn(model_dir):
    return None

def transform_fn(model, data, content_type, accept):
    rows = [line.split(",") for line in data.splitlines()]
    assert content_type.partition(";")[0] == "text/csv"
    assert all(len(row) == {len(SCHEMA.features)} for row in rows)
    return "".join("0.25\\n" for row in rows), "text/csv"
"""


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Deploy a registered version as endpoint churn, as retrain_churn does."""
    with running_server(tmp_path / "aws") as server:
        platform = Platform(server, lambda stem: f"{stem}-{uuid.uuid4().hex[:10]}")
        packed = archive(SCHEMA, dict.fromkeys(SCHEMA.numbers, 1.0))
        platform.s3.put_object(Bucket=platform.bucket, Key="p/model.tar.gz", Body=packed)
        trained: Any = platform.container(MODEL)
        served = containers(PIPELINE, [trained], f"s3://{platform.bucket}/p")
        platform.sagemaker.create_model_package_group(ModelPackageGroupName="churn")
        version = platform.sagemaker.create_model_package(
            ModelPackageGroupName="churn",
            ModelApprovalStatus="Approved",
            InferenceSpecification={
                "Containers": served,
                "SupportedContentTypes": ["text/csv"],
                "SupportedResponseMIMETypes": ["text/csv"],
            },
        )["ModelPackageArn"]
        platform.sagemaker.create_model(
            ModelName="churn",
            PrimaryContainer={"ModelPackageName": version},
            ExecutionRoleArn="arn:aws:iam::000000000000:role/prodml",
        )
        config = platform.config(variant("churn"))
        platform.sagemaker.create_endpoint(EndpointName="churn", EndpointConfigName=config)
        assert platform.settled("churn")["EndpointStatus"] == "InService"
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        yield os.environ | server.environment() | {"PYTHONPATH": str(ROOT), "PATH": path}


def test_commands_of_the_page(environment: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "project"
    shutil.copytree(ROOT / "include" / "data" / "churn", folder / "include" / "data" / "churn")
    answers = [run(language, text, folder, environment) for language, text in BLOCKS]
    assert answers[:2] == ["", ""]
    by_curl, by_command_line, by_boto3, by_frame = answers[2:]
    assert json.loads(by_curl) == {"label": "no", "probability": 0.25, "version": None}
    assert '"InvokedProductionVariant": "AllTraffic"' in by_command_line
    assert by_command_line.endswith("0.25\n0.25\n0.25\n")
    assert by_boto3 == "AllTraffic no 0.25\n" * 3
    assert by_frame.count("0.25") == 3
    (shown,) = README_CALL.findall((ROOT / "README.md").read_text())
    assert run("bash", shown, ROOT, environment) == by_curl  # as in a clone


def run(language: str, text: str, folder: Path, environment: dict[str, str]) -> str:
    """Run a block in *folder*; one that begins with a file's name is written there instead."""
    if name := re.match(r"# (\w+\.py)\n", text):
        (folder / name[1]).write_text(text)
        return ""
    command = [sys.executable, "-c", text] if language == "python" else ["bash", "-ec", text]
    ended = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, text + ended.stdout + ended.stderr
    return ended.stdout
