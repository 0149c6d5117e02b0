"""Definitions of pipelines and studies, validated when their file is imported.

Imports the job's schema; nothing that runs.
"""
