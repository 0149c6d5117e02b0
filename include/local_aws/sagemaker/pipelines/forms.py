"""The JSON types of the members of a definition."""

from __future__ import annotations

from typing import Any

from ...core.store import Doc

ARRAY, OBJECT = "Expecting start of Json Array.", "Expecting start of Json Object."
# Members of a step that are lists, and the types of their elements.
LISTS: dict[str, tuple[type, ...]] = {
    "DependsOn": (str, dict),
    "RetryPolicies": (dict,),
    "PropertyFiles": (dict,),
    "OutputParameters": (dict,),
}
NAMES = {  # of the elements of a list: members that are strings
    "PropertyFiles": ("PropertyFileName", "OutputName", "FilePath"),
    "OutputParameters": ("OutputName",),
}
OUTPUT_TYPES = ("String", "Integer", "Float", "Boolean")


def wrong_member(step: Doc) -> str | None:
    """Return the member of a step with another type than AWS's; None without one."""
    for member, types in LISTS.items():
        elements = step.get(member) or []
        if not isinstance(elements, list):
            return f"{ARRAY} Change {member}"
        if not all(isinstance(element, types) for element in elements):
            return f"{OBJECT} Change {member}"
        for name in NAMES.get(member, ()):
            if not all(isinstance(element.get(name), str) for element in elements):
                return f"Give each of {member} a string {name}, in the list"
    return _wrong_value(step)


def _wrong_value(step: Doc) -> str | None:
    arguments = step.get("Arguments") or {}
    values = (("CacheConfig", step), ("Selector", arguments))
    for member, holder in values:
        value = holder.get(member)
        if value is not None and not isinstance(value, dict):
            return f"{OBJECT} Change {member}"
    if not isinstance(arguments.get("Conditions") or [], list):
        return f"{ARRAY} Change Conditions"
    types = [output.get("OutputType", "String") for output in step.get("OutputParameters") or []]
    if unknown := [kind for kind in types if kind not in OUTPUT_TYPES]:
        return f"OutputType {unknown[0]!r} is not one of {', '.join(OUTPUT_TYPES)}. Change it"
    policies = step.get("RetryPolicies") or []
    if not all(isinstance(policy.get("ExceptionType"), list) for policy in policies):
        return f"{ARRAY} Change ExceptionType"
    return None


def wrong_parameter(declared: Any) -> str | None:
    """Return what is wrong with the types of the declared parameters; None if nothing is."""
    if not isinstance(declared, list):
        return f"{ARRAY} Change Parameters."
    for parameter in declared:
        if not isinstance(parameter, dict):
            return f"{OBJECT} Change Parameters."
        if not isinstance(parameter.get("Name"), str):
            return f"Parameter names must be strings, not {parameter.get('Name')!r}."
        if not isinstance(parameter.get("EnumValues") or [], list):
            return f"{ARRAY} Change EnumValues of parameter {parameter['Name']}."
    return None
