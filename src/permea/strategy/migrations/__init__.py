"""Schema history of strategy."""
