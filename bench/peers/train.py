"""Train the model that every server serves: `python train.py FOLDER`."""

import sys
from pathlib import Path

import joblib
import mlflow.sklearn
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

folder = Path(sys.argv[1])
random = np.random.default_rng(7)
rows = random.normal(size=(5000, 20))
labels = (rows[:, :5].sum(axis=1) + random.normal(size=5000) > 0).astype(int)
model = HistGradientBoostingClassifier(max_iter=50).fit(rows, labels)
joblib.dump(model, folder / "model.joblib")
mlflow.sklearn.save_model(
    model,
    folder / "mlflow",
    pyfunc_predict_fn="predict_proba",
    serialization_format="cloudpickle",
)
