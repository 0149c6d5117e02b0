"""The churn data's columns, and how a raw row becomes the numbers that a model sees.

Pure Python: the same lines run in the Processing job, in tasks, and in the endpoint's callers.
The encoded columns are fixed by this vocabulary: every model of the pipeline takes the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping

KEY = "customer_id"
LABEL = "churn"
LABELS = {"no": 0, "yes": 1}

NUMBERS = (
    "account_length",
    "number_vmail_messages",
    "total_day_minutes",
    "total_day_calls",
    "total_day_charge",
    "total_eve_minutes",
    "total_eve_calls",
    "total_eve_charge",
    "total_night_minutes",
    "total_night_calls",
    "total_night_charge",
    "total_intl_minutes",
    "total_intl_calls",
    "total_intl_charge",
    "number_customer_service_calls",
)
FLAGS = ("international_plan", "voice_mail_plan")
STATES = (
    "AK AL AR AZ CA CO CT DC DE FL GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH "
    "NJ NM NV NY OH OK OR PA RI SC SD TN TX UT VA VT WA WI WV WY"
).split()
CATEGORIES = {"state": tuple(STATES), "area_code": ("408", "415", "510")}

RAW_COLUMNS = (KEY, *CATEGORIES, *FLAGS, *NUMBERS, LABEL)
FEATURES = (
    *NUMBERS,
    *FLAGS,
    *(f"{column}_{value}" for column, values in CATEGORIES.items() for value in values),
)

Row = Mapping[str, str]
Medians = Mapping[str, float]


def encode(row: Row, medians: Medians) -> list[float]:
    """The features of one raw row, in the order of FEATURES; an empty number is imputed."""
    numbers = [float(row[name]) if row[name] else medians[name] for name in NUMBERS]
    flags = [1.0 if row[name] == "yes" else 0.0 for name in FLAGS]
    one_hot = [
        1.0 if row[column] == value else 0.0
        for column, values in CATEGORIES.items()
        for value in values
    ]
    return numbers + flags + one_hot


def as_csv(features: list[float]) -> str:
    """Features as the CSV record that endpoints and transform jobs take."""
    return ",".join(f"{value:.12g}" for value in features)
