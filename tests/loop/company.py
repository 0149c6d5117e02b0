"""A company's account: the stack of `infra/prodml.yaml`, and the variables of an Airflow in it."""

from __future__ import annotations

from pathlib import Path

from include.local_aws.testing import Server
from infra.derive import BUCKET, PREFIX
from tests.infra.conftest import Account
from tests.plugins.rules import VARIABLES
from tests.root import ROOT

SCP = ROOT / "docs" / "how-to" / "company-scp.json"
PARAMETERS = {"BucketName": BUCKET, "Prefix": PREFIX, "AlertEmail": "ml@example.com"}


class Company:
    """The account of *server* with the stack, which its root user creates."""

    def __init__(self, server: Server, data_dir: Path) -> None:
        self.account = Account(server, (data_dir / "root-secret").read_text())
        self.outputs = self.account.deploy("prodml", **PARAMETERS, **self.account.network())
        self.key = self.outputs["KeyArn"]

    def environment(self, *, rules: bool = True) -> dict[str, str]:
        """Return the variables of an Airflow that acts as its role.

        :param rules: State the company's rules too.
        """
        session = self.account.assume(self.outputs["AirflowRoleArn"])
        variables = {
            **{name.upper(): value for name, value in session.items()},
            "PRODML_ROLE_ARN": self.outputs["ExecutionRoleArn"],
            "PRODML_DEPLOYMENT": self.outputs["Prefix"],
            "PRODML_BUCKET": self.outputs["BucketName"],
        }
        existing = {
            "PRODML_KMS_KEY": self.key,
            "PRODML_SUBNETS": self.outputs["SubnetIds"],
            "PRODML_SECURITY_GROUPS": self.outputs["SecurityGroupIds"],
        }
        return variables | (VARIABLES | existing if rules else {})
