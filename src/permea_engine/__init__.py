"""Permea's engine: pure computations on arrays; import what you need from its modules, such as `ratings`."""

ENGINE_VERSION = "1"
"""Changes whenever a stored result could come out differently; it is stored beside each result."""

__all__ = ["ENGINE_VERSION"]
