"""Decode requests into matrices of XGBoost, for scripts that serve."""

from __future__ import annotations

import json
from typing import Any

import xgboost as xgb
from sagemaker_containers._errors import UnsupportedFormatError

from sagemaker_xgboost_container.image import module

TYPES = ("text/csv", "text/libsvm", "text/x-libsvm", "application/x-recordio-protobuf")


def csv_to_dmatrix(input: str | bytes, dtype: Any = None) -> xgb.DMatrix:  # noqa: A002
    """Return the rows of CSV, whose delimiter is sniffed; an empty cell is missing."""
    return _matrix(input, "text/csv")


def libsvm_to_dmatrix(string_like: str | bytes) -> xgb.DMatrix:
    """Return the rows of libsvm."""
    return _matrix(string_like, "text/libsvm")


def recordio_protobuf_to_dmatrix(string_like: bytes) -> xgb.DMatrix:
    """Return the features of records in RecordIO-protobuf."""
    return _matrix(string_like, "application/x-recordio-protobuf")


def decode(obj: str | bytes, content_type: str) -> xgb.DMatrix:
    """Return the rows of a media type.

    :raises UnsupportedFormatError: It is not one of CSV, libsvm and RecordIO-protobuf.
    """
    kind = content_type.partition(";")[0].strip()
    if kind not in TYPES:
        raise UnsupportedFormatError(kind)
    return _matrix(obj, kind)


def json_to_jsonlines(json_data: Any) -> bytes:
    """Return a line for each entry of a document's only member."""
    document = json_data if isinstance(json_data, dict) else json.loads(json_data)
    if len(document) != 1:
        raise ValueError("JSON response is not compatible for conversion to jsonlines.")
    (entries,) = document.values()
    return "".join(f"{json.dumps(entry)}\n" for entry in entries).encode()


def _matrix(body: str | bytes, kind: str) -> xgb.DMatrix:
    rows: xgb.DMatrix = module("payloads").matrix(
        body.encode() if isinstance(body, str) else bytes(body), kind
    )[0]
    return rows
