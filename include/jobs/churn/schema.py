"""The churn data's columns."""

from __future__ import annotations

from ..tabular.schema import Schema

STATES = (
    "AK AL AR AZ CA CO CT DC DE FL GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH "
    "NJ NM NV NY OH OK OR PA RI SC SD TN TX UT VA VT WA WI WV WY"
).split()

SCHEMA = Schema(
    key="customer_id",
    label="churn",
    labels={"no": 0, "yes": 1},
    numbers=(
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
    ),
    flags=("international_plan", "voice_mail_plan"),
    categories={"state": tuple(STATES), "area_code": ("408", "415", "510")},
)
