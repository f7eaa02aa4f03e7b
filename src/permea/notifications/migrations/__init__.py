"""Schema history of notifications."""
