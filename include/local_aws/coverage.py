"""Write the list of emulated operations: `make coverage`."""

from __future__ import annotations

import re
import sys
from itertools import groupby
from pathlib import Path

from . import operations  # noqa: F401  (importing it registers the operations)
from .core.registry import OPERATIONS, STORED
from .sagemaker.runtime import gateway
from .wire import model

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "local-aws-coverage.md"
SERVICES = {
    "sagemaker": "SageMaker",
    "sagemaker-runtime": "SageMaker Runtime",
    "sagemaker-metrics": "SageMaker Metrics",
    "apigateway": "API Gateway (REST APIs)",
    "application-autoscaling": "Application Auto Scaling",
    "cloudwatch": "CloudWatch",
    "logs": "CloudWatch Logs",
    "resourcegroupstaggingapi": "Resource Groups Tagging API",
    "service-quotas": "Service Quotas",
}
HEAD = """\
# Coverage of the embedded AWS

Written by `make coverage`; do not edit. An operation is

- **executed**: it has the effect that it has on AWS;
- **stored**: it is validated and stored only, not executed as on AWS;
- **refused**: its input is validated, then it returns a `NotImplementedException` that names it.

Other services are those of moto: see [its list](https://docs.getmoto.org/en/latest/docs/services/index.html).

| service | executed | stored | refused |
|---|---|---|---|
"""


def state(service: str, operation: str) -> str:
    """Return "executed", "stored" or "refused"."""
    if (service, operation) in STORED:
        return "stored"
    runtime = service == "sagemaker-runtime" and operation in gateway.OPERATIONS
    return "executed" if runtime or (service, operation) in OPERATIONS else "refused"


def page() -> str:
    """Return the document."""
    operations_of = {service: _by_state(service) for service in SERVICES}
    rows = [
        f"| {SERVICES[service]} | {' | '.join(str(len(names)) for names in states.values())} |"
        for service, states in operations_of.items()
    ]
    sections = [_section(SERVICES[service], states) for service, states in operations_of.items()]
    return HEAD + "\n".join(rows) + "\n" + "".join(sections)


def _by_state(service: str) -> dict[str, list[str]]:
    states: dict[str, list[str]] = {"executed": [], "stored": [], "refused": []}
    for operation in sorted(model.service(service).operation_names, key=_subject):
        states[state(service, operation)].append(operation)
    return states


def _subject(operation: str) -> tuple[str, str]:
    """Return the resource of an operation, by which CreateModel and ListModels are grouped."""
    words = re.findall("[A-Z]+(?![a-z])|[A-Z][a-z0-9]+", operation)
    return "".join(words[1:]).removesuffix("s"), operation


def _section(title: str, states: dict[str, list[str]]) -> str:
    parts = [f"\n## {title}\n"]
    for name, members in states.items():
        if members:
            parts.append(f"\n{name.title()}:\n\n{_listed(members)}\n")
    return "".join(parts)


def _listed(names: list[str]) -> str:
    """Return a line for each resource."""
    lines = (", ".join(group) for _, group in groupby(names, key=lambda o: _subject(o)[0]))
    return "\n".join(f"- {line}" for line in lines)


def main() -> None:
    """Write the page, or with `--check` fail if it is not up to date."""
    if "--check" not in sys.argv:
        PAGE.write_text(page())
    elif PAGE.read_text() != page():
        sys.exit(f"{PAGE.name} is not up to date: run `make coverage` and commit it.")


if __name__ == "__main__":
    main()
