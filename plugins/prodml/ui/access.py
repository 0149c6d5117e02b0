"""Ask Airflow who may read; every page and every route of the API depends on it."""

from __future__ import annotations

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import Depends, HTTPException


def _may_read_dags(user: GetUserDep) -> None:
    """Refuse a user without a role that may read DAGs; `GetUserDep` refuses anonymous requests."""
    if not get_auth_manager().is_authorized_dag(method="GET", user=user):
        raise HTTPException(403, "Ask for a role that may read DAGs.")


MAY_READ_DAGS = Depends(_may_read_dags)
