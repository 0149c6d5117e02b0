"""Read channels as matrices of XGBoost, for scripts that train."""

from __future__ import annotations

from pathlib import Path

import xgboost as xgb

from sagemaker_xgboost_container.image import module

CSV, LIBSVM, PARQUET, RECORDIO_PROTOBUF = "csv", "libsvm", "parquet", "recordio-protobuf"


def get_content_type(content_type_cfg_val: str | None) -> str:
    """Return csv, libsvm, parquet or recordio-protobuf; libsvm if there is no content type.

    :raises UserError: It is of another type.
    """
    data = module("data")
    kind = data.base_type(content_type_cfg_val or LIBSVM)
    kinds = {CSV: data.CSV, LIBSVM: data.LIBSVM, PARQUET: data.PARQUET}
    return next((name for name, known in kinds.items() if kind in known), RECORDIO_PROTOBUF)


def get_dmatrix(
    data_path: str, content_type: str, csv_weights: int = 0, is_pipe: bool = False
) -> xgb.DMatrix | None:
    """Return the data of a channel's folder or file, with the label first; None without any."""
    data = module("data")
    path = Path(data_path)
    if is_pipe:
        streamed: xgb.DMatrix = data.streamed(path, content_type, bool(csv_weights))
        return streamed
    if not data.files(path):
        return None
    rows: xgb.DMatrix = data.channel(path, content_type, bool(csv_weights))
    return rows


def get_size(data_path: str, is_pipe: bool = False) -> int:
    """Return the bytes of a channel's data; 1 for one that is streamed."""
    if is_pipe:
        return 1
    return sum(file.stat().st_size for file in module("data").files(Path(data_path)))
