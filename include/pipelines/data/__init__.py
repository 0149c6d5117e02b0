"""Raw data: dated partitions, the window of a run, and validation row by row.

Imports `definition`.
"""
