"""The operators against a real embedded AWS; Airflow keeps to a folder of its own."""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

# Before Airflow is imported: it writes its configuration where this points.
os.environ.setdefault("AIRFLOW_HOME", tempfile.mkdtemp(prefix="airflow-"))

from include.local_aws.testing import Server, connection_to, running_server
from tests.include.local_aws.models import Platform
from tests.plugins.failed_trial import failed_trial
from tests.plugins.receivers import mails, notify, slack, topic
from tests.plugins.rules import VARIABLES, demanding
from tests.plugins.runs import ROLE, XGBOOST, Ti, run, training_request

__all__ = ["failed_trial", "mails", "notify", "slack", "topic"]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("aws"), time_scale=60) as server:
        yield server


@pytest.fixture(scope="session", autouse=True)
def connection(server: Server) -> Iterator[None]:
    """Point the operators at the embedded AWS, by the connection only."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIRFLOW_CONN_AWS_DEFAULT", connection_to(server.url))
        yield


@pytest.fixture(scope="session")
def sagemaker(server: Server) -> Any:
    return server.client("sagemaker")


@pytest.fixture(scope="session")
def s3(server: Server) -> Any:
    return server.client("s3", s3={"addressing_style": "path"})


@pytest.fixture(scope="session")
def bucket(s3: Any) -> str:
    s3.create_bucket(Bucket="prodml-tests")
    return "prodml-tests"


@pytest.fixture
def ti() -> Ti:
    """A task instance of a run that no other test has."""
    return Ti(run_id=f"manual__{uuid.uuid4()}")


@pytest.fixture
def unique() -> str:
    return f"t{uuid.uuid4().hex[:8]}"


@pytest.fixture
def endpoint(unique: str) -> Iterator[str]:
    """A name for an endpoint, which is deleted in the end if it was made."""
    from prodml.operators.deletion import DeleteEndpointOperator

    yield unique
    run(DeleteEndpointOperator(task_id="delete", endpoint=unique, poll_interval=0.1), Ti("end"))


@pytest.fixture(scope="module")
def platform(server: Server, connection: None) -> Iterator[Platform]:
    """Make small models that do as their input says; their endpoints go with the module."""
    platform = Platform(server, lambda stem: f"{stem}-{uuid.uuid4().hex[:8]}")
    yield platform
    platform.clean_up()


@pytest.fixture
def company() -> Iterator[None]:
    """Demand all that a company can demand, for the time of a test."""
    with demanding(VARIABLES):
        yield


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """A source folder whose main.py each test writes."""
    folder = tmp_path / "job"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def experiment(sagemaker: Any) -> str:
    sagemaker.create_experiment(ExperimentName="tests")
    return "tests"


@pytest.fixture(scope="session")
def data(s3: Any, bucket: str) -> str:
    """Sixty rows that a tree separates at once: the label is whether x is above 30."""
    rows = "\n".join(f"{int(x > 30)},{x},{x % 7}" for x in range(60))
    for channel in ("train", "validation"):
        s3.put_object(Bucket=bucket, Key=f"data/{channel}/rows.csv", Body=rows.encode())
    return f"s3://{bucket}/data"


@pytest.fixture(scope="session")
def trained(server: Server, connection: None, experiment: str, data: str) -> dict[str, Any]:
    """The result of one real training job."""
    from prodml.operators.training import TrainTrialOperator

    operator = TrainTrialOperator(
        task_id="train",
        experiment=experiment,
        name="tree",
        algorithm="xgboost",
        config=training_request(XGBOOST, data),
        role_arn=ROLE,
        poll_interval=0.2,
    )
    return dict(run(operator, Ti(run_id="manual__trained")))


@pytest.fixture(scope="session")
def package(sagemaker: Any, trained: dict[str, Any]) -> str:
    """An approved version of the trained model."""
    return register(sagemaker, trained["container"])


def register(sagemaker: Any, *containers: dict[str, Any], **facts: Any) -> str:
    listed = sagemaker.list_model_package_groups(NameContains="tests", MaxResults=100)
    groups = listed["ModelPackageGroupSummaryList"]
    if "tests" not in [group["ModelPackageGroupName"] for group in groups]:
        sagemaker.create_model_package_group(ModelPackageGroupName="tests")
    specification = {
        "Containers": list(containers),
        "SupportedContentTypes": ["text/csv"],
        "SupportedResponseMIMETypes": ["text/csv"],
    }
    made = sagemaker.create_model_package(
        ModelPackageGroupName="tests",
        ModelApprovalStatus="Approved",
        InferenceSpecification=specification,
        **facts,
    )
    return str(made["ModelPackageArn"])
