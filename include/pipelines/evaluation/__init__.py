"""The model in production, and whether a challenger replaces it.

Imports `definition`, `data` and `adapters`.
"""
