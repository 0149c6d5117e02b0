"""What decides on a deployment: versions, pins, endpoints' lifetimes.

Imports `evaluation`, `data`, `definition` and `adapters`.
"""
