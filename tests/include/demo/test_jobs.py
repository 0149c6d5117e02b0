"""Jobs in progress, as the demo shows them under the tasks that wait for them."""

from __future__ import annotations

import re
import uuid

import pytest

from include.demo.jobs import client, running_jobs
from include.local_aws.testing import Server
from tests.include.local_aws.models import ROLE, TOOLKIT


def test_the_users_own_credentials_are_never_sent(
    demo_aws: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://aws.example.com")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAMINE")
    s3 = client("s3")
    assert s3.meta.endpoint_url == demo_aws.url
    assert s3._request_signer._credentials.access_key == "local"


def test_a_job_is_listed_while_it_runs_and_no_longer(demo_aws: Server) -> None:
    sagemaker = client("sagemaker")
    name = f"shown-{uuid.uuid4().hex[:8]}"
    sagemaker.create_processing_job(
        ProcessingJobName=name,
        RoleArn=ROLE,
        AppSpecification={"ImageUri": TOOLKIT, "ContainerEntrypoint": ["sleep", "600"]},
        ProcessingResources={
            "ClusterConfig": {
                "InstanceCount": 1,
                "InstanceType": "ml.m5.large",
                "VolumeSizeInGB": 1,
            }
        },
    )
    try:
        shown = [line for line in running_jobs(sagemaker) if name in line]
        assert len(shown) == 1
        assert re.fullmatch(rf"processing job {name}  \d+ s", shown[0])
    finally:
        sagemaker.stop_processing_job(ProcessingJobName=name)
        sagemaker.get_waiter("processing_job_completed_or_stopped").wait(
            ProcessingJobName=name, WaiterConfig={"Delay": 1}
        )
    assert not [line for line in running_jobs(sagemaker) if name in line]
