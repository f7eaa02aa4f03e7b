"""Pages of campus."""
