"""The import graph, read from the syntax trees: no circle, and only the allowed directions."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.root import ROOT
from tests.sources import source

TREES = ("bench", "chaos", "dags", "include", "infra", "plugins", "tests")


def module_of(path: Path) -> str:
    """Return the dotted name under which *path* is imported."""
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    if parts[0] == "plugins":
        parts = parts[1:]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def files() -> dict[str, Path]:
    """Return every Python file of the project by its dotted name."""
    return {module_of(path): path for tree in TREES for path in sorted((ROOT / tree).rglob("*.py"))}


def imported(module: str, path: Path) -> Iterator[tuple[str, int]]:
    """Yield each module of the project that *path* imports, anywhere in it, with the line."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in source(path.relative_to(ROOT)).imports:
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        else:
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base]).rstrip(".")
            for alias in node.names:
                full = f"{base}.{alias.name}"
                inside = base in files() and full not in files()
                yield (base if inside else full), node.lineno


@cache
def graph() -> dict[str, dict[str, int]]:
    """Return by module what it imports of the project, and on which line."""
    return {
        module: {
            target: line
            for target, line in imported(module, path)
            if target in files() and target != module
        }
        for module, path in files().items()
    }


def circle() -> list[str]:
    """Return the modules of one import circle, the first again at the end; empty if none."""
    done: set[str] = set()

    def visit(module: str, trail: list[str]) -> list[str]:
        if module in trail:
            return [*trail[trail.index(module) :], module]
        if module in done:
            return []
        for target in graph()[module]:
            if ring := visit(target, [*trail, module]):
                return ring
        done.add(module)
        return []

    return next(filter(None, (visit(module, []) for module in graph())), [])


def test_no_import_closes_a_circle() -> None:
    ring = circle()
    if ring:
        last, first = ring[-2], ring[-1]
        where = f"{files()[last].relative_to(ROOT)}:{graph()[last][first]}"
        raise AssertionError(f"{where} imports {first} and closes a circle: {' -> '.join(ring)}")


