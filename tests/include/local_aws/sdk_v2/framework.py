"""Train and serve a script by the estimator of scikit-learn, attached to its job by name."""

from __future__ import annotations

import sys
from pathlib import Path

from sagemaker import Session
from sagemaker.sklearn import SKLearn

from tests.include.local_aws.sdk_v2.regional import Regional

SCRIPT = """
import argparse, os
import joblib
from sklearn.linear_model import LinearRegression

def model_fn(model_dir):
    return joblib.load(os.path.join(model_dir, "model.joblib"))

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--slope", type=float)
    model = LinearRegression().fit([[0], [1]], [0, parser.parse_args().slope])
    joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
"""
name, folder = sys.argv[1:]
session = Session(boto_session=Regional())
source = Path(folder, "source")
source.mkdir()
(source / "line.py").write_text(SCRIPT)
estimator = SKLearn(
    "line.py",
    source_dir=str(source),
    framework_version="1.4-2",
    role="arn:aws:iam::000000000000:role/prodml",
    instance_type="ml.m5.large",
    hyperparameters={"slope": 3},
    sagemaker_session=session,
)
estimator.fit(job_name=name)
attached = SKLearn.attach(name, sagemaker_session=session)
assert attached.entry_point == "line.py"
assert attached.hyperparameters()["slope"] == "3"
assert attached.model_data == estimator.model_data
predictor = attached.deploy(1, "ml.m5.large")  # NumPy arrays in both directions
assert predictor.predict([[2.0], [4.0]]).round(5).tolist() == [6.0, 12.0]
predictor.delete_endpoint()
print("done")
