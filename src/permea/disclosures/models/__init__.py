"""Items in parts at depths, whom they are shared with, and who has seen which version."""

from permea.disclosures.models.items import Item, Part, PartVersion
from permea.disclosures.models.readers import Seen, Share

__all__ = ["Item", "Part", "PartVersion", "Seen", "Share"]
