"""Schema history of evaluation."""
