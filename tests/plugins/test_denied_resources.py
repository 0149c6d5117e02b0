"""Every sweep as a principal that may list an account, and describe its own resources alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

import boto3
import pytest
from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance
from botocore.config import Config
from prodml.aws.client import Aws
from prodml.endpoints.cleanup import OWNER, clean_up
from prodml.jobs.attempt import Request
from prodml.jobs.jobs import Jobs
from prodml.jobs.submission import completed_before
from prodml.naming import Identity, job_name
from prodml.operators.autoscaling import RestoreScalingOperator
from prodml.operators.deletion import DeleteEndpointOperator
from prodml.operators.ledger import LedgerOperator
from prodml.operators.reconciliation import StopOrphanedJobsOperator
from prodml.vocabulary import TRAINING

from bench.bench_large_account import ACCOUNT, fill_with, job, stamped
from include.local_aws.testing import REGION, running_server
from include.pipelines.deployment import lifetimes
from include.pipelines.errors import NothingNew
from include.pipelines.training import search
from tests.plugins.runs import ROLE, XGBOOST, Ti, run

OWN = Identity("local", "retrain_churn", "manual__1", "train")
DIGEST = "0123456789abcdef"
OBJECTIVE = {"Type": "Maximize", "MetricName": "validation:auc"}
ARN = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}"
PAST = "2024-01-01T00:00:00+00:00"
Keys = dict[str, str]


class World(NamedTuple):
    """Clients of the root user, and the keys of a user that sees its own resources alone."""

    root: Any
    keys: Keys
    url: str

    def client(self, service: str) -> Any:
        config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
        place = {"endpoint_url": self.url, "region_name": REGION}
        return boto3.client(service, config=config, **place, **self.keys)


def foreign_name(limit: int = 63) -> str:
    """Return the name of a job of another Airflow for the very same request."""
    return job_name(Identity("local2", "retrain_churn", "manual__1", "train"), DIGEST, limit=limit)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("denying") / "aws"
    with running_server(folder, iam="enforce") as server:
        secret = (folder / "root-secret").read_text()
        keys = {"aws_access_key_id": ACCOUNT, "aws_secret_access_key": secret}
        world = World(None, keys, server.url)
        root = {name: world.client(name) for name in ("sagemaker", "iam", "s3")}
        root["sagemaker"].list_endpoints()  # the account is made when it is first used
        fill_with(folder, _documents())
        _tag(root["sagemaker"])
        _configure(root["sagemaker"])
        root["s3"].create_bucket(Bucket="prodml-local")
        yield World(root, _user(root["iam"]), server.url)


def _documents() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for number, noun in enumerate(("Training", "Processing", "Transform")):
        yield job(noun, f"{noun.lower()}-job", foreign_name(), number)
    done = job("Training", "training-job", f"{foreign_name()}-2", 0)
    yield done[0], done[1], done[2] | {"TrainingJobStatus": "Completed"}
    own = job("Training", "training-job", job_name(OWN, "f" * 16), 0)
    cluster = {"InstanceCount": 1, "InstanceType": "ml.m5.large"}
    yield own[0], own[1], own[2] | {"ResourceConfig": cluster}
    tuning = job("HyperParameterTuning", "hyper-parameter-tuning-job", foreign_name(32), 0)
    config = {"Strategy": "Random", "ResourceLimits": {}}
    config["HyperParameterTuningJobObjective"] = OBJECTIVE
    more = {"HyperParameterTuningJobConfig": config}
    completed = {"HyperParameterTuningJobStatus": "Completed"}
    yield tuning[0], tuning[1], tuning[2] | more | completed
    yield "endpoint", "service", stamped("Endpoint", "endpoint", "service", "InService", 0)


def _tag(sagemaker: Any) -> None:
    """Give each resource the tags of its owner, and the endpoint those that sweeps look for."""
    mine = OWN.tags(1, "f" * 16)
    sagemaker.add_tags(ResourceArn=f"{ARN}:training-job/{job_name(OWN, 'f' * 16)}", Tags=mine)
    note = [{"Key": lifetimes.EXPIRES, "Value": PAST}, {"Key": "prodml:released-00", "Value": NOTE}]
    sagemaker.add_tags(ResourceArn=f"{ARN}:endpoint/service", Tags=note)


# Scaling that was suspended in 2024: {"since": ..., "targets": []}.
NOTE = "eNqrVirOzEtOVbJSMjIwMtE1MASiEAMDKzDSBpNKOkoliUXpqSXFSlbRsbUAQeQNGg=="


def _configure(sagemaker: Any) -> None:
    """Make an old configuration of the own endpoint `churn`, and a foreign one of a like name."""
    container = {"Image": XGBOOST, "ModelDataUrl": "s3://prodml-local/model.tar.gz"}
    for name, tags in (("churn-0123456789", [{"Key": OWNER, "Value": "churn"}]), ("my-churn", [])):
        sagemaker.create_model(
            ModelName=name, PrimaryContainer=container, ExecutionRoleArn=ROLE, Tags=tags
        )
        variant = {"VariantName": "AllTraffic", "ModelName": name, "InitialInstanceCount": 1}
        for number in ("", "-now")[: 1 if name == "my-churn" else 2]:
            sagemaker.create_endpoint_config(
                EndpointConfigName=f"{name}{number}",
                ProductionVariants=[variant | {"InstanceType": "ml.m5.large"}],
                Tags=tags,
            )


def _user(iam: Any) -> Keys:
    """Create a user who may list everything, and do anything with resources named as its own."""
    everything = ("sagemaker:List*", "tag:GetResources", "application-autoscaling:*")
    shared = {"Action": [*everything, "cloudwatch:*", "s3:*"], "Resource": "*"}
    named = [f"{ARN}:*/{stem}*" for stem in ("local-", "churn")]
    own = {"Action": "sagemaker:*", "Resource": named}
    statements = [{"Effect": "Allow"} | statement for statement in (shared, own)]
    document = json.dumps({"Version": "2012-10-17", "Statement": statements})
    iam.create_user(UserName="team")
    iam.put_user_policy(UserName="team", PolicyName="own", PolicyDocument=document)
    key = iam.create_access_key(UserName="team")["AccessKey"]
    return {
        "aws_access_key_id": key["AccessKeyId"],
        "aws_secret_access_key": key["SecretAccessKey"],
    }


@pytest.fixture(autouse=True)
def as_the_team(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every operator and pipeline act as the user of the team."""
    extra = {"region_name": REGION, "endpoint_url": world.url}
    login = {"login": world.keys["aws_access_key_id"]}
    login |= {"password": world.keys["aws_secret_access_key"]}
    connection = json.dumps({"conn_type": "aws"} | login | {"extra": extra})
    monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", connection)
    monkeypatch.setattr(RuntimeTaskInstance, "get_task_states", lambda run_ids, **_: {})
    monkeypatch.setattr(RuntimeTaskInstance, "get_dagrun_state", lambda *_: "running")


