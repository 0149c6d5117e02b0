"""Describe ProdML to Airflow as a provider."""

from __future__ import annotations

from typing import Any


def get_provider_info() -> dict[str, Any]:
    """Return the entry of `airflow providers list`; the plugin has an entry point of its own."""
    return {
        "package-name": "prodml",
        "name": "ProdML",
        "description": "Run machine-learning models in production with Amazon SageMaker.",
    }
