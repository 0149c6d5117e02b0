"""What is trained, with what, and how it is judged.

A user edits the file of a model on this level; each subject has a package. Only `stages` wires
operators.
"""
