"""The reference of DAGs and their forms, from the DAG files as Airflow reads them."""

from __future__ import annotations

import contextlib
import inspect
import io
import os
from typing import Any

from include.documentation.tables import code, table
from include.settings import ROOT

HEAD = """\
# DAGs: forms

Made from the files in `dags/`. [What the DAGs do](dags.md) shows what they print. A form refuses
what is not of its type or not between its limits, and so does `airflow dags trigger --conf`.
"""
LIMITS = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}


def page() -> str:
    """Return the page's Markdown."""
    return "\n".join([HEAD, *(_section(dag) for _, dag in sorted(_dags().items()))])


def _dags() -> dict[str, Any]:
    # Airflow writes a configuration into its home when it is imported.
    os.environ.setdefault("AIRFLOW_HOME", str(ROOT / ".local" / "documentation"))
    from airflow.dag_processing.dagbag import DagBag

    with contextlib.redirect_stdout(io.StringIO()):
        bag = DagBag(str(ROOT / "dags"))
    if bag.import_errors:
        raise RuntimeError(f"A DAG file cannot be imported: {bag.import_errors}. Fix it first.")
    return dict(bag.dags)


def _section(dag: Any) -> str:
    text = inspect.cleandoc(dag.doc_md or "").replace("### ", "**", 1)
    title, _, rest = text.partition("\n")
    rows = [_row(name, dag.params.get_param(name)) for name in dag.params]
    form = table(("field", "default", "values", "meaning"), rows) if rows else "It has no form.\n"
    return f"## {dag.dag_id}\n\n{title}**\n{rest}\n\n{form}"


def _row(name: str, param: Any) -> tuple[str, str, str, str]:
    schema = param.schema
    default = _default(param.value)
    title = f"{schema['title']}. " if "title" in schema else ""
    return code(name), code(default), _values(schema), title + (param.description or "")


def _default(value: Any) -> Any:
    """Return a default as it is typed; of an object, the names of its members."""
    return ", ".join(value) if isinstance(value, dict) else value


def _values(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(code(value) for value in schema["enum"] if value is not None)
    types = schema.get("type", "")
    names = [types] if isinstance(types, str) else [name for name in types if name != "null"]
    kind = schema.get("format") or " or ".join(names)
    limits = [f"{sign} {schema[key]}" for key, sign in LIMITS.items() if key in schema]
    return ", ".join([kind, *limits])
