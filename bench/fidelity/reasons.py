"""Give the reason why a test does not pass: rules on a failure's text, judgements of single tests.

A failure without either is a fault of the embedded AWS.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

ASSUMES = "assumes"  # a simplification of the suite's own, which AWS does not make
REFUSED = "refused"  # an operation, image or resource that the embedded AWS refuses by name
FAULT = "fault"
SKIPPED = "skipped"


@dataclass(frozen=True)
class Rule:
    """A pattern of a failure's text; *reason* may use its groups."""

    kind: str
    pattern: str
    reason: str


RULES = (
    Rule(REFUSED, r"\b(\w+) is not emulated by the embedded AWS", r"\1 is refused"),
    Rule(
        REFUSED,
        r"does not emulate the image '(?:[^'/]+/)?([^']+)'",
        r"the image `\1` is refused",
    ),
    Rule(
        REFUSED, r"(AWS::SageMaker::\w+) is not emulated in stacks", r"stacks with \1 are refused"
    ),
    Rule(
        ASSUMES,
        r"validation errors? detected: Value '[^\n]*?' at '(\w+)[^'\n]*' failed to satisfy",
        r"sends a `\1` that SageMaker's service model refuses",
    ),
    Rule(ASSUMES, r"Unable to parse pipeline definition", "creates a pipeline of invalid JSON"),
    Rule(ASSUMES, r"port=5000", "prepares answers by the API of moto's own server"),
    Rule(
        ASSUMES,
        r"Give either TrainingJobDefinition or TrainingJobDefinitions",
        "gives both TrainingJobDefinition and TrainingJobDefinitions",
    ),
    Rule(
        ASSUMES,
        r"You cannot update both model card content and model card status",
        "updates content and status of a model card in one call, which AWS documents as refused",
    ),
    Rule(ASSUMES, r"Content is not a JSON object", "creates a model card whose content is no JSON"),
)
# By suite and test, whose name may have wildcards.
JUDGED = {
    ("moto", "test_sagemaker_experiment::test_create_experiment"): (
        "expects the capitals of a name in its ARN, which AWS writes in lower case"
    ),
    ("moto", "test_sagemaker_model_package_groups::test_search_model_package_groups"): (
        "expects Search in the order of creation; AWS documents the newest first"
    ),
    ("moto", "test_sagemaker_model_packages::test_list_model_packages"): (
        "creates two model packages of one name"
    ),
    ("moto", "test_sagemaker_integration::test_tag_and_untag_resources_sagemaker"): (
        "creates a model without a container"
    ),
    ("moto", "*::test_list_*_should_validate_input"): (
        "expects the members of an enumeration as a list of Python, in moto's order"
    ),
    ("moto", "*::test_describe_unknown_*_job"): (
        "expects moto's sentence for an unknown job; AWS's is `Requested resource not found.`"
    ),
    ("moto", "test_sagemaker_trial_component::test_disassociate_trial_component"): (
        "disassociates a component and a trial that do not exist, for which the model has an error"
    ),
    ("moto", "test_sagemaker_trial_component::test_update_trial_component_should_return_*"): (
        "expects ValidationException where the service model has ResourceNotFound"
    ),
    ("moto", "test_sagemakerruntime::test_invoke_endpoint__default_results"): (
        "invokes an endpoint that does not exist"
    ),
}


def by_test(suite: str, name: str) -> tuple[str, str] | None:
    """Return the judgement of a test, if there is one: an assumption of the suite."""
    for (of, pattern), reason in JUDGED.items():
        if of == suite and fnmatchcase(name, pattern):
            return ASSUMES, reason
    return None
