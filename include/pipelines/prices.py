"""What an hour of an instance costs: a dated table, for bounds and ledgers, not for bills.

USD per hour, on demand, us-east-1, for training, processing and transform alike. The numbers are
AWS's public list prices as they were known on PRICES_OF, and have not been fetched since: compare
them with https://aws.amazon.com/sagemaker/pricing/ before you rely on a bound.
"""

from __future__ import annotations

PRICES_OF = "2024-06-01"
HOURLY = {
    "ml.m5.large": 0.115,
    "ml.m5.xlarge": 0.23,
    "ml.m5.2xlarge": 0.461,
    "ml.m5.4xlarge": 0.922,
    "ml.c5.xlarge": 0.204,
    "ml.c5.2xlarge": 0.408,
    "ml.g4dn.xlarge": 0.736,
    "ml.p3.2xlarge": 3.825,
}


def hourly(instance_type: str) -> float:
    if instance_type not in HOURLY:
        raise ValueError(
            f"No price is known for {instance_type!r}. Add it to include/pipelines/prices.py, or "
            f"use one of {', '.join(HOURLY)}."
        )
    return HOURLY[instance_type]
