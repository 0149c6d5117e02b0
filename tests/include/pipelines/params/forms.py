"""Fill a form as the Trigger page does: each value is validated where it is set."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import pytest
from airflow.sdk import Param
from airflow.sdk.definitions.param import ParamsDict
from airflow.sdk.exceptions import ParamValidationError

Form = Mapping[str, Param]


def defaults(form: Form) -> dict[str, Any]:
    """Return the values of an untouched form."""
    return filled(form)


def filled(form: Form, /, **values: Any) -> dict[str, Any]:
    """Return the values of a form that was sent with *values* filled in."""
    fields = _copied(form)
    for name, value in values.items():
        fields[name] = value
    return dict(fields.validate())


def refuses(form: Form, name: str, value: Any) -> None:
    """Check that *form* does not take *value* for its field *name*."""
    fields = _copied(form)
    with pytest.raises(ParamValidationError, match=name):
        fields[name] = value


def takes(form: Form, name: str, value: Any) -> None:
    """Check that *form* takes *value* for its field *name*."""
    assert filled(form, **{name: value})[name] == value


def _copied(form: Form) -> ParamsDict:
    """Copy the fields too: a Param takes each value that is set as its default."""
    return ParamsDict(copy.deepcopy(dict(form)))
