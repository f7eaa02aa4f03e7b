"""Schema history of challenges."""
