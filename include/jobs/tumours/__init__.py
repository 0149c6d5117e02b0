"""The tumours data: their schema."""
