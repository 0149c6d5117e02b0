"""Operators, one module per step of the loop; each works alone in any DAG.

Imports every subject's package, `triggers`, `links` and `reports`; none of those imports it.
"""
