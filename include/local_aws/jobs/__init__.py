"""Jobs: what runs between Create and Completed."""
