"""Fill a form as the Trigger page does: each value is validated where it is set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from airflow.sdk import Param
from airflow.sdk.definitions.param import ParamsDict

Form = Mapping[str, Param]


def defaults(form: Form) -> dict[str, Any]:
    """Return the values of an untouched form."""
    return dict(ParamsDict(dict(form)).validate())


def refuses(form: Form, name: str, value: Any) -> None:
    """Check that *form* does not take *value* for its field *name*."""
    filled = ParamsDict(dict(form))
    with pytest.raises(ValueError, match=name):
        filled[name] = value


def takes(form: Form, name: str, value: Any) -> None:
    """Check that *form* takes *value* for its field *name*."""
    filled = ParamsDict(dict(form))
    filled[name] = value
    assert filled.validate()[name] == value
