"""Organisations outside that a firm knows, how they were compared, and views of them as people want them again."""

from permea.partners.models.directory import (
    Apart,
    Capability,
    Contact,
    LogEntry,
    Partner,
    PartnerImport,
    PartnerMerge,
    SourceEvent,
    WorkingPreferences,
)
from permea.partners.models.hub import HubLink, HubSeat
from permea.partners.models.saved import DirectoryView
from permea.partners.models.shortlists import (
    Shortlist,
    ShortlistDecision,
    ShortlistNote,
    ShortlistPlace,
    ShortlistVersion,
)

__all__ = [
    "Apart",
    "Capability",
    "Contact",
    "DirectoryView",
    "HubLink",
    "HubSeat",
    "LogEntry",
    "Partner",
    "PartnerImport",
    "PartnerMerge",
    "Shortlist",
    "ShortlistDecision",
    "ShortlistNote",
    "ShortlistPlace",
    "ShortlistVersion",
    "SourceEvent",
    "WorkingPreferences",
]
