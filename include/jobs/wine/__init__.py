"""The wine data: their schema."""
