"""Migrations of disclosures."""
