"""The API of ideas: entries and boxes, and votes."""

from permea.ideas.api import voting
from permea.ideas.api.entries import router

router.add_router("", voting.router)

__all__ = ["router"]
