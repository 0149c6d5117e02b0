"""The model in production, and its comparison with a challenger.

Imports `definition`, `data`, `adapters` and `training`.
"""
