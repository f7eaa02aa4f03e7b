"""Migrations of campus."""
