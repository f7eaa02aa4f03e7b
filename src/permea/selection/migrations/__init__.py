"""Schema history of selection."""
