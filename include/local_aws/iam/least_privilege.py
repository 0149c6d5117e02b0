"""Write the policy that a principal's recorded calls need, and nothing more.

`python -m include.local_aws.iam.least_privilege CALLS --principal ARN [--prefix NAME ...]`

CALLS is a file with the answer of `GET /_local/iam/calls`. Resources whose name starts with one of
the prefixes are allowed for every name with it; objects are allowed in their whole bucket.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from ..wire.document import Doc
from .needs import PASS_ROLE

Scoped = Callable[[str], Iterable[str]]  # the resources that are allowed for one that was used
VERSION = "2012-10-17"
PASSED_TO = "iam:passedtoservice"
STREAM = re.compile(r"(.*:log-group:[^:]*):log-stream:.*")


def policy(calls: Sequence[Doc], principal: str, scoped: Scoped) -> Doc:
    """Return the policy for the calls of *principal*, the same for the same calls."""
    needed: dict[str, set[str]] = defaultdict(set)
    services: set[str] = set()
    for call in calls:
        if call["principal"] != principal:
            continue
        needed[call["action"]].update(scoped(call["resource"]))
        if call["action"] == PASS_ROLE:
            services |= set(call["keys"].get(PASSED_TO, ()))
    passed = needed.pop(PASS_ROLE, set())
    by_resources: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for action, resources in needed.items():
        by_resources[tuple(sorted(resources))].append(action)
    ordered = sorted((sorted(actions), list(on)) for on, actions in by_resources.items())
    statements: list[Doc] = [
        {"Effect": "Allow", "Action": actions, "Resource": on} for actions, on in ordered
    ]
    if passed:
        statements.append(_passing(passed, services))
    return {"Version": VERSION, "Statement": statements}


def _passing(roles: set[str], services: set[str]) -> Doc:
    return {
        "Effect": "Allow",
        "Action": [PASS_ROLE],
        "Resource": sorted(roles),
        "Condition": {"StringEquals": {"iam:PassedToService": sorted(services)}},
    }


def within(prefixes: Sequence[str], resource: str) -> Iterable[str]:
    """Yield *resource* with a wildcard for what differs from run to run."""
    head, _, path = resource.partition("/")
    prefix = next(filter(path.startswith, prefixes), None)
    yield whole(resource) if prefix is None else f"{head}/{prefix}*"


def whole(resource: str) -> str:
    """Return the bucket of an object and the log group of a stream, with all that is in them."""
    if resource.startswith("arn:aws:s3:::") and "/" in resource:
        return f"{resource.partition('/')[0]}/*"
    stream = STREAM.fullmatch(resource)
    return f"{stream[1]}:*" if stream else resource


def main(arguments: list[str] | None = None) -> None:
    """Print the policy."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("calls", type=Path)
    parser.add_argument("--principal", required=True, metavar="ARN")
    parser.add_argument("--prefix", action="append", default=[], dest="prefixes", metavar="NAME")
    given = parser.parse_args(arguments)
    calls = json.loads(given.calls.read_text())["calls"]
    if not any(call["principal"] == given.principal for call in calls):
        known = sorted({call["principal"] for call in calls})
        parser.error(f"{given.principal} made no call. Available: {', '.join(known) or 'none'}.")
    print(json.dumps(policy(calls, given.principal, partial(within, given.prefixes)), indent=2))


if __name__ == "__main__":
    main()
