"""A model server of the built-in algorithm, with the models that a test wants."""

from __future__ import annotations

from typing import Any

from tests.include.local_aws.images.interpreter import Interpreter

MODELS = """
import numpy as np, pickle, xgboost as xgb
from paths import MODEL
x = np.column_stack([np.arange(40.0), np.ones(40)])
for old in MODEL.iterdir():
    old.is_file() and old.unlink()
for name, objective in models.items():
    several = "multi" in objective
    settings = {"objective": objective} | ({"num_class": 3} if several else {})
    label = x[:, 0] // 14 if several else x[:, 0] > 20
    booster = xgb.train(settings, xgb.DMatrix(x, label=label), 5)
    if name.endswith("pkl"):
        (MODEL / name).write_bytes(pickle.dumps(booster))
    else:
        booster.save_model(MODEL / name)
"""
ASK = """
import os, serve
os.environ.update(variables)
server = serve.Server()
status, kind, body = server.invoke(payload.encode(), headers)
for name in variables:
    del os.environ[name]
answer = [status, kind, body.decode("latin-1")]
"""
BINARY = {"xgboost-model": "binary:logistic"}
CLASSES = {"xgboost-model": "multi:softprob"}
JSON, LINES = "application/json", "application/jsonlines"
RECORDIO = "application/x-recordio-protobuf"


def ask(served: Interpreter, payload: str, variables: Any = None, **headers: str) -> Any:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return served.run(ASK, payload=payload, headers=given, variables=variables or {})
