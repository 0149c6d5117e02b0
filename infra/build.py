"""Write infra/prodml.yaml from infra/resources.yaml and the policies that it names.

`python -m infra.build` (or `make infra`) writes it; `--check` fails if it is out of date.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
RESOURCES, TEMPLATE = FOLDER / "resources.yaml", FOLDER / "prodml.yaml"
HEADER = "# Written by `make infra` from infra/resources.yaml and infra/policies/: change those."
POLICY = re.compile(r"^( *)PolicyDocument: (policies/\w+\.json)$", re.MULTILINE)
PLACEHOLDER = re.compile(r"\$\{([^}]*)\}")
# A placeholder in a policy, and what CloudFormation calls its value.
VALUES = {
    "Partition": "AWS::Partition",
    "Region": "AWS::Region",
    "AccountId": "AWS::AccountId",
    "Bucket": "BucketName",
    "LandingBucket": "LandingBucketName",
    "Prefix": "Prefix",
    "KeyArn": "Key.Arn",
}


class PlaceholderError(ValueError):
    """Raised when a policy has a placeholder that the template has no value for."""


def template() -> str:
    """Return the template with its policies."""
    text = RESOURCES.read_text().partition("\n")[2]
    return f"{HEADER}\n{POLICY.sub(_embedded, text)}"


def _embedded(reference: re.Match[str]) -> str:
    indent, path = reference.groups()
    document = substituted(json.loads((FOLDER / path).read_text()))
    lines = json.dumps(document, indent=2).replace("\n", f"\n{indent}")
    return f"{indent}PolicyDocument: {lines}"


def substituted(document: Any) -> Any:
    """Return a policy in which every text with placeholders is an `Fn::Sub`."""
    if isinstance(document, dict):
        return {key: substituted(value) for key, value in document.items()}
    if isinstance(document, list):
        return [substituted(value) for value in document]
    if isinstance(document, str) and "${" in document:
        return {"Fn::Sub": PLACEHOLDER.sub(_value, document)}
    return document


def _value(placeholder: re.Match[str]) -> str:
    name = placeholder[1]
    if ":" in name:  # a policy variable such as ${aws:PrincipalAccount}, which IAM replaces
        return f"${{!{name}}}"
    if name not in VALUES:
        raise PlaceholderError(
            f"${{{name}}} in infra/policies has no value in the template. "
            f"Use one of {', '.join(VALUES)}, or add it to VALUES in infra/build.py."
        )
    return f"${{{VALUES[name]}}}"


def main(arguments: list[str] | None = None) -> None:
    """Write the template, or check it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail if the file is out of date")
    if not parser.parse_args(arguments).check:
        TEMPLATE.write_text(template())
    elif TEMPLATE.read_text() != template():
        sys.exit(f"{TEMPLATE.name} is out of date. Run `make infra` and commit it.")


if __name__ == "__main__":
    main()
