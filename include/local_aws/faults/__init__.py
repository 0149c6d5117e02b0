"""Fault injection: the configured faults, and the ASGI layer that injects them.

Imports `wire` only.
"""
