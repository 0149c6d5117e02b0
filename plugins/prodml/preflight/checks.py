"""Run all checks, in the order in which their fixes build on one another."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prodml.aws.client import Aws
from prodml.aws.errors import DENIED, code_of
from prodml.preflight.buckets import check_bucket
from prodml.preflight.findings import Finding, unknown, wrong
from prodml.preflight.identity import check_identity, check_region
from prodml.preflight.images import check_images
from prodml.preflight.keys import check_keys
from prodml.preflight.landing import check_landing
from prodml.preflight.network import check_network
from prodml.preflight.permissions import check_airflow, check_apis, check_execution
from prodml.preflight.project import Project
from prodml.preflight.quotas import check_quotas
from prodml.preflight.roles import check_role
from prodml.preflight.services import FIX, check_services

Check = Callable[[Aws, Project], Iterator[Finding]]
IDENTITY = "identity"
CHECKS: dict[str, Check] = {
    "region": check_region,
    "role": check_role,
    "permissions of Airflow": check_airflow,
    "permissions for APIs": check_apis,
    "permissions of jobs": check_execution,
    "quotas": check_quotas,
    "images": check_images,
    "bucket": check_bucket,
    "landing": check_landing,
    "keys": check_keys,
    "network": check_network,
    "services": check_services,
}
HIDDEN = {*DENIED, "UnauthorizedOperation", "403"}
# Few and short attempts: a service that cannot be reached is a finding.
CONFIG = {"connect_timeout": 5, "read_timeout": 20, "retries": {"total_max_attempts": 2}}


def findings(aws: Aws, project: Project) -> Iterator[Finding]:
    """Yield what each check finds; without an identity, only that."""
    failed = False
    for finding in _safely(IDENTITY, check_identity, aws, project):
        failed = failed or (finding.check == IDENTITY and bool(finding.fix))
        yield finding
    if not failed:
        for name, check in CHECKS.items():
            yield from _safely(name, check, aws, project)


def _safely(name: str, check: Check, aws: Aws, project: Project) -> Iterator[Finding]:
    """Run a check; an error becomes its last finding."""
    from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
    from botocore.exceptions import ConnectionError as NoConnection

    try:
        yield from check(aws, project)
    except (NoConnection, HTTPClientError) as error:
        yield wrong(name, str(error), FIX)
    except ClientError as error:
        if name == IDENTITY:
            yield wrong(name, str(error), "Correct the credentials of the Airflow connection")
        elif code_of(error) in HIDDEN:
            fix = "Allow what infra/policies/preflight.json lists to Airflow's role"
            yield unknown(name, str(error), fix)
        else:
            yield unknown(name, str(error), "See the error")
    except BotoCoreError as error:
        yield wrong(name, str(error), "Give the Airflow connection credentials and a region")
