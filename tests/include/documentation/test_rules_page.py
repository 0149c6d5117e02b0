"""Each rule and each of its parameters is in the reference."""

from __future__ import annotations

from dataclasses import fields

from prodml.debugger.rules import RULES

from include.documentation.rules_page import page


def test_rules_are_documented() -> None:
    text = page()
    for rule in RULES:
        section = text.partition(f"## {rule.__name__}\n")[2].partition("\n## ")[0]
        assert rule.advice in section
        assert all(f"| `{field.name}` |" in section for field in fields(rule))
    assert "| `direction` | `'Minimize'` | `Minimize` or `Maximize` it. |" in text
