"""XGBoost without the packages that its wrappers need."""

from __future__ import annotations

from tests.include.local_aws.images.interpreter import Interpreter

PROGRAM = """
import sys, importlib.util, lean, xgboost
given = ("pandas", "sklearn", "numpy.f2py")
xgboost.DMatrix([[1, 2], [3, 4]], label=[0, 1])
print([name for name in given if name in sys.modules])
print([name for name in given if importlib.util.find_spec(name)])
import pandas, numpy.f2py
numpy.f2py.run_main
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
    assert importable == "['pandas', 'sklearn', 'numpy.f2py']"
    assert series == "[[5.0], [6.0]]"
