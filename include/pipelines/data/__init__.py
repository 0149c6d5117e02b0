"""Raw data: weekly partitions, the window of a run, and validation row by row.

Imports `definition`.
"""
