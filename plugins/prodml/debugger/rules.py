"""List the rules of the training debugger: import them from here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from prodml.debugger.classes import ClassImbalance
from prodml.debugger.finiteness import NotFinite
from prodml.debugger.gradients import (
    ExplodingGradients,
    ExplodingUpdates,
    VanishingGradients,
    VanishingUpdates,
)
from prodml.debugger.losses import LossNotDecreasing, Plateau
from prodml.debugger.overfitting import Overfitting
from prodml.debugger.rule import Finding, Rule, RuleError
from prodml.debugger.steps import SlowSteps
from prodml.debugger.usage import HighUse, LowUse

RULES: tuple[type[Rule], ...] = (
    *(LossNotDecreasing, Plateau, Overfitting, NotFinite),
    *(ExplodingGradients, VanishingGradients, ExplodingUpdates, VanishingUpdates),
    *(ClassImbalance, LowUse, HighUse, SlowSteps),
)
__all__ = [
    "RULES",
    "ClassImbalance",
    "ExplodingGradients",
    "ExplodingUpdates",
    "Finding",
    "HighUse",
    "LossNotDecreasing",
    "LowUse",
    "NotFinite",
    "Overfitting",
    "Plateau",
    "Rule",
    "RuleError",
    "SlowSteps",
    "VanishingGradients",
    "VanishingUpdates",
    "rules_of",
]


def rules_of(stated: Iterable[Rule | Mapping[str, Any]]) -> tuple[Rule, ...]:
    """Return rules that are stated as objects, or as :meth:`Rule.as_json` has them."""
    if isinstance(stated, Rule | Mapping | str):
        raise RuleError(f"rules is {stated!r}. Set it to a list of rules.")
    return tuple(one if isinstance(one, Rule) else _rule_of(one) for one in stated)


def as_json(rules: Sequence[Rule]) -> list[dict[str, Any]]:
    return [rule.as_json() for rule in rules]


def _rule_of(stated: Mapping[str, Any]) -> Rule:
    known = {rule.__name__: rule for rule in RULES}
    if not isinstance(stated, Mapping) or stated.get("rule") not in known:
        raise RuleError(f"Unknown rule {stated!r}. Use one of {', '.join(known)}.")
    kind = known[stated["rule"]]
    arguments = {name: value for name, value in stated.items() if name != "rule"}
    names = [field.name for field in fields(kind)]
    if unknown := sorted(set(arguments) - set(names)):
        raise RuleError(f"{kind.__name__} has no parameter {unknown[0]!r}. Use {', '.join(names)}.")
    return kind(**arguments)
