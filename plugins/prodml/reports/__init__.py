"""Self-contained pages that tasks leave in S3: no script runs in them, nothing is loaded.

Imports `endpoints`.
"""
