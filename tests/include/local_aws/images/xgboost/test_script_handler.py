"""A model of the built-in algorithm's image that the user's script serves."""

from __future__ import annotations

from pathlib import Path

from include.local_aws.containers.environments import Environments
from include.local_aws.containers.image import FOLDER, TOOLKIT_FOLDER
from tests.include.local_aws.images.interpreter import interpreter_of
from tests.include.local_aws.jobs import XGBOOST

SCRIPT = """
import numpy as np

class Sum:
    def predict(self, rows, validate_features):
        return np.asarray(rows.get_data().sum(axis=1)).ravel()

def model_fn(model_dir):
    return Sum()
"""
ASK = """
import serve
server = serve.Server()
answer = [[*server.invoke(body.encode(), {"Content-Type": kind, "Accept": "text/csv"})]
          for body, kind in requests]
answer = [[status, body.decode()] for status, _, body in answer]
"""


def test_functions_of_the_script_are_used(environments: Environments, tmp_path: Path) -> None:
    """The image does what the script leaves out: rows of CSV and libsvm, and lines of CSV."""
    variables = {"PYTHONPATH": str(FOLDER / "xgboost"), "SAGEMAKER_PROGRAM": "inference.py"}
    requests = [["1,2\n3;4", "text/csv"], ["1;2\n3;4", "text/csv"], ["0:5 1:6", "text/libsvm"]]
    with interpreter_of(XGBOOST, environments, TOOLKIT_FOLDER, tmp_path, **variables) as scripted:
        (tmp_path / "model" / "code" / "inference.py").write_text(SCRIPT)
        bad, rows, pairs = scripted.run(ASK, requests=requests)
    assert bad[0] == 500
    assert rows == [200, "3.0\n7.0\n"]
    assert pairs == [200, "11.0\n"]
