"""Ideas, what joins them, and the boxes beside challenges."""

from permea.ideas.models.boxes import IdeaBox, Posting, PostingNote, PostingStep
from permea.ideas.models.coauthors import CoauthorInvitation, CreditShare, CreditSplit
from permea.ideas.models.entries import Attachment, Contributor, Idea, IdeaVersion, KeptCopy, StagedTable
from permea.ideas.models.lineage import BuildsOn
from permea.ideas.models.merging import IdeaVector, Merge, MergeStep, PairSearch, SimilarPair
from permea.ideas.models.readings import EntryReading
from permea.ideas.models.saved import SavedView
from permea.ideas.models.themes import Theme, ThemeChange, ThemeEntry, ThemeWork
from permea.ideas.models.translations import Translation
from permea.ideas.models.voting import Ballot, Vote, VoteCount, VoteTally

__all__ = [
    "Attachment",
    "Ballot",
    "BuildsOn",
    "CoauthorInvitation",
    "Contributor",
    "CreditShare",
    "CreditSplit",
    "EntryReading",
    "Idea",
    "IdeaBox",
    "IdeaVector",
    "IdeaVersion",
    "KeptCopy",
    "Merge",
    "MergeStep",
    "PairSearch",
    "Posting",
    "PostingNote",
    "PostingStep",
    "SavedView",
    "SimilarPair",
    "StagedTable",
    "Theme",
    "ThemeChange",
    "ThemeEntry",
    "ThemeWork",
    "Translation",
    "Vote",
    "VoteCount",
    "VoteTally",
]
