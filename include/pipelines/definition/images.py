"""Build prebuilt image URIs by region, from a table: asking the SDK takes two seconds."""

from __future__ import annotations

# The registries of the XGBoost and scikit-learn images, from the SageMaker SDK's tables.
REGISTRIES = {
    "us-east-1": "683313688378",
    "us-east-2": "257758044811",
    "us-west-1": "746614075791",
    "us-west-2": "246618743249",
    "eu-central-1": "492215442770",
    "eu-west-1": "141502667606",
    "eu-west-2": "764974769150",
    "eu-west-3": "659782779980",
    "ap-northeast-1": "354813040037",
    "ap-south-1": "720646828776",
    "ap-southeast-1": "121021644041",
    "ap-southeast-2": "783357654285",
    "ca-central-1": "341280168497",
    "sa-east-1": "737474898029",
}
DEEP_LEARNING = "763104351884"  # the registry of the framework images in all of these regions


def _uri(region: str, name: str, registry: str | None = None) -> str:
    if region not in REGISTRIES:
        raise ValueError(
            f"No image registry for region {region!r}. Add it to "
            "include/pipelines/definition/images.py; `sagemaker.core.image_uris.retrieve` has "
            "the account."
        )
    return f"{registry or REGISTRIES[region]}.dkr.ecr.{region}.amazonaws.com/{name}"


def xgboost(region: str, version: str = "3.0-5") -> str:
    return _uri(region, f"sagemaker-xgboost:{version}")


def sklearn(region: str, version: str = "1.4-2") -> str:
    return _uri(region, f"sagemaker-scikit-learn:{version}-cpu-py3")


def own(region: str, name: str, account: str) -> str:
    """Return the URI of your own image, ``repository:tag`` in your own registry."""
    return f"{account}.dkr.ecr.{region}.amazonaws.com/{name}"


def pytorch(region: str, version: str = "2.6.0-cpu-py312") -> str:
    return _uri(region, f"pytorch-training:{version}", DEEP_LEARNING)


def pytorch_inference(region: str, version: str = "2.6.0-cpu-py312") -> str:
    return _uri(region, f"pytorch-inference:{version}", DEEP_LEARNING)


def tensorflow(region: str, version: str = "2.19.0-cpu-py312") -> str:
    return _uri(region, f"tensorflow-training:{version}", DEEP_LEARNING)


def tensorflow_inference(region: str, version: str = "2.19.0-cpu") -> str:
    return _uri(region, f"tensorflow-inference:{version}", DEEP_LEARNING)
