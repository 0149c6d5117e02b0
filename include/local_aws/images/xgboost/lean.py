"""Use XGBoost without what takes two thirds of the time of its import.

Only its wrappers for scikit-learn and pandas need these packages, and only NumPy's own build needs
its compiler of Fortran, which SciPy imports with all other names of NumPy. The programs of the
built-in algorithm use none. Import this module before `xgboost`; everything can be imported
afterwards.
"""

from __future__ import annotations

import gc
import sys
from types import ModuleType
from typing import Any

gc.set_threshold(50_000, 20, 20)  # what is imported never becomes garbage
import numpy as np  # noqa: E402

COMPILER = "f2py"
UNUSED = ("pandas", "sklearn")
absent: Any = None

sys.modules.update({name: absent for name in UNUSED if name not in sys.modules})
sys.modules[f"numpy.{COMPILER}"] = np.__dict__[COMPILER] = ModuleType(COMPILER)
import xgboost.data  # noqa: E402

for name in UNUSED:
    if sys.modules[name] is None:
        del sys.modules[name]
del sys.modules[f"numpy.{COMPILER}"], np.__dict__[COMPILER]

is_series = xgboost.data._is_pandas_series  # imports pandas for the first matrix


def is_imported_series(data: Any) -> bool:
    """Return whether *data* is a series of pandas, which it is only once pandas is imported."""
    return "pandas" in sys.modules and is_series(data)


xgboost.data._is_pandas_series = is_imported_series
