"""The models of a folder."""

from __future__ import annotations

import re

from tests.include.local_aws.images.interpreter import Interpreter
from tests.include.local_aws.images.xgboost.served import BINARY, MODELS, ask


def test_every_file_is_a_model_whatever_its_name(xgboost: Interpreter) -> None:
    """A pickled model is found, dot files are left out, and several models answer their mean."""
    xgboost.run(MODELS, models={"any.pkl": "binary:logistic", ".hidden": "reg:squarederror"})
    one = float(ask(xgboost, "39,1")[2])
    assert ask(xgboost, "1,2,3,4")[:2] == [400, "text/plain"]
    models = {"any.pkl": "binary:logistic", "other.ubj": "reg:squarederror"}
    xgboost.run(MODELS, models=models)
    both = float(ask(xgboost, "39,1")[2])
    first = float(ask(xgboost, "39,1", {"SAGEMAKER_INFERENCE_ENSEMBLE": "false"})[2])
    assert first == one != both


def test_classes_are_voted_for(xgboost: Interpreter) -> None:
    code = """
import numpy as np
from model_files import most_frequent
answer = most_frequent(np.array([[0, 2], [1, 1], [1, 2]])).tolist()
"""
    assert xgboost.run(code) == [1, 2]


def test_several_models_of_one_container_answer_means_of_classes(xgboost: Interpreter) -> None:
    """As AWS's server for them does, which does not vote."""
    xgboost.run(MODELS, models={"xgboost-model": "binary:hinge"})
    code = """
import numpy as np
from model_files import Models
from paths import MODEL

class Fixed:
    def __init__(self, label):
        self.label = label
    def predict(self, rows, **options):
        return np.array([self.label])

models = Models(MODEL)
models._boosters = [Fixed(0.0), Fixed(0.0), Fixed(3.0)]
answer = [models.predict(None, "text/csv", votes=votes).tolist() for votes in (True, False)]
"""
    assert xgboost.run(code) == [[0.0], [1.0]]


def test_a_folder_without_a_model_is_named(xgboost: Interpreter) -> None:
    xgboost.run(MODELS, models={})
    assert "has no model file" in xgboost.refused("import serve\nserve.Server()")


def test_a_file_that_is_no_model_ends_the_server(xgboost: Interpreter) -> None:
    xgboost.run(MODELS, models=BINARY)
    (xgboost.base / "model" / "notes.txt").write_text("not a model")
    error = xgboost.refused("import serve\nserve.Server()")
    assert re.search(r"Model .*notes.txt cannot be loaded:\nPickle load error=", error)
