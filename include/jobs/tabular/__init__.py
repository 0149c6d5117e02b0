"""Jobs that any pipeline over CSV rows shares: the schema's form, and preprocessing by it."""
