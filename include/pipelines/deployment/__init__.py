"""Decisions about deployments: versions, pins, and the lifetimes of endpoints.

Imports `evaluation`, `data`, `definition` and `adapters`.
"""
