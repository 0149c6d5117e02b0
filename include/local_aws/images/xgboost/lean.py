"""Import XGBoost without scikit-learn and pandas, which take two thirds of its import.

Only its wrappers for them need these packages, and the programs of the built-in algorithm use none.
Import this module before `xgboost`; everything can import both packages afterwards.
"""

from __future__ import annotations

import sys
from typing import Any

UNUSED = ("pandas", "sklearn")
absent: Any = None

sys.modules.update({name: absent for name in UNUSED if name not in sys.modules})
import xgboost  # noqa: E402, F401

for name in UNUSED:
    if sys.modules[name] is None:
        del sys.modules[name]
