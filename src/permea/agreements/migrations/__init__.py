"""Schema history of agreements."""
