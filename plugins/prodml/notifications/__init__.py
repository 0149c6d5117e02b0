"""Notify people of what happens to models, by the receivers that `PRODML_NOTIFY` names.

Imports `links`.
"""
