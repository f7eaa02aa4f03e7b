"""Schema history of ideas."""
