"""Use XGBoost without scikit-learn and pandas, which take two thirds of the time of its import.

Only its wrappers for them need these packages, and the programs of the built-in algorithm use none.
Import this module before `xgboost`; everything can import both packages afterwards.
"""

from __future__ import annotations

import sys
from typing import Any

UNUSED = ("pandas", "sklearn")
absent: Any = None

sys.modules.update({name: absent for name in UNUSED if name not in sys.modules})
import xgboost.data  # noqa: E402

for name in UNUSED:
    if sys.modules[name] is None:
        del sys.modules[name]

is_series = xgboost.data._is_pandas_series  # imports pandas for the first matrix


def is_imported_series(data: Any) -> bool:
    """Return whether *data* is a series of pandas, which it is only once pandas is imported."""
    return "pandas" in sys.modules and is_series(data)


xgboost.data._is_pandas_series = is_imported_series
