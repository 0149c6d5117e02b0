"""Link a task to what it started.

Imports no other package.
"""
