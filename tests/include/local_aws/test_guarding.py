"""The guard reads tags and keys of the server's own resources, in the account that owns them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.core.clock import Clock, ManualClock
from include.local_aws.core.options import Iam, Options
from include.local_aws.core.store import Store
from include.local_aws.guarding import guarded
from include.local_aws.iam.guard import Guard
from include.local_aws.iam.sessions import Sessions
from include.local_aws.sagemaker.endpoints.configs import ENDPOINT_CONFIG
from tests.include.local_aws.iam.account import ACCOUNT, OTHER, ROLE, arn, sagemaker
from tests.include.local_aws.iam.identities import document, identity, policy, trusting

PLACE = (ACCOUNT, "us-east-1")
OWN = {"StringEquals": {"aws:ResourceTag/team": "ml"}}
ACTIONS = policy("Allow", "*", Condition=OWN)
ROLES = {ROLE: identity("trainer", ACTIONS, trust=trusting(AWS=ACCOUNT))}
GROUP = arn("logs", "log-group:/jobs")


@dataclass
class Server:
    """One account and region, and moto's identities: what the guard reads of a server."""

    aws: Aws
    clock: Clock = field(default_factory=ManualClock)

    def open(self, account: str, region: str) -> Aws | None:
        return self.aws if (account, region) == PLACE else None

    async def identities(self, account: str) -> dict[str, Any]:
        return document(roles=ROLES)

    def starts(self) -> int:
        return 1

    async def upload_encryption(self, bucket: str, upload: str) -> dict[str, str]:
        return {}

    def guard(self, iam: Iam, sessions: Sessions) -> Guard:
        async def app(*message: Any) -> None:
            raise AssertionError("no request is sent here")

        server = cast("Any", self)
        options = Options(iam=iam, account=ACCOUNT)
        return cast("Guard", guarded(app, options, sessions, server, server))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    store = Store(":memory:")
    yield Server(Aws(Options(data_dir=tmp_path, account=ACCOUNT), ManualClock(), store, None))
    store.close()


@pytest.fixture
def sessions(tmp_path: Path) -> Sessions:
    return Sessions(tmp_path, "internal")


def denial(sessions: Sessions, action: str, resource: str) -> str | None:
    return asyncio.run(sessions.denial(PLACE, ROLE, action, resource))


@pytest.mark.parametrize(
    ("action", "tagged", "resource"),
    [
        ("sagemaker:DescribeModel", sagemaker("model/a"), sagemaker("model/a")),
        ("logs:DescribeLogStreams", GROUP, f"{GROUP}:log-stream:"),
    ],
    ids=["model", "log-group"],
)
def test_tags_of_a_resource_count(
    action: str, tagged: str, resource: str, server: Server, sessions: Sessions
) -> None:
    server.guard("enforce", sessions)
    sentence = denial(sessions, action, resource)
    assert sentence is not None
    assert "because no identity-based policy allows" in sentence
    server.aws.store.put_tags(tagged, [{"Key": "team", "Value": "ml"}])
    assert denial(sessions, action, resource) is None
    assert denial(sessions, action, resource.replace("us-east-1", "eu-west-1")) is not None


def test_recording_denies_nothing(server: Server, sessions: Sessions) -> None:
    guard = server.guard("record", sessions)
    assert denial(sessions, "sagemaker:DescribeModel", sagemaker("model/a")) is None
    assert [call["principal"] for call in guard.calls.documents()] == [ROLE]


def test_key_of_an_endpoints_volumes_is_that_of_its_configuration(
    server: Server, sessions: Sessions
) -> None:
    guard = server.guard("enforce", sessions)
    for name, members in (("sealed", {"KmsKeyId": "alias/mine"}), ("open", {})):
        server.aws.store.insert(ENDPOINT_CONFIG.kind, name, members)
    keys = [guard.volume_key(*PLACE, name) for name in ("sealed", "open", "gone")]
    assert keys == ["alias/mine", None, None]
    assert guard.volume_key(OTHER, "us-east-1", "sealed") is None
