"""Use XGBoost without what takes two thirds of the time of its import.

Only its wrappers for scikit-learn and pandas need these packages. SciPy imports all names of NumPy,
with its compiler of Fortran and its tools for tests, and with its sparse matrices the algorithms
for graphs, which import its linear algebra. The programs of the built-in algorithm use none. Import
this module before `xgboost`; everything can be imported afterwards.
"""

from __future__ import annotations

import gc
import sys
from types import ModuleType
from typing import Any

gc.set_threshold(50_000, 20, 20)  # what is imported never becomes garbage
import numpy as np  # noqa: E402

UNUSED = ("pandas", "sklearn")
OF_NUMPY = ("f2py", "testing")
EMPTY = (*(f"numpy.{name}" for name in OF_NUMPY), "scipy.sparse.csgraph")
absent: Any = None

sys.modules.update({name: absent for name in UNUSED if name not in sys.modules})
empty = {name: ModuleType(name) for name in EMPTY if name not in sys.modules}
sys.modules.update(empty)
np.__dict__.update({name: sys.modules[f"numpy.{name}"] for name in OF_NUMPY})
import xgboost.data  # noqa: E402

for name in UNUSED:
    if sys.modules[name] is None:
        del sys.modules[name]
for name in empty:
    del sys.modules[name]
    package, _, module = name.rpartition(".")
    vars(sys.modules[package]).pop(module, None)

is_series = xgboost.data._is_pandas_series  # imports pandas for the first matrix


def is_imported_series(data: Any) -> bool:
    """Return whether *data* is a series of pandas, which it is only once pandas is imported."""
    return "pandas" in sys.modules and is_series(data)


xgboost.data._is_pandas_series = is_imported_series
