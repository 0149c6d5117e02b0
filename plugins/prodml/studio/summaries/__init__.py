"""Summaries in S3 of what pages show, which a DAG writes every minute: one object for a subject.

An object holds, compressed, the JSON that the API returns, so that the API server forwards it
unread. Imports `aws`, `studio`, `studio.experiments` and `studio.endpoints`.
"""
