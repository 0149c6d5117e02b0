"""The model in production, and its comparison with a challenger.

Imports `contracts`, `definition`, `data`, `adapters` and `training`.
"""
