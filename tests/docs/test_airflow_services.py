"""Pages on Amazon MWAA, Astro and Kubernetes: their names exist in the project."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import Any

import pytest
import yaml

from include.settings import Settings
from tests.matrix.environments import ENVIRONMENTS
from tests.root import ROOT

HOW_TO = ROOT / "docs" / "how-to"
PAGES = ("mwaa", "astro", "kubernetes")
REQUIRED = {"PRODML_BUCKET", "PRODML_ROLE_ARN", "PRODML_DEPLOYMENT"}


def text_of(page: str) -> str:
    return (HOW_TO / f"{page}.md").read_text()


def block(page: str, language: str) -> str:
    blocks = re.findall(rf"```{language}\n(.*?)```", text_of(page), re.DOTALL)
    return "\n".join(blocks)


def values() -> dict[str, Any]:
    return dict(yaml.safe_load(block("kubernetes", "yaml")))


@pytest.mark.parametrize("page", PAGES)
def test_each_setting_exists_and_the_required_ones_are_named(page: str) -> None:
    settings = {field.metadata["variable"] for field in fields(Settings)}
    named = set(re.findall(r"PRODML_[A-Z_]+", text_of(page)))
    assert REQUIRED <= named <= settings


@pytest.mark.parametrize("page", PAGES)
def test_each_dag_and_target_exists(page: str) -> None:
    text = text_of(page)
    targets = set(re.findall(r"make ([a-z-]+)", text))
    makefile = (ROOT / "Makefile").read_text()
    assert [name for name in targets if f"\n{name}: " not in makefile] == []
    dags = {path.stem for path in (ROOT / "dags").glob("*.py")}
    assert set(re.findall(r"`([a-z]+_(?:jobs|project))`", text)) <= dags


@pytest.mark.parametrize("page", ["astro", "kubernetes"])
def test_what_is_copied_exists(page: str) -> None:
    lines = re.findall(r"^COPY (?:--\S+ )?(\S+)", block(page, "dockerfile"), re.MULTILINE)
    sources = lines + re.findall(r"\$PRODML/(\S+)", block(page, "bash"))
    assert sources
    assert [name for name in sources if not (ROOT / name).exists()] == []


def test_the_image_of_kubernetes_is_that_of_compose() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yaml").read_text())
    inline = compose["x-airflow"]["build"]["dockerfile_inline"]
    dockerfile = block("kubernetes", "dockerfile")
    for line in dockerfile.splitlines():
        if line.startswith(("FROM", "RUN", "COPY requirements")):
            assert line in inline
    path = compose["x-airflow"]["environment"]["PYTHONPATH"]
    assert f"ENV PYTHONPATH={path}" in dockerfile
    assert f"apache/airflow:{values()['defaultAirflowTag']}" in inline


def test_secrets_that_the_values_name_are_created() -> None:
    chart = values()
    named = {name for key, name in chart.items() if key.endswith("SecretName")}
    named.add(chart["data"]["metadataSecretName"])
    created = re.findall(r"secret generic (\S+)", block("kubernetes", "bash"))
    assert set(created) == named


def test_the_versions_of_mwaa_are_tested() -> None:
    tested = {e.airflow for e in ENVIRONMENTS.values() if e.mwaa}
    assert set(re.findall(r"\b3\.\d\.\d\b", text_of("mwaa"))) == tested
