"""Define pipelines: their data, candidates, evaluation and deployment.

A user edits the file of a model on this level; each subject has a package. Only `stages` wires
operators.
"""
