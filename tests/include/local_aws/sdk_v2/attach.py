"""Train the built-in algorithm, attach to the job by its name, and deploy its model."""

from __future__ import annotations

import sys
from pathlib import Path

from sagemaker import Session, image_uris
from sagemaker.deserializers import CSVDeserializer
from sagemaker.estimator import Estimator
from sagemaker.inputs import TrainingInput
from sagemaker.serializers import CSVSerializer

from tests.include.local_aws.sdk_v2.regional import Regional

name, folder = sys.argv[1:]
session = Session(boto_session=Regional())
data = Path(folder, "train.csv")
data.write_text("".join(f"{int(x > 20)},{x}\n" for x in range(40)))
estimator = Estimator(
    image_uris.retrieve("xgboost", session.boto_region_name, "1.7-1"),
    "arn:aws:iam::000000000000:role/prodml",
    instance_count=1,
    instance_type="ml.m5.large",
    hyperparameters={"objective": "binary:logistic", "num_round": 5, "eval_metric": "auc"},
    sagemaker_session=session,
)
channel = TrainingInput(session.upload_data(str(data), key_prefix=name), content_type="text/csv")
estimator.fit({"train": channel}, job_name=name)
attached = Estimator.attach(name, sagemaker_session=session)
assert attached.model_data == estimator.model_data
assert attached.hyperparameters()["num_round"] == "5"
curve = attached.training_job_analytics.dataframe()
assert set(curve["metric_name"]) == {"train:auc"}, curve
predictor = attached.deploy(
    1, "ml.m5.large", serializer=CSVSerializer(), deserializer=CSVDeserializer()
)
((low,), (high,)) = predictor.predict("1\n39")
assert float(low) < 0.5 < float(high)
predictor.delete_endpoint()
print("done")
