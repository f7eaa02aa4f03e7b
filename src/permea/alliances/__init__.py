"""Alliances: what partners agree to do together, what each puts in, and how even that is."""
