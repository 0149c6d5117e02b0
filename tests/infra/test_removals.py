"""Operators under the committed policies and a company's rules, and without one of them."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest

# Before Airflow is imported: it writes its configuration where this points.
os.environ.setdefault("AIRFLOW_HOME", tempfile.mkdtemp(prefix="airflow-"))

from include.local_aws.testing import REGION, running_server
from infra.derive import BUCKET, POLICIES, PREFIX
from tests.infra.test_derive import without
from tests.loop.company import SCP, Company
from tests.plugins.rules import VARIABLES, demanding
from tests.plugins.runs import CLUSTER, SKLEARN, XGBOOST, Ti, run

ROLE_NAME = f"{PREFIX}-prodml-airflow"
Execute = Callable[[Company], Any]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """Set up an enforcing AWS, and Airflow's role as the identity of this process."""
    data = tmp_path_factory.mktemp("company")
    with (
        running_server(data, time_scale=60, iam="enforce", scps=[SCP]) as server,
        pytest.MonkeyPatch.context() as patch,
    ):
        company = Company(server, data)
        variables = company.environment(rules=False) | {
            "AIRFLOW_CONN_AWS_DEFAULT": "aws://",
            "AWS_ENDPOINT_URL": server.url,
            "AWS_DEFAULT_REGION": REGION,
        }
        for name, value in variables.items():
            patch.setenv(name, value)
        yield company


def rules(company: Company, *left_out: str) -> dict[str, str]:
    """Return the variables of all rules but those *left_out*."""
    existing = {
        "PRODML_KMS_KEY": company.key,
        "PRODML_SUBNETS": company.outputs["SubnetIds"],
        "PRODML_SECURITY_GROUPS": company.outputs["SecurityGroupIds"],
    }
    stated = VARIABLES | existing
    return {name: value for name, value in stated.items() if name not in left_out}


def test_preflight_check_simulates_requests_that_follow_the_rules(company: Company) -> None:
    from prodml.operators.preflight import PreflightOperator

    operator = PreflightOperator(
        task_id="check_account",
        bucket=BUCKET,
        role_arn=company.outputs["ExecutionRoleArn"],
        region=REGION,
        quotas={"ml.m5.large for training job usage": 1},
        images=(),
        policies=str(POLICIES),
        deployment=PREFIX,
    )
    with demanding(rules(company)):
        run(operator, Ti("run"))


def ensure_group(company: Company) -> Any:
    from prodml.operators.project import EnsureModelPackageGroupOperator

    return run(EnsureModelPackageGroupOperator(task_id="group", group="churn"), Ti("run"))


def ensure_experiment(company: Company) -> Any:
    from prodml.operators.project import EnsureExperimentOperator

    return run(EnsureExperimentOperator(task_id="experiment", experiment="churn"), Ti("run"))


def upload(company: Company) -> Any:
    """Upload a file of its own each time: one that is unchanged is not sent."""
    from prodml.operators.upload import UploadDatasetOperator

    with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        file.write("a,b\n1,2\n")
        file.flush()
        operator = UploadDatasetOperator(
            task_id="upload", bucket=BUCKET, prefix="churn/raw", files=[file.name]
        )
        return run(operator, Ti("run"))


def ensure_model(company: Company) -> Any:
    from prodml.operators.serving import EnsureModelOperator

    role, data = company.outputs["ExecutionRoleArn"], f"s3://{BUCKET}/churn/model.tar.gz"
    operator = EnsureModelOperator(
        task_id="model",
        prefix="churn",
        containers=[{"Image": XGBOOST, "ModelDataUrl": data}],
        role_arn=role,
    )
    return run(operator, Ti("run"))


def process(company: Company) -> Any:
    from prodml.operators.processing import ProcessingJobOperator

    operator = ProcessingJobOperator(
        task_id="process",
        deployment=PREFIX,
        config={
            "RoleArn": company.outputs["ExecutionRoleArn"],
            "AppSpecification": {"ImageUri": SKLEARN},
            "ProcessingResources": {"ClusterConfig": CLUSTER},
        },
    )
    return run(operator, Ti("run"))


REMOVALS: dict[str, Execute] = {
    "sagemaker:CreateModelPackageGroup": ensure_group,
    "sagemaker:CreateExperiment": ensure_experiment,
    "sagemaker:AddTags": ensure_experiment,
    "s3:PutObject": upload,
    "kms:GenerateDataKey": upload,
}


@pytest.mark.parametrize("action", REMOVALS)
def test_without_an_action_of_the_policy_an_operator_is_denied(
    company: Company, action: str
) -> None:
    """And with all of it none is: the operator succeeds once the policy is whole again."""
    iam = company.account.client("iam")
    whole = iam.get_role_policy(RoleName=ROLE_NAME, PolicyName="airflow")["PolicyDocument"]

    def allow(document: Any) -> None:
        text = json.dumps(document)
        iam.put_role_policy(RoleName=ROLE_NAME, PolicyName="airflow", PolicyDocument=text)

    with demanding(rules(company)):
        allow(without(whole, action))
        try:
            with pytest.raises(Exception, match=f"not authorized to perform: {action} "):
                REMOVALS[action](company)
        finally:
            allow(whole)
        REMOVALS[action](company)


RULES: dict[str, tuple[tuple[str, ...], Execute, str]] = {
    "tags": (("PRODML_TAGS",), ensure_experiment, "sagemaker:CreateExperiment"),
    "a key": (("PRODML_KMS_KEY",), upload, "s3:PutObject"),
    "a network": (
        *(("PRODML_SUBNETS", "PRODML_SECURITY_GROUPS"), ensure_model),
        "sagemaker:CreateModel",
    ),
    "isolation": (("PRODML_NETWORK_ISOLATION",), ensure_model, "sagemaker:CreateModel"),
    "encrypted traffic": (
        *(("PRODML_ENCRYPT_TRAFFIC",), process),
        "sagemaker:CreateProcessingJob",
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_without_a_rule_the_first_create_is_denied(company: Company, rule: str) -> None:
    left_out, execute, action = RULES[rule]
    sentence = f"not authorized to perform: {action} .*service control policy"
    with demanding(rules(company, *left_out)), pytest.raises(Exception, match=sentence):
        execute(company)
