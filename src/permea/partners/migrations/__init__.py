"""Schema history of dialogue."""
