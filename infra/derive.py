"""Derive the policies of Airflow's role and of the execution role from recorded calls.

`python -m infra.derive` (or `make policies`) writes infra/policies/ from infra/calls.json. With
files that `python -m tests.loop.record` wrote, it first makes infra/calls.json from them.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from include.local_aws.iam.least_privilege import policy, whole
from include.pipelines.definition import catalog
from include.pipelines.mnist import STUDIES

Document = dict[str, Any]
FOLDER = Path(__file__).parent
CALLS, POLICIES = FOLDER / "calls.json", FOLDER / "policies"
# The names of the deployment whose calls are recorded.
ACCOUNT, REGION, PREFIX, BUCKET = "000000000000", "us-east-1", "acme", "acme-models"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0a1b2c3d-0000-4000-8000-0123456789ab"
# The pipeline and the study that are recorded, and those that they stand for.
PEERS = {"churn": catalog.resource_names(), "mnist-pytorch": tuple(STUDIES)}
ROLES = {
    name: f"arn:aws:iam::{ACCOUNT}:role/{PREFIX}-prodml-{name}" for name in ("airflow", "execution")
}
APIS = "api"  # the policy of Airflow's role that publishing an API alone needs; written by hand
PLACEHOLDERS = {
    KEY: "${KeyArn}",
    f":{REGION}:": ":${Region}:",
    f":{ACCOUNT}:": ":${AccountId}:",
    f":::{BUCKET}": ":::${Bucket}",
    "arn:aws:": "arn:${Partition}:",
}
NAMED = re.compile(r"(?P<type>arn:aws:[^/]+)/(?P<name>.+)")
BY_PIPELINE = re.compile(  # alarms and the logs of endpoints and components
    r"(?P<type>arn:aws:cloudwatch:[^/]+:alarm:prodml|arn:aws:logs:.+/(Endpoints|InferenceComponents))"
    r"/(?P<name>.+)"
)
SHORT = re.compile(r"(tune|auto)-.+")  # tuning and AutoML jobs have no room for the prefix
SEARCHES = "searches"  # the kind of both in a policy
SHARED = {  # what the preflight check and other tasks do
    *("application-autoscaling:DescribeScalableTargets", "cloudwatch:DescribeAlarms"),
    *("logs:DescribeLogGroups", "s3:ListBucket", "sagemaker:ListEndpoints"),
}
IGNORED = ("s3:x-amz-content-sha256", "s3:prefix")  # which differ in every recording
# What differs from recording to recording, and what stands for it.
VOLATILE = {
    r"\b[a-z]\d{8}t\d{6}\b": "m20240506t000000",
    r"(?<!\d)20\d\d-\d\d-\d\dT\d\d[:-]\d\d[:-]\d\d(\.\d+)?": "2024-05-06T00:00:00",
    r"\b20\d\d/\d\d/\d\d/\d\d/\d\d-\d\d-\d\d\d\b": "2024/05/06/00/00-00-000",
    r"\b[0-9a-f]{64}\b": "0a1b2c3d",
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}": (
        "0a1b2c3d-0000-4000-8000-0123456789ab"
    ),
    r"\b(i|sg|subnet)-[0-9a-f]{8,17}\b": r"\1-0a1b2c3d",
    r"(?<=-)[0-9a-f]{10}\b": "0a1b2c3d4e",
    r"(?<=-)[0-9a-f]{8}\b": "0a1b2c3d",
    r"(?<=-)[0-9a-f]{6}\b": "0a1b2c",
    r"/[0-9a-f]{16,64}(?=/)": "/0a1b2c3d4e5f6789",
    r"\bprodml [0-9a-f]{16}\b": "prodml 0a1b2c3d4e5f6789",
    r"/(apikeys|deployments|requestvalidators|resources|restapis|usageplans)/[0-9a-z]{6,10}\b": (
        r"/\1/0a1b2c3d4e"
    ),
}


def compacted(recordings: Iterable[Sequence[Document]]) -> list[Document]:
    """Return one call for each action, allowed resource and set of condition keys."""
    calls: dict[tuple[Any, ...], Document] = {}
    for call in (call for recording in recordings for call in recording):
        role = next((name for name, arn in ROLES.items() if call["principal"] == arn), None)
        if role is None or call["action"] in _preflight():
            continue
        role = APIS if _is_for_apis(call) else role
        resource = stable(call["resource"])
        keys = {
            name: [*map(stable, values)]
            for name, values in call["keys"].items()
            if name not in IGNORED
        }
        place = (role, call["action"], tuple(scoped(resource)), tuple(sorted(keys)))
        document = {"principal": role, "action": call["action"], "resource": resource, "keys": keys}
        calls.setdefault(place, document)
    return [calls[place] for place in sorted(calls)]


def _preflight() -> set[str]:
    """Return the actions of the preflight check alone, for which the role has its own policy."""
    document = json.loads((POLICIES / "preflight.json").read_text())
    return {name for entry in document["Statement"] for name in entry["Action"]} - SHARED


def _is_for_apis(call: Document) -> bool:
    """Return whether a call publishes a REST API, for which the role has its own policy."""
    services: list[str] = call["keys"].get("iam:passedtoservice", [])
    return (
        "apigateway.amazonaws.com" in services
        or call["action"].startswith("apigateway:")
        or ":log-group:/prodml/apis/" in call["resource"]
    )


def stable(text: str) -> str:
    """Return *text* with the same digests, times and ids in every recording."""
    for pattern, value in VOLATILE.items():
        text = re.sub(pattern, value, text)
    return text


def scoped(resource: str) -> Iterator[str]:
    """Yield what is allowed for a resource that was used: all names of the deployment's kind."""
    if resource == KEY:
        yield PLACEHOLDERS[KEY]
        return
    match = BY_PIPELINE.fullmatch(whole(resource)) or NAMED.fullmatch(whole(resource))
    for arn in _named(match["type"], match["name"]) if match else [whole(resource)]:
        yield with_placeholders(arn)


