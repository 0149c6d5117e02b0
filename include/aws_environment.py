"""Write an environment file from the outputs of a stack of infra/prodml.yaml.

`python -m include.aws_environment STACK > .env` uses the AWS command line's credentials and region.
"""

from __future__ import annotations

import argparse
import json
import secrets
import sys
from collections.abc import Mapping
from typing import Any

# Variables of the environment, and the outputs that they hold.
VARIABLES = {
    "AWS_DEFAULT_REGION": "Region",
    "PRODML_BUCKET": "BucketName",
    "PRODML_ROLE_ARN": "ExecutionRoleArn",
    "PRODML_API_ROLE_ARN": "ApiRoleArn",  # a stack of an earlier template lacks it
    "PRODML_DEPLOYMENT": "Prefix",
    "PRODML_KMS_KEY": "KeyArn",
    "PRODML_SUBNETS": "SubnetIds",  # without a VPC, the stack lacks it and the next one
    "PRODML_SECURITY_GROUPS": "SecurityGroupIds",
}
REQUIRED = ("Region", "BucketName", "ExecutionRoleArn", "AirflowRoleArn", "Prefix", "KeyArn")


class StackError(ValueError):
    """Raised when a stack is not one of infra/prodml.yaml, or is not complete."""


def environment(stack: Mapping[str, Any]) -> dict[str, str]:
    """Return the variables for a stack as DescribeStacks returns it."""
    name, status = stack["StackName"], stack["StackStatus"]
    if not status.endswith("_COMPLETE") or "ROLLBACK" in status:
        raise StackError(f"Stack {name!r} is {status}. Deploy it again: docs/how-to/aws-account.md")
    outputs = {entry["OutputKey"]: entry["OutputValue"] for entry in stack.get("Outputs", ())}
    if missing := [output for output in REQUIRED if output not in outputs]:
        raise StackError(
            f"Stack {name!r} has no output {', '.join(missing)}. "
            "Give the name of a stack of infra/prodml.yaml."
        )
    extra = {"region_name": outputs["Region"], "role_arn": outputs["AirflowRoleArn"]}
    connection = json.dumps({"conn_type": "aws", "extra": extra})
    given = {name: outputs[output] for name, output in VARIABLES.items() if output in outputs}
    # docker-compose.yaml demands a key that all components share and no one else knows.
    new = {"PRODML_SECRET_KEY": secrets.token_hex(64)}
    return given | {"AIRFLOW_CONN_AWS_DEFAULT": f"'{connection}'"} | new


def described(name: str, region: str | None) -> dict[str, Any]:
    """Return the stack *name*; raise StackError if AWS does not show it."""
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        cloudformation = boto3.client("cloudformation", region_name=region)
        (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
    except (BotoCoreError, ClientError) as error:
        raise StackError(
            f"Stack {name!r} cannot be read: {error}. Check its name, and the credentials "
            "and the region of the AWS command line."
        ) from error
    return dict(stack)


def credentials() -> dict[str, str]:
    """Return the credentials with which boto3 signs here; raise StackError if there are none."""
    import boto3

    source = boto3.Session().get_credentials()
    if source is None:
        raise StackError("This shell has no AWS credentials. Run `aws configure`, or sign in.")
    keys = source.get_frozen_credentials()
    variables = {"AWS_ACCESS_KEY_ID": keys.access_key, "AWS_SECRET_ACCESS_KEY": keys.secret_key}
    return variables | ({"AWS_SESSION_TOKEN": keys.token} if keys.token else {})


def main(arguments: list[str] | None = None) -> None:
    """Print the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stack", help="the name of the stack")
    parser.add_argument("--region", help="the region of the stack")
    parser.add_argument(
        "--credentials",
        action="store_true",
        help="write the credentials of this shell too, for a host that has no role",
    )
    given = parser.parse_args(arguments)
    try:
        variables = environment(described(given.stack, given.region))
        if given.credentials:
            variables |= credentials()
    except StackError as error:
        sys.exit(str(error))
    print(f"# From the stack {given.stack}, by `python -m include.aws_environment`.")
    for name, value in variables.items():
        print(f"{name}={value}")


if __name__ == "__main__":
    main()
