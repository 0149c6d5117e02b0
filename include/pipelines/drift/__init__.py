"""Drift checks: their plan, the history of verdicts, and the action that follows.

Imports `contracts`, `data`, `evaluation`, `definition` and `adapters`.
"""