LOCAL = "include.local_aws"
# What each package of the embedded AWS may import of its others; the top level may import all.
LOCAL_PACKAGES = {
    "wire": "",
    "faults": "wire",
    "core": "wire faults",
    "containers": "core wire",
    "moto": "core wire moto.stacks",
    "moto.stacks": "moto",
    "iam": "core wire",
    "cloudwatch": "core wire",
    "apigateway": "core wire apigateway.templates",
    "apigateway.templates": "",
    "apigateway.execution": (
        "core wire cloudwatch apigateway apigateway.templates sagemaker.runtime"
    ),
    "autoscaling": "core wire cloudwatch",
    "servicequotas": "core wire",
    "sagemaker": "core wire",
    "sagemaker.experiments": "core wire",
    "sagemaker.lineage": "core wire",
    "sagemaker.models": "core wire containers",
    "sagemaker.search": "core wire sagemaker.experiments",
    "sagemaker.jobs": "core wire containers",
    "sagemaker.training": ("core wire containers cloudwatch sagemaker.jobs sagemaker.experiments"),
    "sagemaker.processing": (
        "core wire containers cloudwatch sagemaker.jobs sagemaker.experiments"
    ),
    "sagemaker.transform": (
        "core wire containers cloudwatch sagemaker.jobs sagemaker.experiments sagemaker.models"
    ),
    "sagemaker.tuning": "core wire containers sagemaker.jobs sagemaker.training",
    "sagemaker.automl": "core wire sagemaker.jobs",
    "sagemaker.pipelines": "core wire sagemaker.jobs",
    "sagemaker.runtime": "core wire containers cloudwatch",
    "sagemaker.endpoints": (
        "core wire containers cloudwatch autoscaling sagemaker.runtime sagemaker.models"
    ),
    "sagemaker.components": (
        "core wire containers autoscaling sagemaker.runtime sagemaker.models sagemaker.endpoints"
    ),
    "sagemaker.monitoring": "core wire containers sagemaker.endpoints sagemaker.processing",
}
# What each package of the Airflow extension may import of its others; "" is its top level.
PRODML_PACKAGES = {
    "": "links listeners ui",
    "aws": "",
    "apis": "aws",
    "debugger": "",
    "links": "",
    "notifications": "links",
    "listeners": "notifications",
    "autoscaling": "aws",
    "experiments": "aws",
    "model_monitor": "aws",
    "jobs": "aws debugger links",
    "endpoints": "aws jobs autoscaling",
    "comparison": "aws endpoints",
    "preflight": "aws",
    "reports": "debugger endpoints",
    "triggers": "aws debugger jobs",
    "studio": "aws jobs",
    "studio.experiments": "aws experiments studio",
    "studio.endpoints": "aws autoscaling comparison endpoints studio",
    "studio.jobs": "aws jobs links studio",
    "studio.costs": "aws endpoints jobs studio studio.jobs",
    "studio.lineage": "aws experiments jobs links studio",
    "studio.summaries": "aws studio studio.experiments studio.endpoints",
    "ui": (
        "aws links notifications studio studio.experiments studio.endpoints studio.jobs "
        "studio.costs studio.lineage studio.summaries"
    ),
    "operators": (
        "aws apis debugger jobs endpoints autoscaling comparison experiments model_monitor "
        "preflight reports studio.summaries triggers links notifications"
    ),
}
# What each package of pipelines may import of its others; "" is the top level.
PIPELINE_PACKAGES = {
    "contracts": "",
    "definition": "errors",
    "adapters": "errors",
    "data": "errors contracts definition adapters",
    "evaluation": "errors contracts definition adapters data training",
    "training": "errors contracts definition adapters",
    "batch": "errors contracts definition adapters data evaluation",
    "deployment": "errors contracts definition adapters data evaluation",
    "drift": "errors contracts definition adapters data evaluation",
    "params": "definition",
    "stages": (
        "contracts definition adapters data evaluation training batch deployment drift params mnist"
    ),
}
WIRING = (
    "include.pipelines.stages",
    "dags",
    "bench.dags",
    "chaos.dags",
    "bench.bench_automl",
    "bench.bench_large_account",
    "tests",
)
WIRES = {"airflow.sdk.chain", "airflow.sdk.dag", "airflow.sdk.task", "prodml.operators"}


def package_of(module: str) -> str:
    """Return the package that *module* is in; of a package, itself."""
    return module if files()[module].name == "__init__.py" else module.rpartition(".")[0]


def crossings(top: str, packages: dict[str, str]) -> Iterator[str]:
    """Yield the imports below *top* that *packages* does not allow."""
    for module, targets in graph().items():
        if not module.startswith(f"{top}."):
            continue
        home = package_of(module).removeprefix(top).strip(".")
        if home not in packages:
            continue
        allowed = {f"{top}.{name}" for name in packages[home].split()} | {package_of(module)}
        for target, line in targets.items():
            inside = target.startswith(f"{top}.") and package_of(target) != top
            if inside and package_of(target) not in allowed:
                where = f"{files()[module].relative_to(ROOT)}:{line}"
                yield f"{where} imports {target}, which {home or top} may not"


@pytest.mark.parametrize(
    ("top", "packages"),
    [
        (LOCAL, LOCAL_PACKAGES),
        ("prodml", PRODML_PACKAGES),
        ("include.pipelines", PIPELINE_PACKAGES),
    ],
)
def test_packages_import_only_what_they_may(top: str, packages: dict[str, str]) -> None:
    assert list(crossings(top, packages)) == []


@pytest.mark.parametrize(
    ("top", "packages"),
    [
        (LOCAL, LOCAL_PACKAGES),
        ("prodml", PRODML_PACKAGES),
        ("include.pipelines", PIPELINE_PACKAGES),
    ],
)
def test_every_package_says_what_it_may_import(top: str, packages: dict[str, str]) -> None:
    unlisted = {
        package_of(module).removeprefix(top).strip(".")
        for module in graph()
        if module.startswith(f"{top}.") and not module.startswith(f"{LOCAL}.images")
    } - {"", *packages}
    assert unlisted == set()
    for name in packages:
        folder = ROOT / ("plugins" if top == "prodml" else "") / f"{top}.{name}".replace(".", "/")
        text = ast.get_docstring(ast.parse((folder / "__init__.py").read_text())) or ""
        assert len(text.splitlines()) >= 2 or not name, f"{folder}/__init__.py says too little"


