"""Drift checks: their plan, the history of verdicts, and the action that follows.

Imports `data`, `evaluation`, `definition` and `adapters`.
"""
