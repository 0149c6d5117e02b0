"""Operators, one module per step of the loop; each works alone in any DAG.

Imports `aws`, `apis`, `debugger`, `jobs`, `endpoints`, `autoscaling`, `comparison`, `experiments`,
`model_monitor`, `preflight`, `reports`, `studio.summaries`, `triggers`, `links` and
`notifications`.
"""
