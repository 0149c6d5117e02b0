"""Check the names of pipelines."""

from __future__ import annotations

from pathlib import Path

import pytest

from include.pipelines.definition.catalog import names
from include.pipelines.definition.names import check_name
from include.pipelines.errors import PipelineError

INCLUDE = Path(__file__).parents[4] / "include"
CODE = {path.stem for name in ("pipelines/*.py", "jobs/*") for path in INCLUDE.glob(name)}


@pytest.mark.parametrize("name", ["churn", "c", "mnist_2", "a" * 32])
def test_a_name_that_fits_everywhere_passes(name: str) -> None:
    check_name(name)


@pytest.mark.parametrize(
    "name", ["churn-2", "Churn", "2churn", "", "a" * 33, "a b", "../a", "a_", "_a"]
)
def test_another_one_is_refused_with_the_rule(name: str) -> None:
    with pytest.raises(
        PipelineError,
        match=r"cannot be called .*up to 32 .* a letter first and no underscore last\.",
    ):
        check_name(name)


@pytest.mark.parametrize("name", ["class", "import", "lambda"])
def test_a_name_that_no_dag_file_can_import_is_refused(name: str) -> None:
    with pytest.raises(PipelineError, match=f"a word of Python.*such as {name}_model"):
        check_name(name)


@pytest.mark.parametrize("name", ["data", "drift", "stages", "errors", "tabular"])
def test_a_name_that_other_code_has_is_refused(name: str) -> None:
    with pytest.raises(PipelineError, match="has code of that name"):
        check_name(name)


@pytest.mark.parametrize("name", sorted(CODE - {"__init__", "__pycache__", *names()}))
def test_the_name_of_every_module_and_job_is_refused(name: str) -> None:
    with pytest.raises(PipelineError, match="has code of that name"):
        check_name(name)


@pytest.mark.parametrize("name", names())
def test_the_projects_own_pipelines_have_good_names(name: str) -> None:
    check_name(name)
