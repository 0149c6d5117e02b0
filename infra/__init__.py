"""The AWS set-up as code: the template, the two policies in it, and the command that joins them.

Imports nothing of this project.
"""