@pytest.fixture(autouse=True)
def is_denied(world: World) -> None:
    """Check that the foreign resources are listed, and that none may be described."""
    sagemaker = world.client("sagemaker")
    listed = sagemaker.list_training_jobs(NameContains="loca")["TrainingJobSummaries"]
    assert foreign_name() in [summary["TrainingJobName"] for summary in listed]
    with pytest.raises(sagemaker.exceptions.ClientError, match="not authorized"):
        sagemaker.describe_training_job(TrainingJobName=foreign_name())
    with pytest.raises(sagemaker.exceptions.ClientError, match="not authorized"):
        sagemaker.describe_endpoint(EndpointName="service")


def test_reconciliation_checks_its_own_jobs(world: World) -> None:
    sweep = StopOrphanedJobsOperator(task_id="sweep", deployment="local", grace=3600)
    assert run(sweep, Ti("sweep")) == {"running": 1, "stopped": []}


def test_scaling_of_others_is_left_to_them(world: World) -> None:
    sweep = RestoreScalingOperator(task_id="restore", deployment="local")
    assert run(sweep, Ti("sweep")) == {"restored": []}


def test_a_ledger_adds_up_its_own_jobs(world: World) -> None:
    ledger = LedgerOperator(
        task_id="ledger", output_uri="s3://prodml-local/l", prices={}, deployment="local"
    )
    context: Any = {"ti": Ti("manual__1", dag_id="retrain_churn"), "dag_run": Began()}
    assert ledger.execute(context)["jobs"] == 1


class Began(NamedTuple):
    """The DAG run of the ledger."""

    start_date: datetime = datetime(2024, 1, 1, tzinfo=UTC)


def test_a_warm_start_passes_over_a_foreign_tuning_job(world: World) -> None:
    assert search.last_job("retrain_churn", "manual__1", OBJECTIVE) == []


def test_work_of_another_airflow_is_not_reused(world: World) -> None:
    request = Request(TRAINING, OWN, DIGEST, {})
    jobs = Jobs(Aws("aws_default", REGION), TRAINING)
    assert completed_before(jobs, request, lambda _: True) is None


def test_old_configurations_are_deleted(world: World) -> None:
    old = clean_up(world.client("sagemaker"), "churn", "churn-0123456789-now", None, keep=0)
    assert old == []  # too young to be certain that it never serves
    again = clean_up(
        world.client("sagemaker"), "churn", "churn-0123456789-now", "churn-0123456789", keep=0
    )
    assert again == ["churn-0123456789"]


def test_an_endpoint_is_deleted_with_what_belongs_to_it(world: World) -> None:
    delete = DeleteEndpointOperator(task_id="delete", endpoint="churn", deployment="local")
    deleted = run(delete, Ti("delete"))["deleted"]
    assert deleted["configs"] == ["churn-0123456789-now"]
    left = world.root["sagemaker"].list_endpoint_configs()["EndpointConfigs"]
    assert [config["EndpointConfigName"] for config in left] == ["my-churn"]


def test_the_lifetime_of_an_endpoint_of_others_is_theirs(world: World) -> None:
    """Its tags are shown by the Resource Groups Tagging API, with the name of its Airflow."""
    owner = Identity("elsewhere", "deploy_model", "manual__1", "deploy").tags(1, DIGEST)
    world.root["sagemaker"].add_tags(ResourceArn=f"{ARN}:endpoint/service", Tags=owner)
    with pytest.raises(NothingNew):
        lifetimes.expired(datetime.now(UTC))
