"""Migrations of risks."""
