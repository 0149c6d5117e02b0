"""Modules of the image, and those of a script that have the same names."""

from __future__ import annotations

from tests.include.local_aws.images.interpreter import Interpreter


def test_a_script_keeps_its_own_modules(script: Interpreter) -> None:
    code = """
import sys
import data
from sagemaker_xgboost_container.image import FOLDER, module
image = module("data")
answer = {
    "image": hasattr(image, "channel") and image is module("data"),
    "own": [data.NAME, sys.modules["data"].NAME],
    "path": str(FOLDER) in sys.path,
    "hidden": "recordio" not in sys.modules,
}
"""
    answer = script.run(code)
    assert answer == {"image": True, "own": ["mine", "mine"], "path": False, "hidden": True}


def test_the_path_is_restored_after_a_failed_import(script: Interpreter) -> None:
    code = "from sagemaker_xgboost_container.image import module\nmodule('no_such_module')"
    assert script.refused(code).startswith("ModuleNotFoundError: ")
    kept = """
import sys
from sagemaker_xgboost_container.image import FOLDER
import data
answer = [str(FOLDER) in sys.path, data.NAME]
"""
    assert script.run(kept) == [False, "mine"]
