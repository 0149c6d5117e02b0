"""Build prebuilt image URIs by region, from a table: asking the SDK takes two seconds."""

from __future__ import annotations

# The registries of the XGBoost and scikit-learn images, from the SageMaker SDK's tables.
REGISTRIES = {
    "af-south-1": "510948584623",
    "ap-east-1": "651117190479",
    "ap-northeast-1": "354813040037",
    "ap-northeast-2": "366743142698",
    "ap-northeast-3": "867004704886",
    "ap-south-1": "720646828776",
    "ap-south-2": "628508329040",
    "ap-southeast-1": "121021644041",
    "ap-southeast-2": "783357654285",
    "ap-southeast-3": "951798379941",
    "ap-southeast-4": "106583098589",
    "ca-central-1": "341280168497",
    "ca-west-1": "190319476487",
    "cn-north-1": "450853457545",
    "cn-northwest-1": "451049120500",
    "eu-central-1": "492215442770",
    "eu-central-2": "680994064768",
    "eu-north-1": "662702820516",
    "eu-south-1": "978288397137",
    "eu-south-2": "104374241257",
    "eu-west-1": "141502667606",
    "eu-west-2": "764974769150",
    "eu-west-3": "659782779980",
    "il-central-1": "898809789911",
    "me-central-1": "272398656194",
    "me-south-1": "801668240914",
    "sa-east-1": "737474898029",
    "us-east-1": "683313688378",
    "us-east-2": "257758044811",
    "us-gov-east-1": "237065988967",
    "us-gov-west-1": "414596584902",
    "us-west-1": "746614075791",
    "us-west-2": "246618743249",
}
# Those of the framework images: one account for most regions, and others for these.
DEEP_LEARNING = "763104351884"
DEEP_LEARNING_BY_REGION = {
    "af-south-1": "626614931356",
    "ap-east-1": "871362719292",
    "ap-northeast-3": "364406365360",
    "ap-south-2": "772153158452",
    "ap-southeast-3": "907027046896",
    "ap-southeast-4": "457447274322",
    "ca-west-1": "204538143572",
    "cn-north-1": "727897471807",
    "cn-northwest-1": "727897471807",
    "eu-central-2": "380420809688",
    "eu-south-1": "692866216735",
    "eu-south-2": "503227376785",
    "il-central-1": "780543022126",
    "me-central-1": "914824155844",
    "me-south-1": "217643126080",
    "us-gov-east-1": "446045086412",
    "us-gov-west-1": "442386744353",
}
# Those of the Spark Processing image.
SPARK_REGISTRIES = {
    "af-south-1": "309385258863",
    "ap-east-1": "732049463269",
    "ap-northeast-1": "411782140378",
    "ap-northeast-2": "860869212795",
    "ap-northeast-3": "102471314380",
    "ap-south-1": "105495057255",
    "ap-south-2": "873151114052",
    "ap-southeast-1": "759080221371",
    "ap-southeast-2": "440695851116",
    "ap-southeast-3": "800295151634",
    "ap-southeast-4": "819679513684",
    "ca-central-1": "446299261295",
    "ca-west-1": "000907499111",
    "cn-north-1": "671472414489",
    "cn-northwest-1": "844356804704",
    "eu-central-1": "906073651304",
    "eu-central-2": "142351485170",
    "eu-north-1": "330188676905",
    "eu-south-1": "753923664805",
    "eu-south-2": "833944533722",
    "eu-west-1": "571004829621",
    "eu-west-2": "836651553127",
    "eu-west-3": "136845547031",
    "il-central-1": "408426139102",
    "me-central-1": "395420993607",
    "me-south-1": "750251592176",
    "sa-east-1": "737130764395",
    "us-east-1": "173754725891",
    "us-east-2": "314815235551",
    "us-gov-east-1": "260923028637",
    "us-gov-west-1": "271483468897",
    "us-west-1": "667973535471",
    "us-west-2": "153931337802",
}


def _uri(region: str, name: str, registry: str | None = None) -> str:
    if region not in REGISTRIES:
        raise ValueError(
            f"No image registry for region {region!r}. Add it to "
            "include/pipelines/definition/images.py; `sagemaker.core.image_uris.retrieve` has "
            "the account."
        )
    return own(region, name, registry or REGISTRIES[region])


def _framework(region: str, name: str) -> str:
    return _uri(region, name, DEEP_LEARNING_BY_REGION.get(region, DEEP_LEARNING))


def xgboost(region: str, version: str = "3.0-5") -> str:
    return _uri(region, f"sagemaker-xgboost:{version}")


def sklearn(region: str, version: str = "1.4-2") -> str:
    return _uri(region, f"sagemaker-scikit-learn:{version}-cpu-py3")


def spark(region: str, version: str = "3.5-cpu-py312-v1.3") -> str:
    return _uri(region, f"sagemaker-spark-processing:{version}", SPARK_REGISTRIES.get(region))


def own(region: str, name: str, account: str) -> str:
    """Return the URI of your own image, ``repository:tag`` in your own registry."""
    domain = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return f"{account}.dkr.ecr.{region}.{domain}/{name}"


def pytorch(region: str, version: str = "2.6.0-cpu-py312") -> str:
    return _framework(region, f"pytorch-training:{version}")


def pytorch_inference(region: str, version: str = "2.6.0-cpu-py312") -> str:
    return _framework(region, f"pytorch-inference:{version}")


def tensorflow(region: str, version: str = "2.19.0-cpu-py312") -> str:
    return _framework(region, f"tensorflow-training:{version}")


def tensorflow_inference(region: str, version: str = "2.19.0-cpu") -> str:
    return _framework(region, f"tensorflow-inference:{version}")
