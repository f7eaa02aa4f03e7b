"""Reading projects."""

from permea.projects.queries.lists import (
    Filters,
    ListPage,
    TransferRow,
    begun_just_now,
    exported,
    own_transfers,
    transfers_page,
)
from permea.projects.queries.personal import erasure_lines, personal_data
from permea.projects.queries.transfers import (
    READING,
    Terms,
    TransferPage,
    agreements_with,
    candidates,
    dropped_just_now,
    items_to_name,
    people_of,
    side_of,
    terms_of,
    to_remind,
    transfer_for,
    transfer_page,
    whole,
)
from permea.projects.queries.waiting import waiting

__all__ = [
    "READING",
    "Filters",
    "ListPage",
    "Terms",
    "TransferPage",
    "TransferRow",
    "agreements_with",
    "begun_just_now",
    "candidates",
    "dropped_just_now",
    "erasure_lines",
    "exported",
    "items_to_name",
    "own_transfers",
    "people_of",
    "personal_data",
    "side_of",
    "terms_of",
    "to_remind",
    "transfer_for",
    "transfer_page",
    "transfers_page",
    "waiting",
    "whole",
]
