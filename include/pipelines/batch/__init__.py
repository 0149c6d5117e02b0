"""Batch scoring: the file, the model, and the join of predictions to keys.

Imports `contracts`, `data`, `evaluation` and `adapters`.
"""
