"""How operators and triggers reach AWS."""
