"""What a pipeline or a study states, validated when its file is imported.

Imports the job's schema; nothing that runs.
"""
