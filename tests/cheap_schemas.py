"""Cheaper schemas: a program reads few of them, and checks them again and again."""

from __future__ import annotations

import json
from typing import Any


def check_each_schema_once() -> None:
    """Let jsonschema check a schema once per process: it takes far longer than checking a value.

    Airflow checks the schema of a Param whenever it is read, a fifth of the loop's CPU time.
    Version 3 of the SageMaker SDK checks that of its configuration hundreds of times per pipeline.
    """
    from jsonschema import Draft202012Validator as Validator

    check, checked = Validator.check_schema, set[str]()

    def check_new(schema: Any, *arguments: Any, **options: Any) -> None:
        known = json.dumps(schema, sort_keys=True, default=repr)
        if known not in checked:
            check(schema, *arguments, **options)
            checked.add(known)

    Validator.check_schema = staticmethod(check_new)
