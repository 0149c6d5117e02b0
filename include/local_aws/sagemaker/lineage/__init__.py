"""Lineage entities (artifacts, actions, contexts), associations and queries over them.

Imports `core` and `wire`.
"""
