"""Every version of a small image trains and serves, and old tags do on the nearest image."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest

from include.local_aws.containers.images import image_for
from include.local_aws.containers.nearest_images import NEAREST_IMAGE
from include.local_aws.testing import running_server
from tests.frameworks import only_with
from tests.include.local_aws.images.framework_models import TIMEOUT, FrameworkModels
from tests.include.local_aws.jobs import REGISTRY
from tests.include.local_aws.models import Platform

Unique = Callable[[str], str]
pytestmark = [only_with("versions"), pytest.mark.timeout(2 * TIMEOUT)]
VERSIONS = (
    "sagemaker-scikit-learn:1.2-1-cpu-py3",
    "sagemaker-scikit-learn:1.4-2-py312-cpu-py3",
    "sagemaker-scikit-learn:1.9-0-cpu-py3",
    "sagemaker-xgboost:1.7-1",
    "sagemaker-xgboost:3.2-0",
)
OLD_TAGS = ("sagemaker-scikit-learn:0.20.0-cpu-py3", "sagemaker-xgboost:1.0-1-cpu-py3")
SCRIPT = """
import argparse, json, os, sys
import joblib
import numpy

parser = argparse.ArgumentParser()
parser.add_argument("--model-dir", default=os.environ.get("SM_MODEL_DIR"))
rows = numpy.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]] * 5)
labels = rows.sum(axis=1)

def model_fn(model_dir):
    return joblib.load(os.path.join(model_dir, "model.joblib"))

def input_fn(body, content_type):
    return numpy.array(json.loads(body))

def predict_fn(data, model):
    return model.predict(data)

def output_fn(prediction, accept):
    return json.dumps(prediction.round(1).tolist())

if __name__ == "__main__":
    try:
        from xgboost import XGBRegressor as Model, __version__ as version
    except ImportError:
        from sklearn.linear_model import LinearRegression as Model
        from sklearn import __version__ as version
    given = parser.parse_args()
    joblib.dump(Model().fit(rows, labels), os.path.join(given.model_dir, "model.joblib"))
    print("trained on", version, "with Python", "%d.%d" % sys.version_info[:2], flush=True)
"""


@pytest.fixture(scope="module")
def near(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrameworkModels]:
    """Start an embedded AWS that runs unknown tags on the nearest known image."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(NEAREST_IMAGE, "1")
        with running_server(tmp_path_factory.mktemp("near"), time_scale=60) as server:
            numbers = itertools.count()
            platform = Platform(server, lambda stem: f"{stem}-{next(numbers)}")
            yield FrameworkModels(platform)
            platform.clean_up()


def trained_and_served(models: FrameworkModels, name: str, image: str) -> list[str]:
    """Train the script and check an endpoint's answers; return the lines of the job's log."""
    model = models.trained(name, image, SCRIPT)
    code = f"s3://{models.platform.bucket}/code/{name}.tar.gz"
    endpoint = models.served(
        name, image, model, SAGEMAKER_PROGRAM="train.py", SAGEMAKER_SUBMIT_DIRECTORY=code
    )
    assert models.answer(endpoint, [[0, 1], [1, 1]]) == [1.0, 2.0]
    return models.lines(name)


@pytest.mark.parametrize("name", VERSIONS)
def test_a_version_trains_and_serves_and_its_log_names_another_python(
    name: str, platform: Platform, unique: Unique
) -> None:
    lines = trained_and_served(FrameworkModels(platform), unique("version"), f"{REGISTRY}/{name}")
    packages = image_for(name).packages
    version = packages.requirements[0].partition("==")[2]
    (line,) = [line for line in lines if line.startswith("trained on")]
    assert line.startswith(f"trained on {version} with Python 3.")
    python = line.rpartition(" ")[2]
    note = f"{name} runs on Python {python}: Python {packages.python}, AWS's, is not on the PATH"
    assert any(note in line for line in lines) == (python != packages.python)


@pytest.mark.parametrize("name", OLD_TAGS)
def test_an_old_tag_trains_and_serves_on_the_nearest_image(
    name: str, near: FrameworkModels
) -> None:
    repository = name.partition(":")[0]
    job = repository.replace("sagemaker-", "old-")
    lines = trained_and_served(near, job, f"{REGISTRY}/{name}")
    known = image_for(VERSIONS[0] if "scikit" in name else "sagemaker-xgboost:1.7-1").name
    assert lines[0] == (
        f"WARNING: {name} is not known here: {known}, the nearest known image, runs in its place."
    )
    description = near.platform.sagemaker.describe_training_job(TrainingJobName=job)
    assert description["AlgorithmSpecification"]["TrainingImage"].endswith(name)
