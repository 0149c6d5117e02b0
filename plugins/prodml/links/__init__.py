"""Links from a task to what it started.

Imports the vocabulary only.
"""
