"""Read and write Model Monitor's constraints.json: expected types and thresholds by column."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .columns import STRING, UNKNOWN, Column
from .documents import Json
from .errors import UnreadableData
from .statistics import Profile

WARN = 0.05  # an eighth of a standard deviation, or five points of a category
ALERT = 0.10  # a quarter of a standard deviation, or ten points
FEW = 100  # distinct values up to which a text column's domain is written down
METHODS = {  # the schema page and the prose spell them differently
    "Robust": "Robust",
    "Simple": "Simple",
    "linf_robust": "Robust",
    "linf_simple": "Simple",
}
CATEGORICAL = ("LInfinity", "ChiSquared")
OVERRIDES = ("monitoring_config_overrides", "monitoringConfigOverrides")  # the SDK's, the docs'


@dataclass(frozen=True)
class Rules:
    """The comparison settings of one column, or of all."""

    evaluate: bool = True
    compare: bool = True
    method: str = "Robust"
    threshold: float = WARN
    categorical_method: str = "LInfinity"
    categorical_threshold: float = WARN
    datatype_threshold: float = 1.0
    domain_threshold: float = 1.0


@dataclass(frozen=True)
class Expected:
    """One column's constraints; None means no constraint."""

    name: str
    kind: str = UNKNOWN
    completeness: float = 0.0
    non_negative: bool = False
    domain: frozenset[str] | None = None
    rules: Rules = field(default_factory=Rules)


@dataclass(frozen=True)
class Constraints:
    """The constraints by column name, in the baseline's order."""

    columns: dict[str, Expected]
    emit_metrics: bool = True


PRODML = Rules(datatype_threshold=0.99, domain_threshold=0.99)
MODEL_MONITOR = Rules(threshold=0.1, categorical_threshold=0.1)  # as AWS's own container has them


def suggest(profile: Profile, rules: Rules = PRODML) -> Json:
    """Suggest constraints that the baseline's own rows satisfy, for users to edit."""
    comparison = {
        "perform_comparison": "Enabled",
        "comparison_threshold": rules.threshold,
        "comparison_method": rules.method,
        "categorical_comparison_threshold": rules.categorical_threshold,
        "categorical_drift_method": rules.categorical_method,
    }
    return {
        "version": 0.0,
        "features": [_suggestion(column) for column in profile.columns.values()],
        "monitoring_config": {
            "evaluate_constraints": "Enabled",
            "emit_metrics": "Enabled",
            "datatype_check_threshold": rules.datatype_threshold,
            "domain_content_threshold": rules.domain_threshold,
            "distribution_constraints": comparison,
        },
    }


def _suggestion(column: Column) -> Json:
    suggestion: Json = {
        "name": column.name,
        "inferred_type": column.kind,
        "completeness": 1.0 - column.missing_share,
    }
    if column.numeric:
        suggestion["num_constraints"] = {"is_non_negative": column.numbers.low >= 0}
    elif column.kind == STRING and not column.texts.other and len(column.texts.counts) <= FEW:
        suggestion["string_constraints"] = {"domains": sorted(column.texts.counts)}
    return suggestion


def read_constraints(path: Path) -> Constraints:
    """Read constraints; raise UnreadableData with the file and the invalid key."""
    try:
        return from_json(json.loads(path.read_text()))
    except UnreadableData as error:
        raise UnreadableData(f"{path.name}: {error}") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableData(
            f"{path} is not a constraints file ({error!r}). Write one with `drift baseline`."
        ) from None


def from_json(document: Json) -> Constraints:
    config = document.get("monitoring_config", {})
    common = _rules(config, Rules())
    columns = [_expected(feature, common) for feature in document["features"]]
    emit = config.get("emit_metrics", "Enabled") == "Enabled"
    return Constraints({column.name: column for column in columns}, emit)


def _rules(config: Json, base: Rules) -> Rules:
    settings = config.get("distribution_constraints", {})
    threshold = float(settings.get("comparison_threshold", base.threshold))
    categorical = settings.get("categorical_comparison_threshold")
    if categorical is None:
        categorical = (
            threshold if "comparison_threshold" in settings else base.categorical_threshold
        )
    method = settings.get("comparison_method", base.method)
    chosen = settings.get("categorical_drift_method", base.categorical_method)
    return Rules(
        evaluate=_enabled(config, "evaluate_constraints", base.evaluate),
        compare=_enabled(settings, "perform_comparison", base.compare),
        method=METHODS[_one_of("comparison_method", method, METHODS)],
        threshold=threshold,
        categorical_method=_one_of("categorical_drift_method", chosen, CATEGORICAL),
        categorical_threshold=float(categorical),
        datatype_threshold=float(config.get("datatype_check_threshold", base.datatype_threshold)),
        domain_threshold=float(config.get("domain_content_threshold", base.domain_threshold)),
    )


def _expected(feature: Json, common: Rules) -> Expected:
    own: Json = next((feature[key] for key in OVERRIDES if key in feature), {})
    domain = feature.get("string_constraints", {}).get("domains")
    return Expected(
        name=feature["name"],
        kind=feature.get("inferred_type", UNKNOWN),
        completeness=float(feature.get("completeness", 0.0)),
        non_negative=bool(feature.get("num_constraints", {}).get("is_non_negative", False)),
        domain=frozenset(map(str, domain)) if domain is not None else None,
        rules=_rules(own, common) if own else common,
    )


def _enabled(settings: Json, key: str, default: bool) -> bool:
    word = settings.get(key, "Enabled" if default else "Disabled")
    return _one_of(key, word, ("Enabled", "Disabled")) == "Enabled"


def _one_of(key: str, word: str, known: Any) -> str:
    if word not in known:
        raise UnreadableData(f"{key} is {word!r}. Use one of {', '.join(known)}.")
    return str(word)
