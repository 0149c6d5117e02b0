"""The template passes cfn-lint, and the embedded AWS makes what it says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from include.local_aws.testing import REGION
from infra.build import FOLDER, TEMPLATE
from tests.include.local_aws.refusals import refusal
from tests.infra.conftest import ACCOUNT, PARAMETERS, Account, Outputs

BUCKET = PARAMETERS["BucketName"]
VALUES = {"Partition": "aws", "Region": REGION, "AccountId": ACCOUNT} | {
    "Bucket": BUCKET,
    "Prefix": PARAMETERS["Prefix"],
}


def test_cfn_lint_accepts_the_template() -> None:
    linter = Path(sys.executable).with_name("cfn-lint")
    result = subprocess.run([linter, TEMPLATE], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (0, "")


def test_bucket(account: Account, outputs: Outputs) -> None:
    s3 = account.client("s3")
    (rule,) = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"]
    encryption = rule["ApplyServerSideEncryptionByDefault"]
    assert encryption == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": outputs["KeyArn"]}
    assert s3.get_bucket_versioning(Bucket=BUCKET)["Status"] == "Enabled"
    block = s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"]
    assert list(block.values()) == [True] * 4
    rules = s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"]
    assert [rule["ID"] for rule in rules] == ["delete-old-versions", "abort-uploads"]


def test_key(account: Account, outputs: Outputs) -> None:
    kms = account.client("kms")
    key = kms.describe_key(KeyId="alias/dev-prodml")["KeyMetadata"]
    assert (key["Arn"], key["Enabled"]) == (outputs["KeyArn"], True)
    assert kms.get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"]


def committed(name: str, outputs: Outputs) -> Any:
    """Return a policy with the names of the stack."""
    text = (FOLDER / "policies" / f"{name}.json").read_text()
    for placeholder, value in (VALUES | {"KeyArn": outputs["KeyArn"]}).items():
        text = text.replace(f"${{{placeholder}}}", value)
    return json.loads(text)


@pytest.mark.parametrize(
    ("role", "policies", "trusted"),
    [
        ("dev-prodml-airflow", ["airflow", "preflight"], f"arn:aws:iam::{ACCOUNT}:root"),
        ("dev-prodml-execution", ["execution"], "sagemaker.amazonaws.com"),
        ("dev-prodml-api", ["gateway"], "apigateway.amazonaws.com"),
    ],
)
def test_roles_have_the_committed_policies(
    account: Account, outputs: Outputs, role: str, policies: list[str], trusted: str
) -> None:
    iam = account.client("iam")
    description = iam.get_role(RoleName=role)["Role"]
    assert description["Arn"] in outputs.values()
    assert trusted in json.dumps(description["AssumeRolePolicyDocument"])
    assert iam.list_role_policies(RoleName=role)["PolicyNames"] == policies
    for name in policies:
        document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        assert document == committed(name, outputs)


def test_the_policy_of_publish_api_is_attached_to_airflows_role(
    account: Account, outputs: Outputs
) -> None:
    iam = account.client("iam")
    attached = iam.list_attached_role_policies(RoleName="dev-prodml-airflow")["AttachedPolicies"]
    (arn,) = [policy["PolicyArn"] for policy in attached]
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    policy = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]
    assert policy["Document"] == committed("api", outputs)


def test_group_is_in_the_registry_with_its_policy(account: Account, outputs: Outputs) -> None:
    sagemaker, name = account.client("sagemaker"), outputs["ModelPackageGroupName"]
    sagemaker.describe_model_package_group(ModelPackageGroupName=name)
    policy = sagemaker.get_model_package_group_policy(ModelPackageGroupName=name)["ResourcePolicy"]
    principals = [statement["Principal"] for statement in json.loads(policy)["Statement"]]
    assert principals == [{"AWS": ACCOUNT}] * 2


def test_budget(account: Account, outputs: Outputs) -> None:
    budgets = account.client("budgets").describe_budgets(AccountId=ACCOUNT)["Budgets"]
    (budget,) = [budget for budget in budgets if budget["BudgetName"] == "dev-prodml"]
    assert float(budget["BudgetLimit"]["Amount"]) == 100


def test_airflow_role_uses_its_bucket_and_no_other(account: Account, outputs: Outputs) -> None:
    keys = account.assume(outputs["AirflowRoleArn"])
    s3 = account.client("s3", keys)
    s3.put_object(Bucket=BUCKET, Key="landing/churn/a.csv", Body=b"1")
    assert s3.get_object(Bucket=BUCKET, Key="landing/churn/a.csv")["Body"].read() == b"1"
    code, _ = refusal(s3.create_bucket, Bucket="another")
    assert code == "AccessDenied"


def test_optional_network_readers_and_landing(account: Account) -> None:
    network = account.network()
    names = {"BucketName": "acme-ml-2", "Prefix": "dev2", "ModelPackageGroupName": "churn2"}
    outputs = account.deploy(
        "network",
        AlertEmail="ml@example.com",
        ReaderAccounts="111111111111,222222222222",
        LandingBucketName="company-rows",
        **names,
        **network,
    )
    assert outputs["SubnetIds"] == network["SubnetIds"]
    endpoints = _endpoints(account.client("ec2"), network["VpcId"])
    assert sorted(service.rpartition(f"{REGION}.")[2] for service in endpoints) == [
        *("ecr.api", "ecr.dkr", "kms", "logs", "monitoring", "s3"),
        *("sagemaker.api", "sagemaker.runtime", "sts"),
    ]
    iam = account.client("iam")
    policies = iam.list_role_policies(RoleName="dev2-prodml-execution")
    assert policies["PolicyNames"] == ["execution", "network", "landing"]
    landing = iam.get_role_policy(RoleName="dev2-prodml-airflow", PolicyName="landing")
    allowed = {s["Action"][0]: s["Resource"] for s in landing["PolicyDocument"]["Statement"]}
    assert allowed == {
        "s3:ListBucket": ["arn:aws:s3:::company-rows"],
        "s3:GetObject": ["arn:aws:s3:::company-rows/*"],
    }
    sagemaker = account.client("sagemaker")
    policy = sagemaker.get_model_package_group_policy(ModelPackageGroupName="churn2")
    principal = json.loads(policy["ResourcePolicy"])["Statement"][0]["Principal"]
    assert principal == {"AWS": ["111111111111", "222222222222"]}


def _endpoints(ec2: Any, vpc: str) -> list[str]:
    described = ec2.describe_vpc_endpoints(Filters=[{"Name": "vpc-id", "Values": [vpc]}])
    return [endpoint["ServiceName"] for endpoint in described["VpcEndpoints"]]
