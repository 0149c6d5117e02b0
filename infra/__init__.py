"""The AWS set-up as code: the template, the two policies in it, and the command that joins them.

Imports the pipelines and the embedded AWS.
"""