def _named(kind: str, name: str) -> Iterator[str]:
    if name.startswith(f"{PREFIX}-"):
        rest = name.removeprefix(f"{PREFIX}-")
        yield f"{kind}/${{Prefix}}-{rest if ':iam:' in kind else '*'}"
    elif short := SHORT.fullmatch(name):
        # Of any type, since all policies of a role have few characters; the actions say which.
        yield f"{kind.rpartition(':')[0]}:*/{short[1]}-*"
    elif peers := next((peers for peers in PEERS.values() if _rest(name, peers) is not None), ()):
        separator = str(_rest(name, peers))[:1]
        yield from (f"{kind}/{peer}{separator and f'{separator}*'}" for peer in peers)
    else:
        yield f"{kind}/{name}"


def _rest(name: str, peers: Iterable[str]) -> str | None:
    """Return what follows the name of one of *peers* in *name*; None if no name does."""
    rests = (name.removeprefix(peer) for peer in peers if name.startswith(peer))
    return next((rest for rest in rests if not rest or rest[0] in "-/:"), None)


def with_placeholders(arn: str) -> str:
    """Return *arn* with placeholders for the names of the deployment."""
    for value, placeholder in PLACEHOLDERS.items():
        arn = arn.replace(value, placeholder)
    return arn


def filled(document: Document, values: dict[str, str]) -> Document:
    """Return a committed policy with *values* by placeholder."""
    text = json.dumps(document)
    for name, value in values.items():
        text = text.replace(f"${{{name}}}", value)
    result: Document = json.loads(text)
    return result


def derived(calls: Sequence[Document], role: str) -> Document:
    """Return the policy of a role, with placeholders.

    Statements on names of one kind are joined: all policies of a role have 10,240 characters.
    """
    document = policy(calls, role, scoped)
    joined: dict[str, tuple[set[str], set[str]]] = {}
    conditional = [entry for entry in document["Statement"] if "Condition" in entry]
    for entry in document["Statement"]:
        for resource in [] if "Condition" in entry else entry["Resource"]:
            actions, resources = joined.setdefault(_kind(resource), (set(), set()))
            actions |= set(entry["Action"])
            resources.add(resource)
    statements = [
        {"Effect": "Allow", "Action": sorted(actions), "Resource": sorted(resources)}
        for _, (actions, resources) in sorted(joined.items())
    ]
    return document | {"Statement": statements + conditional}


def _kind(resource: str) -> str:
    """Return the service and the name of a resource, the same for every pipeline."""
    service, _, name = resource.partition(":${Region}:")
    if service.endswith(":logs"):
        return service
    if service.endswith(":sagemaker"):
        name = name.partition("/")[2]
        name = SEARCHES if SHORT.fullmatch(name) else name
    elif service.endswith(":cloudwatch"):
        name = name.partition("alarm:prodml/")[2] or name
    for recorded, peers in PEERS.items():
        rest = _rest(name, peers)
        name = name if rest is None else f"{recorded}{rest}"
    return f"{service}:{name}" if name else resource


def main(arguments: list[str] | None = None) -> None:
    """Write the policies."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recordings", nargs="*", type=Path)
    recordings = parser.parse_args(arguments).recordings
    if recordings:
        calls = compacted(json.loads(path.read_text())["calls"] for path in recordings)
        lines = ",\n".join(json.dumps(call, sort_keys=True) for call in calls)
        CALLS.write_text(f"[\n{lines}\n]\n")
    calls = json.loads(CALLS.read_text())
    for role in ROLES:
        text = json.dumps(derived(calls, role), indent=2)
        (POLICIES / f"{role}.json").write_text(f"{text}\n")


if __name__ == "__main__":
    main()
