"""Decisions about deployments: versions, pins, and the lifetimes of endpoints.

Imports `contracts`, `evaluation`, `data`, `definition` and `adapters`.
"""
