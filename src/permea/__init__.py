"""Permea: the software of a firm's permeable boundary."""
