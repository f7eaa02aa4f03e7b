"""Pages of challenges: for the world, for people inside, and the editor."""

from permea.challenges.views.choosing import example, new
from permea.challenges.views.confidential import confidential, end_access, readers
from permea.challenges.views.editor import edit, preview, publish
from permea.challenges.views.following import deadline_calendar, feed
from permea.challenges.views.inside import archive, challenge_list, overview, restore, timetable
from permea.challenges.views.linting import findings
from permea.challenges.views.public import home, public, qr
from permea.challenges.views.stages import change_steps

__all__ = [
    "archive",
    "challenge_list",
    "change_steps",
    "confidential",
    "deadline_calendar",
    "edit",
    "end_access",
    "example",
    "feed",
    "findings",
    "home",
    "new",
    "overview",
    "preview",
    "public",
    "publish",
    "qr",
    "readers",
    "restore",
    "timetable",
]
