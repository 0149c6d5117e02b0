"""Errors that are the caller's to mend."""

from __future__ import annotations


class UserError(Exception):
    """Bad data or bad hyperparameters: the platform reports it as a ClientError."""
