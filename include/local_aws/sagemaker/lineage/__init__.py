"""Lineage entities (artifacts, actions, contexts), associations and queries over them.

Imports `core`, `wire` and the resources that lineage refers to.
"""