@pytest.mark.parametrize("name", [name for name in PRODML_PACKAGES if name])
def test_the_docstring_of_an_extension_package_names_its_imports(name: str) -> None:
    folder = ROOT / "plugins" / "prodml" / name.replace(".", "/")
    text = ast.get_docstring(ast.parse((folder / "__init__.py").read_text()))
    stated = (text or "").rpartition("Imports ")[2]
    assert set(re.findall(r"`([\w.]+)`", stated)) == set(PRODML_PACKAGES[name].split())


def outside(prefix: str, banned: tuple[str, ...]) -> list[str]:
    """Return the imports below the path *prefix* whose top-level package is *banned*."""
    return [
        f"{path.relative_to(ROOT)}:{line} imports {target}"
        for module, path in files().items()
        if str(path.relative_to(ROOT)).startswith(prefix)
        for target, line in imported(module, path)
        if target.split(".")[0] in banned
    ]


def test_code_that_runs_in_containers_imports_no_airflow() -> None:
    assert outside("include/jobs/", ("airflow", "prodml")) == []
    assert outside("include/local_aws/images/", ("airflow", "prodml", "include")) == []


def test_prodml_imports_nothing_of_the_project() -> None:
    assert outside("plugins/", ("include", "dags", "bench", "chaos", "tests")) == []


def test_the_embedded_aws_imports_nothing_of_the_project() -> None:
    assert outside("include/local_aws/", ("airflow", "prodml", "dags", "bench", "tests")) == []
    absolute = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for module, path in files().items()
        if module.startswith(LOCAL)
        for node in source(path.relative_to(ROOT)).imports
        if isinstance(node, ast.ImportFrom)
        and not node.level
        and (node.module or "").split(".")[0] == "include"
    ]
    assert absolute == []


def test_no_service_imports_another_services_handlers() -> None:
    """A handler module registers operations; other services use what it is built on."""
    services = ("cloudwatch", "autoscaling", "sagemaker")
    handlers = {
        module: module.removeprefix(f"{LOCAL}.").split(".")[0]
        for module, path in files().items()
        if module.startswith(f"{LOCAL}.") and "@operation(" in path.read_text()
    }
    wrong = [
        f"{module} imports {target}"
        for module, targets in graph().items()
        for target in targets
        if (home := module.removeprefix(f"{LOCAL}.").split(".")[0]) in services
        and module.startswith(f"{LOCAL}.")
        and handlers.get(target, home) not in (home, "core")
    ]
    assert wrong == []


def test_only_stages_and_dags_wire_operators() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {target}"
        for module, path in files().items()
        if not module.startswith((*WIRING, "prodml"))
        for target, line in imported(module, path)
        if any(target == wire or target.startswith(f"{wire}.") for wire in WIRES)
    ]
    assert wrong == []


def test_benchmarks_import_nothing_of_the_tests() -> None:
    reached: set[str] = set()
    waiting = [module for module in graph() if module.startswith("bench")]
    while waiting:
        module = waiting.pop()
        reached.add(module)
        waiting += [target for target in graph()[module] if target not in reached]
    assert [module for module in reached if module.startswith("tests")] == []


def mirrored(path: Path) -> Path:
    """Return the path of the test of the module at *path*."""
    return ROOT / "tests" / path.parent / f"test_{path.name}"


def test_modules_have_a_test_at_their_path() -> None:
    modules = [
        path.relative_to(ROOT)
        for path in files().values()
        if path.relative_to(ROOT).parts[0] in ("chaos", "include", "infra", "plugins")
        and path.name != "__init__.py"
    ]
    without = sorted(str(path) for path in modules if not mirrored(path).exists())
    assert len(without) <= 0.05 * len(modules), "\n".join(without)
