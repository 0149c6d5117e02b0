"""Batch scoring: which file, which model, and the join of predictions to keys.

Imports `data`, `evaluation` and `adapters`.
"""
