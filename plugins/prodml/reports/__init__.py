"""Build self-contained report pages: no scripts, no external files.

Imports `debugger` and `endpoints`.
"""
