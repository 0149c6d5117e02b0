"""Requests as matrices, as AWS's container parses them."""

from __future__ import annotations

import csv

import numpy as np
import recordio
import scipy.sparse
import xgboost as xgb
from data import CSV, LIBSVM, RECORDIO, base_type
from errors import UserError

SNIFFED = 512  # characters of the first line that decide about the delimiter
# From this version on, AWS's container takes libsvm's indices from 1 on as those from 0, and gives
# a script 0 for each feature that a line leaves out.
CHANGED = (3, 2)


def matrix(body: bytes, content_type: str, *, scripted: bool = False) -> tuple[xgb.DMatrix, str]:
    """Return the rows of a request, and its media type.

    :param scripted: Whether a script serves the model.
    :raises UserError: The type is not accepted, or the body is not of it.
    """
    kind = base_type(content_type)
    if kind in CSV:
        return xgb.DMatrix(_cells(body)), kind
    if kind in RECORDIO:
        return xgb.DMatrix(recordio.table(body)[:, 1:]), kind
    if kind in LIBSVM:
        pairs = _pairs(body)
        return xgb.DMatrix(filled(pairs, xgb.__version__) if scripted else pairs), kind
    raise UserError(f"Content-type {content_type} is not supported.")


def _cells(body: bytes) -> np.ndarray:
    """Return the numbers of text whose delimiter is sniffed; an empty cell is missing."""
    try:
        text = body.strip().decode()
        lines = text.split("\n")
        sniffed = csv.Sniffer().sniff(lines[0][:SNIFFED]).delimiter
        delimiter = "," if sniffed.isalnum() else sniffed
        return np.array(
            [[cell or "nan" for cell in line.split(delimiter)] for line in lines], float
        )
    except (ValueError, csv.Error) as error:
        raise _unreadable("csv", error) from None


def _pairs(body: bytes) -> scipy.sparse.csr_matrix:
    """Return the `index:value` pairs of each line; a word without a colon is a label."""
    rows, columns, values = [], [], []
    try:
        for number, line in enumerate(body.strip().decode().split("\n")):
            for index, value, *_ in (w.split(":") for w in line.split(" ") if ":" in w):
                rows.append(number)
                columns.append(int(index))
                values.append(float(value))
        columns = shifted(columns, xgb.__version__)
        return scipy.sparse.csr_matrix((values, (rows, columns)), dtype=float)
    except ValueError as error:
        raise _unreadable("libsvm", error) from None


def shifted(columns: list[int], version: str) -> list[int]:
    """Return the columns of libsvm's indices, as the container of a version of XGBoost counts them.

    Training does not shift them: a model of such indices has an empty first column.
    """
    one_based = _is_changed(version) and min(columns, default=0) >= 1
    return [column - 1 for column in columns] if one_based else columns


def filled(pairs: scipy.sparse.csr_matrix, version: str) -> scipy.sparse.csr_matrix | np.ndarray:
    """Return *pairs* as the default input_fn of a version of XGBoost gives them to a script.

    Source: libsvm_to_dmatrix of aws/sagemaker-xgboost-container.
    """
    return pairs.toarray() if _is_changed(version) else pairs


def _is_changed(version: str) -> bool:
    major, minor, *_ = map(int, version.split("."))
    return (major, minor) >= CHANGED


def _unreadable(form: str, error: Exception) -> UserError:
    return UserError(
        f"Loading {form} data failed with Exception, please ensure data is in {form} format:\n "
        f"{type(error)}\n {error}"
    )
