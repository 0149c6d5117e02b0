"""An embedded AWS that enforces IAM, and the stack of infra/prodml.yaml in it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from include.local_aws.testing import REGION, Server, running_server
from infra.build import TEMPLATE

ACCOUNT = "000000000000"
PARAMETERS = {
    "BucketName": "acme-ml",
    "Prefix": "dev",
    "ModelPackageGroupName": "churn-dev",
    "AlertEmail": "ml@example.com",
}
Outputs = dict[str, str]
Keys = dict[str, str]


@dataclass
class Account:
    """A new account with `--iam enforce`, and its root user's clients."""

    server: Server
    secret: str
    stacks: dict[str, Outputs] = field(default_factory=dict)

    def root_keys(self) -> Keys:
        return {"aws_access_key_id": ACCOUNT, "aws_secret_access_key": self.secret}

    def client(self, service: str, keys: Keys | None = None) -> Any:
        """Return a client of *keys*, by default of the root user."""
        return boto3.client(
            service,
            endpoint_url=self.server.url,
            region_name=REGION,
            config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
            **(keys or self.root_keys()),
        )

    def deploy(self, stack: str, **parameters: str) -> Outputs:
        """Create *stack* from the template and return its outputs."""
        cloudformation = self.client("cloudformation")
        cloudformation.create_stack(
            StackName=stack,
            TemplateBody=TEMPLATE.read_text(),
            Capabilities=["CAPABILITY_NAMED_IAM"],
            Parameters=[
                {"ParameterKey": name, "ParameterValue": value}
                for name, value in parameters.items()
            ],
        )
        (description,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
        assert description["StackStatus"] == "CREATE_COMPLETE"
        return {output["OutputKey"]: output["OutputValue"] for output in description["Outputs"]}

    def network(self) -> dict[str, str]:
        """Create a VPC with one subnet, and return it as parameters of the template."""
        ec2, cidr = self.client("ec2"), "10.1.0.0/16"
        vpc = ec2.create_vpc(CidrBlock=cidr)["Vpc"]["VpcId"]
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.1.0.0/24")["Subnet"]["SubnetId"]
        table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        return {"VpcId": vpc, "VpcCidr": cidr, "SubnetIds": subnet, "RouteTableIds": table}

    def administrator(self) -> Keys:
        """Return the keys of a new user that may do everything."""
        iam = self.client("iam")
        iam.create_user(UserName="administrator")
        arn = "arn:aws:iam::aws:policy/AdministratorAccess"
        iam.attach_user_policy(UserName="administrator", PolicyArn=arn)
        key = iam.create_access_key(UserName="administrator")["AccessKey"]
        return _keys(key["AccessKeyId"], key["SecretAccessKey"])

    def assume(self, role: str) -> Keys:
        """Return keys of a session of *role*; the root user may not assume one."""
        iam = self.client("iam")
        user = f"caller-{uuid.uuid4().hex[:8]}"
        iam.create_user(UserName=user)
        allowed = f'{{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"{role}"}}'
        document = f'{{"Version":"2012-10-17","Statement":{allowed}}}'
        iam.put_user_policy(UserName=user, PolicyName="assume", PolicyDocument=document)
        key = iam.create_access_key(UserName=user)["AccessKey"]
        keys = _keys(key["AccessKeyId"], key["SecretAccessKey"])
        session = self.client("sts", keys).assume_role(RoleArn=role, RoleSessionName="airflow")
        issued = session["Credentials"]
        return _keys(issued["AccessKeyId"], issued["SecretAccessKey"], issued["SessionToken"])


def _keys(key_id: str, secret: str, token: str | None = None) -> Keys:
    keys = {"aws_access_key_id": key_id, "aws_secret_access_key": secret}
    return keys | ({"aws_session_token": token} if token else {})


@pytest.fixture(scope="session")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    data: Path = tmp_path_factory.mktemp("infra")
    with running_server(data, time_scale=60, iam="enforce") as server:
        yield Account(server, (data / "root-secret").read_text())


@pytest.fixture(scope="session")
def outputs(account: Account) -> Outputs:
    """Deploy the stack once, without a VPC."""
    return account.deploy("dev", **PARAMETERS)
