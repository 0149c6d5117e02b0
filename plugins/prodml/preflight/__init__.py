"""Checks of an account before the first run: they only read, and name the fix of what is wrong.

A module for each subject; that of all checks runs them. Imports `aws`.
"""
