"""Mapping templates: the language, the methods of its values, and the variables of API Gateway.

A template is the input of a user: it runs no Python, and ends after a number of steps.
"""
