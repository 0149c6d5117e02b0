"""What scripts import of AWS's XGBoost container: `encoder`, `data_utils` and `distributed`."""
