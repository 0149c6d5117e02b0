"""XGBoost's import without the packages that its wrappers need."""

from __future__ import annotations

from tests.include.local_aws.images.interpreter import Interpreter

PROGRAM = """
import sys, importlib.util, lean, xgboost
given = ("pandas", "sklearn")
print([name for name in given if name in sys.modules])
print([name for name in given if importlib.util.find_spec(name)])
"""
RUN = """
import subprocess, sys
ended = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, check=True)
answer = ended.stdout.decode().splitlines()
"""


def test_wrapped_packages_are_imported_by_those_who_need_them(xgboost: Interpreter) -> None:
    imported, importable = xgboost.run(RUN, program=PROGRAM)
    assert imported == "[]"
    assert importable == "['pandas', 'sklearn']"
