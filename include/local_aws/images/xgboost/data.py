"""Channels as matrices: CSV, Parquet and RecordIO-protobuf with the label first, or libsvm."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import numpy as np
import recordio
import scipy.sparse
import xgboost as xgb
from errors import UserError

CSV = frozenset({"csv", "text/csv"})
PARQUET = frozenset({"parquet", "application/x-parquet"})
LIBSVM = frozenset({"libsvm", "text/libsvm", "text/x-libsvm"})
RECORDIO = frozenset({"recordio-protobuf", "application/x-recordio-protobuf"})
ACCEPTED = CSV | LIBSVM | PARQUET | RECORDIO


def base_type(content_type: str) -> str:
    """Return the media type; refuse another `label_size` of CSV than 1, as the container does."""
    kind, *parameters = (part.strip() for part in content_type.lower().split(";"))
    if kind not in ACCEPTED:
        raise UserError(
            f"{content_type} is not an accepted ContentType: {', '.join(sorted(ACCEPTED))}."
        )
    given = dict(parameter.partition("=")[::2] for parameter in parameters)
    if kind in CSV and given.get("label_size", "1") != "1":
        raise UserError(
            f"{content_type} is not an accepted csv ContentType. Optional parameter label_size "
            "must be equal to 1"
        )
    return kind


def files(folder: Path) -> list[Path]:
    """Return the files of a channel that are data, by name; *folder* may be one file."""
    paths = [folder] if folder.is_file() else sorted(folder.rglob("*"))
    return [p for p in paths if p.is_file() and p.name[0] not in "._"]


def streamed(folder: Path, content_type: str, weights: bool = False) -> xgb.DMatrix:
    """Return all data of a channel that is streamed, from its first FIFO.

    The container reads FIFOs of CSV and RecordIO-protobuf, and none from XGBoost 3 on.
    """
    kind = base_type(content_type)
    if int(xgb.__version__.partition(".")[0]) >= 3 or kind not in CSV | RECORDIO:
        raise UserError(f"Pipe mode is not supported for {kind}. Please use Fast File mode.")
    parse = recordio.table if kind in RECORDIO else csv_table
    return _matrix(parse(folder.with_name(f"{folder.name}_0").read_bytes()), weights)


def channel(folder: Path, content_type: str, weights: bool = False) -> xgb.DMatrix:
    """Return all data of a channel, label in column 0 (and the weight in column 1 if requested)."""
    found = files(folder)
    if not found:
        raise UserError(f"No data files were found in channel {folder.name!r}.")
    kind = base_type(content_type)
    if kind in LIBSVM:
        return libsvm(b"\n".join(path.read_bytes() for path in found))
    read = _reader(kind)
    tables = [read(path) for path in found]
    return _matrix(tables[0] if len(tables) == 1 else np.concatenate(tables), weights)


def _matrix(table: np.ndarray, weights: bool) -> xgb.DMatrix:
    first = 2 if weights else 1
    return xgb.DMatrix(table[:, first:], label=table[:, 0], weight=table[:, 1] if weights else None)


def joined(matrices: list[xgb.DMatrix]) -> xgb.DMatrix:
    """Return the rows of all of them, one after the other."""
    width = max(matrix.num_col() for matrix in matrices)
    parts = [matrix.get_data() for matrix in matrices]
    for part in parts:
        part.resize(part.shape[0], width)
    weights = [_weights(matrix) for matrix in matrices]
    return xgb.DMatrix(
        scipy.sparse.vstack(parts),
        label=np.concatenate([matrix.get_label() for matrix in matrices]),
        weight=np.concatenate(weights),
    )


def _weights(matrix: xgb.DMatrix) -> np.ndarray:
    given = matrix.get_weight()
    return given if len(given) else np.ones(matrix.num_row())


def _reader(kind: str) -> Callable[[Path], np.ndarray]:
    if kind in PARQUET:
        return _parquet_table
    if kind in RECORDIO:
        return lambda path: recordio.table(path.read_bytes())
    return _csv_file


def _csv_file(path: Path) -> np.ndarray:
    with path.open("rb") as file:
        return _csv_rows(file)


def _parquet_table(path: Path) -> np.ndarray:
    """Return the table of a Parquet file; the label is column 0."""
    import pyarrow.parquet

    columns = pyarrow.parquet.read_table(path).columns
    return np.column_stack([column.to_numpy().astype(float) for column in columns])


def csv_table(data: bytes) -> np.ndarray:
    """Parse numbers by row; an empty cell is missing. Refuse a header or a text cell."""
    return _csv_rows(io.BytesIO(data))


def _csv_rows(file: BinaryIO) -> np.ndarray:
    """Return the rows in the precision that XGBoost computes with: they fill half the memory."""
    with contextlib.suppress(ValueError):  # numpy does not parse empty cells or quotes
        return np.loadtxt(file, np.float32, delimiter=",", comments=None, ndmin=2)
    file.seek(0)
    rows = [row for row in csv.reader(io.TextIOWrapper(file, "utf-8", newline="")) if row]
    try:
        cells = [[float(cell) if cell else np.nan for cell in row] for row in rows]
        return np.array(cells, np.float32)
    except ValueError as error:
        raise UserError(
            f"Loading csv data failed with Exception, please ensure data is in csv format: {error}"
        ) from None


def libsvm(data: bytes) -> xgb.DMatrix:
    """Parse `<label> index:value ...` lines as a sparse matrix."""
    labels, rows, columns, values = [], [], [], []
    for number, line in enumerate(filter(None, data.decode().splitlines())):
        label, *pairs = line.split()
        labels.append(float(label.partition(":")[0]))
        for pair in pairs:
            index, _, value = pair.partition(":")
            rows.append(number)
            columns.append(int(index))
            values.append(float(value))
    matrix = np.full((len(labels), max(columns, default=0) + 1), np.nan)
    matrix[rows, columns] = values
    return xgb.DMatrix(matrix, label=labels)
