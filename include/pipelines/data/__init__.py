"""Raw data: where they land, their partitions by time, the window of a run, and its manifest.

Imports `contracts`, `definition` and `adapters`.
"""
