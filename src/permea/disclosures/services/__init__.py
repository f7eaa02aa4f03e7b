"""Writing disclosures."""

from permea.disclosures.services.items import (
    ItemInput,
    PartInput,
    change_item,
    create_item,
    publish_item,
    remove_part,
    save_part,
    unpublish_item,
)
from permea.disclosures.services.reading import download_part, export_item, export_seen, read_item
from permea.disclosures.services.sharing import ShareInput, close_share, close_shares_of, share_item

__all__ = [
    "ItemInput",
    "PartInput",
    "ShareInput",
    "change_item",
    "close_share",
    "close_shares_of",
    "create_item",
    "download_part",
    "export_item",
    "export_seen",
    "publish_item",
    "read_item",
    "remove_part",
    "save_part",
    "share_item",
    "unpublish_item",
]
