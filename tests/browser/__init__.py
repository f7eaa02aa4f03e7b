"""Every main page in a real browser."""
