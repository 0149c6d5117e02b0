"""Provide to scripts what they import of AWS's XGBoost container."""
