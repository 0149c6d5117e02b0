"""Write the page of the results: `python -m bench.fidelity.page`."""

from __future__ import annotations

import json
from typing import Any

from bench.fidelity.reasons import ASSUMES, FAULT, REFUSED, SKIPPED
from bench.fidelity.suites import SUITES
from bench.report import ROOT

RESULT = ROOT / "bench" / "results" / "fidelity.json"
PAGE = ROOT / "docs" / "explanation" / "fidelity.md"
HEAD = """\
# Public test suites on the embedded AWS

Written by `python -m bench.fidelity`; do not edit. It runs test suites that others wrote for
SageMaker, from checkouts that you give, and changes none of their files: unmodified boto3 calls
the embedded AWS.

```
python -m bench.fidelity --provider PATH --smexperiments PATH --moto PATH
```

| suite | tests | passed | assumes a simplification | refused by name | our faults | skipped |
|---|---|---|---|---|---|---|
"""
KINDS = {
    FAULT: "Faults of the embedded AWS",
    REFUSED: "Refused by name",
    ASSUMES: "Assumes a simplification of its own",
    SKIPPED: "Skipped",
}
NOTES = """
A test that assumes a simplification passes on the suite's own stand-in for AWS and would fail on
AWS. What is refused names the operation, the image or the resource;
[the coverage](../reference/local-aws-coverage.md) lists every operation.

## How they are run

- The figures of a suite are those of one whole run of it, by `pytest` and with nothing left out but
  what is named below.
- Each test of moto has an embedded AWS of its own, since `mock_aws` gives it an empty account.
  Moto's server mode is on, in which tests that reach into moto's process skip themselves.
- The tests of smexperiments search what earlier runs left in the account: one experiment, one
  trial and one component exist. They build an image with Docker, which becomes a custom image of
  the embedded AWS with their script and their package.
- Three modules of Airflow's test package, which is in no release, are replaced: a DAG runs by
  `dag.test()`, and fails if one of its tasks does. The DAGs of SageMaker Unified Studio, which is
  another service, are left out.
"""


def page(results: dict[str, Any]) -> str:
    """Return the document of *results*."""
    rows, sections = [], []
    for suite in SUITES:
        result = results["suites"][suite.name]
        if reason := result.get("not_run"):
            rows.append(f"| {suite.title} | not run: {reason} | | | | | |")
            continue
        counts = (result[kind] for kind in ("tests", "passed", ASSUMES, REFUSED, FAULT, SKIPPED))
        rows.append(f"| {suite.title} | {' | '.join(map(str, counts))} |")
        sections.append(_section(f"{suite.title} ({suite.source}, {result['revision']})", result))
    return HEAD + "\n".join(rows) + "\n" + NOTES + "".join(sections)


def _section(title: str, result: dict[str, Any]) -> str:
    parts = [f"\n## {title}\n"]
    for kind, heading in KINDS.items():
        reasons = [entry for entry in result["reasons"] if entry["kind"] == kind]
        if reasons:
            listed = "\n".join(_line(entry) for entry in reasons)
            parts.append(f"\n{heading}:\n\n{listed}\n")
    return "".join(parts)


def _line(entry: dict[str, Any]) -> str:
    tests = entry["tests"]
    count = "" if len(tests) == 1 else f", {len(tests)} tests"
    return f"- {entry['reason']} (`{tests[0]}`{count})"


def write() -> None:
    """Write the page of the stored results."""
    PAGE.write_text(page(json.loads(RESULT.read_text())))


if __name__ == "__main__":
    write()
