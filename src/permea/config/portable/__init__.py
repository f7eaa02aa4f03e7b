"""A whole challenge in one file, to be taken to another instance and found there as it was."""

from permea.config.portable.queries import written
from permea.config.portable.services import pack_challenge, unpack

__all__ = ["pack_challenge", "unpack", "written"]
