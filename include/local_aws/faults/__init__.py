"""Faults on demand: which errors and events to inject, and the ASGI layer that does.

Imports `wire` only.
"""
