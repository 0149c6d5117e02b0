"""The committed policies: what the recorded calls need, on the deployment's names, and no more."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from include.local_aws.iam import policies
from include.local_aws.iam.decisions import Policies, decide
from include.local_aws.iam.policies import Query
from include.local_aws.iam.principals import session
from include.pipelines.definition import catalog
from infra.derive import (
    ACCOUNT,
    APIS,
    BUCKET,
    CALLS,
    KEY,
    PEERS,
    POLICIES,
    PREFIX,
    REGION,
    ROLES,
    compacted,
    derived,
    filled,
)
from tests.loop.record import WORLDS
from tests.root import ROOT

Document = dict[str, Any]
NAMES = {
    "Partition": "aws",
    "Region": REGION,
    "AccountId": ACCOUNT,
    "Bucket": BUCKET,
    "Prefix": PREFIX,
    "KeyArn": KEY,
}
INLINE = 10_240  # characters of all inline policies of a role, without white space


@cache
def calls() -> list[Document]:
    recorded: list[Document] = json.loads(CALLS.read_text())
    return recorded


@cache
def committed(role: str) -> Document:
    """Return the policy of a role, for the deployment whose calls were recorded."""
    return filled(json.loads((POLICIES / f"{role}.json").read_text()), NAMES)


def denied(role: str, document: Document) -> Iterator[str]:
    """Yield the action of each recorded call of *role* that the policy does not allow."""
    own = Policies(identity=(policies.policy(document),))
    for call in calls():
        if call["principal"] == role:
            query = Query(
                session(ROLES.get(role, ROLES["airflow"]), "session", "AROA", {}),
                call["action"],
                call["resource"],
                {name: tuple(values) for name, values in call["keys"].items()},
            )
            if not decide(query, own).allowed:
                yield call["action"]


def actions(document: Document) -> set[str]:
    return {action for statement in document["Statement"] for action in statement["Action"]}


def without(document: Document, action: str) -> Document:
    """Return a policy that does not allow *action*."""
    rest = copy.deepcopy(document)
    for statement in rest["Statement"]:
        statement["Action"] = [name for name in statement["Action"] if name != action]
    return rest


@pytest.mark.parametrize("role", ROLES)
def test_committed_policy_is_the_one_that_the_recorded_calls_need(role: str) -> None:
    text = json.dumps(derived(calls(), role), indent=2)
    assert (POLICIES / f"{role}.json").read_text() == f"{text}\n", "Run `python -m infra.derive`."


@pytest.mark.parametrize("role", [*ROLES, APIS])
def test_each_recorded_call_is_allowed(role: str) -> None:
    assert set(denied(role, committed(role))) == set()


@pytest.mark.parametrize("role", [*ROLES, APIS])
def test_policy_has_no_action_that_was_not_recorded(role: str) -> None:
    recorded = {call["action"] for call in calls() if call["principal"] == role}
    assert actions(committed(role)) == recorded
    assert not any("*" in action for action in recorded)


@pytest.mark.parametrize("role", [*ROLES, APIS])
def test_without_any_one_action_a_recorded_call_is_denied(role: str) -> None:
    document = committed(role)
    for action in sorted(actions(document)):
        assert set(denied(role, without(document, action))) == {action}


OTHERS = {
    "a job of another deployment": (
        *("airflow", "sagemaker:StopTrainingJob"),
        f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:training-job/other-retrain-churn-1",
    ),
    "an endpoint that no pipeline has": (
        *("airflow", "sagemaker:DeleteEndpoint"),
        f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:endpoint/others",
    ),
    "another region": (
        *("airflow", "sagemaker:DeleteEndpoint"),
        f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:endpoint/churn",
    ),
    "another role": ("airflow", "iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/admin"),
    "another bucket": ("execution", "s3:GetObject", "arn:aws:s3:::others/a"),
    "another key": ("execution", "kms:Decrypt", KEY[:-1] + "0"),
    "an object of the bucket, deleted": (
        *("execution", "s3:DeleteObject"),
        f"arn:aws:s3:::{BUCKET}/churn/raw/a.csv",
    ),
}


@pytest.mark.parametrize("case", OTHERS)
def test_what_is_not_of_the_deployment_is_denied(case: str) -> None:
    role, action, resource = OTHERS[case]
    keys = {"iam:passedtoservice": ("sagemaker.amazonaws.com",)}
    query = Query(session(ROLES[role], "session", "AROA", {}), action, resource, keys)
    assert not decide(query, Policies(identity=(policies.policy(committed(role)),))).allowed


@pytest.mark.parametrize("role", ROLES)
def test_policy_fits_a_role(role: str) -> None:
    """With room for those of the network and the preflight check."""
    text = json.dumps(committed(role), separators=(",", ":"))
    assert len(text) < INLINE - 1_500


def test_every_dag_is_recorded_or_that_of_the_pipeline_which_stands_for_its_own() -> None:
    steps = [step for world in WORLDS.values() for step in world.steps]
    dags = {_recorded(step["dag_id"]) for step in steps if step["step"] == "dag"}
    assert dags == {_recorded(path.stem) for path in (ROOT / "dags").glob("*.py")}


def _recorded(dag_id: str) -> str:
    """Return the DAG that is recorded for one of any pipeline."""
    ((pipeline, peers),) = [item for item in PEERS.items() if item[0] in catalog.names()]
    words = [pipeline if word in peers else word for word in dag_id.split("_")]
    return "_".join(words)


def test_calls_are_compacted_and_the_same_whatever_the_recording() -> None:
    """Names that differ by run, and calls that the same statement allows, become one."""

    def recorded(digest: str, time: str) -> Document:
        job = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:training-job/{PREFIX}-churn-{time}-0-{digest}"
        keys = {"aws:requestedregion": [REGION], "s3:x-amz-content-sha256": [digest]}
        return {
            "principal": ROLES["airflow"],
            "action": "sagemaker:StopTrainingJob",
            "resource": job,
            "keys": keys,
        }

    first = recorded("0f1e2d3c-0f1e2d", "m20260101t000102")
    second = recorded("aabbccdd-aabbcc", "m20270203t040506")
    foreign = first | {"principal": f"arn:aws:iam::{ACCOUNT}:root"}
    assert compacted([[first, second], [foreign]]) == compacted([[second]])
