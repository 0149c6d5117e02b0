"""Check the AWS account of this environment before the first run, and change nothing.

`python -m include.preflight [--env FILE]` prints what is right, what is not, and what fixes it. It
exits with 1 if something is wrong; what AWS does not show is UNKNOWN, and wrong only with --strict.
"""

from __future__ import annotations

import argparse
import logging
import os
import re
import shlex
import sys
from itertools import chain
from pathlib import Path

from prodml.aws.client import Aws
from prodml.company_rules import CompanyRulesError, company_rules
from prodml.preflight.checks import CONFIG, findings
from prodml.preflight.findings import State, table
from prodml.preflight.project import Project

from include.pipelines.definition import catalog, images
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.definition.resources import Instances, Step
from include.pipelines.mnist import STUDIES
from include.settings import ROOT, Settings, SettingsError, settings

COMMENT = re.compile(r"\s+#")
QUOTAS = {
    Step.PROCESSING: "processing job",
    Step.TRAINING: "training job",
    Step.TRANSFORM: "transform job",
    Step.ENDPOINT: "endpoint",
}
POLICIES = ROOT / "infra" / "policies"


def used_images(current: Settings) -> tuple[str, ...]:
    """Return the images of all pipelines in the region."""
    own = {
        images.own(current.region, candidate.image, current.account)
        for name in catalog.names()
        for candidate in catalog.find(name).candidates
        if candidate.image
    }
    return (images.xgboost(current.region), images.sklearn(current.region), *sorted(own))


def used_quotas() -> dict[str, int]:
    """Return the instances that one run of each pipeline and study needs at least, by quota."""
    used = [*map(_pipelines_instances, map(catalog.find, catalog.names()))]
    used += [[(Step.TRAINING, study.resources)] for study in STUDIES.values()]
    needed: dict[str, int] = {}
    for step, instances in chain.from_iterable(used):
        types = instances.types(step)
        for kind in types[:1] if step is Step.ENDPOINT else types:
            name = f"{kind} for {QUOTAS[step]} usage"
            needed[name] = max(needed.get(name, 0), instances.count)
    return dict(sorted(needed.items()))


def _pipelines_instances(pipeline: Pipeline) -> list[tuple[Step, Instances]]:
    of_candidates = [(Step.TRAINING, pipeline.training(c)) for c in pipeline.candidates]
    steps: dict[Step, Instances] = {step: getattr(pipeline.resources, step) for step in Step}
    if pipeline.serverless:
        del steps[Step.ENDPOINT]
    elif pipeline.component:
        steps[Step.ENDPOINT] = Instances(pipeline.hosts.instance_type, pipeline.hosts.most)
    return [*steps.items(), *of_candidates]


def project(current: Settings) -> Project:
    """Return what the account must fit."""
    return Project(
        bucket=current.bucket,
        role_arn=current.role_arn,
        region=current.region,
        deployment=current.deployment,
        quotas=used_quotas(),
        images=used_images(current),
        policies=POLICIES,
        rules=company_rules(),
        landing=current.landing,
    )


def read_environment(file: Path) -> dict[str, str]:
    """Return the variables of an environment file, without quotes and comments."""
    try:
        text = file.read_text()
    except OSError as error:
        raise SettingsError(
            f"{file} cannot be read: {error.strerror}. Write it by "
            "'python -m include.aws_environment STACK', or name another file."
        ) from None
    variables: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, separator, value = line.strip().partition("=")
        if not (separator and name.isidentifier()):
            raise SettingsError(f"{file}:{number} is {line!r}. Write NAME=value.")
        quoted = value[:1] in ("'", '"')
        variables[name] = shlex.split(value)[0] if quoted else COMMENT.split(value)[0]
    return variables


def main(arguments: list[str] | None = None) -> None:
    """Print the table; exit with 1 if something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--env", type=Path, metavar="FILE", help="an environment file, .env say")
    parser.add_argument("--strict", action="store_true", help="fail on UNKNOWN as well")
    given = parser.parse_args(arguments)
    logging.disable(logging.WARNING)  # of Airflow's hooks; the table says what is wrong
    try:
        if given.env:
            os.environ.update(read_environment(given.env))
        current = settings()
        aws = Aws(current.aws_conn_id, current.region, botocore_config=CONFIG)
        results = list(findings(aws, project(current)))
    except (OSError, SettingsError, CompanyRulesError, ValueError) as error:
        sys.exit(str(error))
    finally:
        logging.disable(logging.NOTSET)
    print(table(results))
    failing = {State.WRONG, State.UNKNOWN} if given.strict else {State.WRONG}
    sys.exit(int(any(result.state in failing for result in results)))


if __name__ == "__main__":
    main()
