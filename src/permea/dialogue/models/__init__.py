"""Questions and comments, who follows them, and what was done to keep the talk clean."""

from permea.dialogue.models.comments import (
    Comment,
    CommentVersion,
    EntryFollower,
    Participant,
    Reaction,
    Talk,
)
from permea.dialogue.models.common import Moderated
from permea.dialogue.models.moderation import ModerationEntry
from permea.dialogue.models.questions import Follower, PublishedAnswer, Question

__all__ = [
    "Comment",
    "CommentVersion",
    "EntryFollower",
    "Follower",
    "Moderated",
    "ModerationEntry",
    "Participant",
    "PublishedAnswer",
    "Question",
    "Reaction",
    "Talk",
]
