"""Write the text of each file of a new pipeline."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files as resources
from string import Template

from include.new_pipeline import literals
from include.new_pipeline.columns import Column, Kind
from include.new_pipeline.guesses import Guesses
from include.new_pipeline.models import model_of

DAGS = (
    *("retrain_{}", "automl_{}", "check_{}_drift", "score_{}_batch"),
    *("ask_{}", "tear_down_{}"),
)


def dag_ids(name: str) -> list[str]:
    return [dag.format(name) for dag in DAGS]


def texts(name: str, guesses: Guesses) -> Mapping[str, str]:
    """Return the text of each file by its path in the project."""
    rendered = {
        f"dags/{dag_id}.py": _filled(f"{pattern.format('NAME')}.py", name, imports=_imports(name))
        for pattern, dag_id in zip(DAGS, dag_ids(name), strict=True)
    }
    return {
        f"include/jobs/{name}/__init__.py": f'"""The {name} data: their schema."""\n',
        f"include/jobs/{name}/schema.py": schema(name, guesses),
        f"include/pipelines/{name}.py": _filled("pipeline.py", name, **model_of(guesses)),
        **rendered,
        f"tests/include/pipelines/test_{name}.py": _filled(
            "test.py", name, contract=guesses.schema.contract
        ),
    }


def _imports(name: str) -> str:
    """Return the imports of the drift check's DAG, in their order."""
    lines = (f"{name} import PIPELINE", "drift import checks")
    return "\n".join(f"from include.pipelines.{line}" for line in sorted(lines))


def _filled(template: str, name: str, **values: str) -> str:
    text = (resources(__package__) / "templates" / f"{template}.txt").read_text(encoding="utf-8")
    return Template(text).substitute(name=name, **values)


def schema(name: str, guesses: Guesses) -> str:
    """Return the text of schema.py."""
    lines = [
        f'"""The {name} columns, guessed from a sample: read each comment."""',
        "",
        "from __future__ import annotations",
        "",
        "from ..tabular.schema import Schema",
        "",
        *_left_out(guesses),
        "SCHEMA = Schema(",
        f"    key={literals.text(guesses.key)},  # guess: it identifies a row",
        f"    label={literals.text(guesses.label)},{_of_regression(guesses)}",
        *_labels(guesses),
        *_numbers(guesses.of(Kind.NUMBER), "numbers"),
        *_numbers(guesses.of(Kind.FLAG), "flags"),
        *_categories(guesses.of(Kind.CATEGORY)),
        *_personal(guesses),
        ")",
        "",
    ]
    return "\n".join(lines)


def _left_out(guesses: Guesses) -> list[str]:
    """Return comments on the columns that no model reads."""
    left = guesses.of(Kind.LEFT_OUT)
    if not left:
        return []
    listed = (f"#   {literals.text(c.name)}: {c.remark}" for c in left)
    return ["# Left out, and never read:", *listed]


def _of_regression(guesses: Guesses) -> str:
    return "" if guesses.labels else literals.comment(guesses.label_remark)


def _labels(guesses: Guesses) -> list[str]:
    if not guesses.labels:
        return []
    lines = (f"{literals.text(label)}: {number}," for label, number in guesses.labels.items())
    head = f"labels={{{literals.comment(guesses.label_remark)}"
    return literals.block(head, lines, "},", 1)


def _numbers(columns: list[Column], member: str) -> list[str]:
    if not columns:
        return []
    return literals.names(f"{member}=", [(c.name, c.remark) for c in columns], 1)


def _categories(columns: list[Column]) -> list[str]:
    if not columns:
        return []
    entries = [
        line
        for column in columns
        for line in literals.vocabulary(column.name, column.values, column.remark, 2)
    ]
    return ["    categories={", *entries, "    },"]


def _personal(guesses: Guesses) -> list[str]:
    """Return the columns whose values no log shows."""
    if not guesses.personal:
        return [
            "    # personal=(...): name the columns whose values must appear in no log or report"
        ]
    return literals.names("personal=", [(n, "guess: by its name") for n in guesses.personal], 1)
