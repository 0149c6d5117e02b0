"""The usual hand-made model server: Flask, to be run by gunicorn."""

import os

import joblib
import numpy as np
from flask import Flask, Response, request

app = Flask(__name__)
model = joblib.load(os.environ["MODEL_FILE"])


@app.get("/ping")
def ping() -> Response:
    return Response(status=200)


@app.post("/invocations")
def invocations() -> Response:
    rows = np.loadtxt(request.get_data(as_text=True).splitlines(), delimiter=",", ndmin=2)
    scores = model.predict_proba(rows)[:, 1]
    return Response("".join(f"{score}\n" for score in scores), mimetype="text/csv")
