"""Convert arrays to text and bytes, and back, as `sagemaker-containers` does.

These are the library's own codecs without its import, which takes a second. NumPy is imported when
a codec is used: a server whose script has codecs of its own starts faster.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable
from typing import Any

JSON, CSV, NPY, ANY = "application/json", "text/csv", "application/x-npy", "*/*"
UTF8_TYPES = (JSON, CSV)
# Several models of one endpoint have the codecs of `sagemaker-inference` instead.
SEVERAL = bool(os.environ.get("SAGEMAKER_MULTI_MODEL"))


def json_to_numpy(string_like: str, dtype: Any = None) -> Any:
    """Return an array of any shape."""
    import numpy as np

    return np.array(json.loads(string_like), dtype=dtype)


def csv_to_numpy(string_like: str, dtype: Any = None) -> Any:
    """Return an array without axes of length one; its cells stay text if one is not a number."""
    import numpy as np

    array: Any = np.array(list(csv.reader(io.StringIO(string_like), strict=True))).squeeze()
    try:
        return array.astype(dtype)
    except ValueError as error:
        if dtype is None:
            return array
        raise ValueError(f"Error while writing numpy array: {error}. dtype is: {dtype}") from error


def npy_to_numpy(npy_array: bytes) -> Any:
    """Return an array of NumPy's own format."""
    import numpy as np

    return np.load(io.BytesIO(npy_array), allow_pickle=True)


def array_to_json(array_like: Any) -> str:
    """Return JSON; what has `tolist` is a list."""
    return json.dumps(array_like, default=_as_list)


def array_to_csv(array_like: Any) -> str:
    """Return a line for each row, or for each value of a single axis."""
    import numpy as np

    array = np.array(array_like)
    rows = array.reshape(-1, 1) if array.ndim == 1 else array
    written = io.StringIO()
    csv.writer(written, lineterminator="\n", strict=True).writerows(rows)
    return written.getvalue()


def array_to_npy(array_like: Any) -> bytes:
    """Return NumPy's own format."""
    import numpy as np

    written = io.BytesIO()
    np.save(written, array_like)
    return written.getvalue()


def decode(obj: Any, content_type: str) -> Any:
    """Return *obj* of a media type as an array."""
    return _codec(DECODERS, content_type)(obj)


def encode(array_like: Any, content_type: str) -> Any:
    """Return an array in a media type."""
    return _codec(ENCODERS, content_type)(array_like)


def _codec(codecs: dict[str, Callable[[Any], Any]], content_type: str) -> Callable[[Any], Any]:
    if content_type not in codecs:
        raise ValueError(
            f"Content type {content_type} is not supported by this framework. Implement input_fn "
            "to deserialize the request data or output_fn to serialize the response."
        )
    return codecs[content_type]


def _as_list(array_like: Any) -> Any:
    if hasattr(array_like, "tolist"):
        return array_like.tolist()
    return json.JSONEncoder().default(array_like)


DECODERS: dict[str, Callable[[Any], Any]] = {
    NPY: npy_to_numpy,
    CSV: csv_to_numpy,
    JSON: json_to_numpy,
}
ENCODERS: dict[str, Callable[[Any], Any]] = {
    NPY: array_to_npy,
    CSV: array_to_csv,
    JSON: array_to_json,
}
