"""Count the results of a suite's tests, with a kind and a reason for each that did not pass."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path
from typing import Any

from bench.fidelity.reasons import FAULT, RULES, SKIPPED, by_test

Document = dict[str, Any]


def outcomes(suite: str, results: Path) -> Document:
    """Return the counts of *suite*, and its tests that did not pass by kind and reason."""
    cases = list(ET.parse(results).iter("testcase"))
    groups: dict[tuple[str, str], list[str]] = {}
    for case in cases:
        if reason := _reason(suite, case):
            groups.setdefault(reason, []).append(_name(case))
    counts = Counter(dict.fromkeys((*{rule.kind for rule in RULES}, FAULT, SKIPPED), 0))
    for (kind, _), tests in groups.items():
        counts[kind] += len(tests)
    reasons = [
        {"kind": kind, "reason": reason, "tests": sorted(tests)}
        for (kind, reason), tests in sorted(groups.items())
    ]
    return {
        "tests": len(cases),
        "passed": len(cases) - counts.total(),
        **dict(sorted(counts.items())),
        "reasons": reasons,
    }


def _name(case: ET.Element) -> str:
    return f"{case.get('classname', '').rpartition('.')[2]}::{case.get('name')}"


def _reason(suite: str, case: ET.Element) -> tuple[str, str] | None:
    """Return the kind and the reason of a test that did not pass."""
    skipped = case.find("skipped")
    if skipped is not None:
        return SKIPPED, str(skipped.get("message"))
    ended = next(
        (part for tag in ("failure", "error") if (part := case.find(tag)) is not None), None
    )
    if ended is None:
        return None
    if known := by_test(suite, _name(case)):
        return known
    text = "\n".join([ended.text or "", *(part.text or "" for part in case.iter("system-out"))])
    for rule in RULES:
        if match := re.search(rule.pattern, text):
            return rule.kind, match.expand(rule.reason)
    return FAULT, str(ended.get("message")).splitlines()[0][:200]
