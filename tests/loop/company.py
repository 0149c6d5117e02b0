"""A company's account: its key, its two roles with their policies, the variables of Airflow."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import boto3

from include.local_aws.testing import REGION, Server
from tests.plugins.rules import VARIABLES
from tests.root import ROOT

ACCOUNT = "000000000000"
AIRFLOW, EXECUTION = "prodml-airflow", "prodml-execution"
DEPLOYMENT, BUCKET = "acme", "acme-models"
SCP = ROOT / "docs" / "how-to" / "company-scp.json"
POLICIES = ROOT / "infra" / "policies"


def role_arn(name: str) -> str:
    """Return the ARN of a role of the account."""
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


class Company:
    """The account of *server*, set up by its root user."""

    def __init__(self, server: Server, data_dir: Path) -> None:
        self._url = server.url
        self._keys = {
            "aws_access_key_id": ACCOUNT,
            "aws_secret_access_key": (data_dir / "root-secret").read_text(),
        }
        self.key: str = self._client("kms").create_key()["KeyMetadata"]["Arn"]

    def environment(self, *, rules: bool = True) -> dict[str, str]:
        """Create both roles; return the variables of an Airflow that acts as its role.

        :param rules: State the company's rules too.
        """
        self._make_role(EXECUTION, {"Service": "sagemaker.amazonaws.com"})
        self._make_role(AIRFLOW, {"AWS": f"arn:aws:iam::{ACCOUNT}:root"})
        variables = {
            **self._session(role_arn(AIRFLOW)),
            "PRODML_ROLE_ARN": role_arn(EXECUTION),
            "PRODML_DEPLOYMENT": DEPLOYMENT,
            "PRODML_BUCKET": BUCKET,
        }
        return variables | (VARIABLES | {"PRODML_KMS_KEY": self.key} if rules else {})

    def _make_role(self, name: str, trusted: dict[str, str]) -> None:
        statement = {"Effect": "Allow", "Principal": trusted, "Action": "sts:AssumeRole"}
        trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self._client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=trust)

    def _session(self, role: str) -> dict[str, str]:
        """Return the keys of a session of *role*, which a user assumes: root users cannot."""
        iam, user = self._client("iam"), f"worker-{uuid.uuid4().hex[:8]}"
        iam.create_user(UserName=user)
        made = iam.create_access_key(UserName=user)["AccessKey"]
        assume = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": role}
        document = json.dumps({"Version": "2012-10-17", "Statement": [assume]})
        iam.put_user_policy(UserName=user, PolicyName="assume", PolicyDocument=document)
        sts = boto3.client(
            "sts",
            endpoint_url=self._url,
            region_name=REGION,
            aws_access_key_id=made["AccessKeyId"],
            aws_secret_access_key=made["SecretAccessKey"],
        )
        keys = sts.assume_role(RoleArn=role, RoleSessionName="airflow", DurationSeconds=3600)
        issued = keys["Credentials"]
        return {
            "AWS_ACCESS_KEY_ID": issued["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": issued["SecretAccessKey"],
            "AWS_SESSION_TOKEN": issued["SessionToken"],
        }

    def _client(self, service: str) -> Any:
        return boto3.client(service, endpoint_url=self._url, region_name=REGION, **self._keys)
