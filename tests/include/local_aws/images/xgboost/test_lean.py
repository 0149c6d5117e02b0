"""XGBoost without the packages that its wrappers need."""

from __future__ import annotations

from tests.include.local_aws.images.interpreter import Interpreter

GIVEN = ("pandas", "sklearn", "numpy.f2py", "numpy.testing", "scipy.sparse.csgraph")
PROGRAM = f"""
import sys, importlib.util, lean, xgboost
given = {GIVEN}
xgboost.DMatrix([[1, 2], [3, 4]], label=[0, 1])
print([name for name in given if name in sys.modules])
print([name for name in given if importlib.util.find_spec(name)])
import pandas, numpy.f2py, numpy.testing, scipy.sparse.csgraph
numpy.f2py.run_main, numpy.testing.assert_equal, scipy.sparse.csgraph.laplacian
print(xgboost.DMatrix(pandas.Series([5, 6])).get_data().toarray().tolist())
"""
RUN = """
import subprocess, sys
ended = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, check=True)
answer = ended.stdout.decode().splitlines()
"""


def test_wrapped_packages_are_imported_by_those_who_need_them(xgboost: Interpreter) -> None:
    imported, importable, series = xgboost.run(RUN, program=PROGRAM)
    assert imported == "[]"
    assert importable == str(list(GIVEN))
    assert series == "[[5.0], [6.0]]"
