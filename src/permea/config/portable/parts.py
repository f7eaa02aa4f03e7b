"""What belongs to a challenge, what it shares with others, and what stays behind, by model.

Every model of the product stands in exactly one of the three lists; a test holds that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Q

FORMAT, VERSION = "permea-challenge", 1
CONTENT, FILES = "challenge.json", "files/"
MOST_CONTENT, MOST_FILE = 512_000_000, 200_000_000
ELSEWHERE = "Permea"
Emptied = Callable[[Any], dict[str, Any]]


def _as_read_inside(idea: Any) -> dict[str, Any]:
    """Return what nobody inside may read of an idea: changes not handed in, and all text of a withdrawn one."""
    hidden: dict[str, Any] = {"pending": None, "saved_by": None, "saved_window": ""}
    if idea.status == "withdrawn":
        hidden |= {"summary": "", "body": "", "search_text": "", "n_files": 0}
    return hidden


def _as_proven(version: Any) -> dict[str, Any]:
    """Return what nobody inside may read of a version: all of it, once its idea is withdrawn; its hash stays."""
    return {"content": {}} if version.idea.status == "withdrawn" else {}


def _as_said(comment: Any) -> dict[str, Any]:
    """Return what goes instead of a comment's own: where it comes from, and only a place where it is not shown."""
    gone: dict[str, Any] = {"source": comment.source or ELSEWHERE}
    if comment.status != "shown":
        gone |= {"status": "withdrawn", "hidden_at": None, "text": "", "salt": "", "house_name": ""}
        gone |= {"text_removed_at": comment.text_removed_at or comment.hidden_at or comment.written_at}
        gone |= {"outcome": "", "outcome_words": "", "outcome_at": None, "external_id": ""}
    return gone


@dataclass(frozen=True, slots=True)
class Part:
    """One table: how its rows are found from the challenge, and what of them is left behind.

    `emptied` gives the values that a row goes with instead of its own, `dropped` names fields that go empty, and
    `unnamed` those whose person goes without name and address, each with the time they acted at. `refers` names a
    reference to rows of the same table: rows that have it stand after all others. Whoever is dropped cannot be told
    from others; an unnamed person is the same one in all tables.
    """

    model: str
    challenge: str
    only: Q = field(default_factory=Q)
    emptied: Emptied | None = None
    dropped: frozenset[str] = frozenset()
    unnamed: Mapping[str, str] = field(default_factory=dict)
    related: tuple[str, ...] = ()
    refers: str = ""


HANDED_IN = ~Q(idea__status="draft")
SHARED_OUT = ~Q(split__idea__status="draft") & Q(split__agreed_at__isnull=False)
READ_EARLIER = Q(earlier__status__in=["submitted", "merged"])
READ = Q(idea__status__in=["submitted", "merged"])
HAS_PLACE = Q(status="shown") | Q(n_replies__gt=0) | Q(n_answers__gt=0)
UNTOLD = frozenset({"writer", "outcome_by", "reported_at", "appealed_at", "appeal_decided_at"})
# In the order in which they are made: a row refers to rows made before it.
PARTS = (
    Part("challenges.Challenge", "pk"),
    Part("challenges.Stage", "challenge"),
    Part("challenges.Criterion", "challenge"),
    Part("challenges.TimetableChange", "challenge"),
    Part("challenges.StepChange", "challenge"),
    Part("challenges.SetAside", "challenge"),
    Part("ideas.Idea", "challenge", ~Q(status="draft"), _as_read_inside, refers="merged_into"),
    Part("ideas.IdeaVersion", "idea__challenge", HANDED_IN, _as_proven, related=("idea",)),
    Part("ideas.Merge", "idea__challenge"),
    Part("ideas.MergeStep", "merge__idea__challenge"),
    Part("ideas.SimilarPair", "first__challenge"),
    Part("ideas.PairSearch", "challenge"),
    Part("ideas.ThemeWork", "challenge", dropped=frozenset({"asked_at"})),
    Part("ideas.BuildsOn", "idea__challenge", READ & Q(earlier__challenge=F("idea__challenge")) & READ_EARLIER),
    Part("ideas.Theme", "challenge"),
    Part("ideas.ThemeEntry", "idea__challenge", READ, related=("idea",)),
    Part("ideas.Contributor", "idea__challenge", HANDED_IN),
    Part("ideas.CreditSplit", "idea__challenge", HANDED_IN & Q(agreed_at__isnull=False)),
    Part("ideas.CreditShare", "split__idea__challenge", SHARED_OUT),
    Part(
        "ideas.Attachment", "idea__challenge", Q(idea__status__in=["submitted", "merged"], handed_in_at__isnull=False)
    ),
    Part("ideas.Ballot", "challenge", unnamed={"person": "opened_at"}),
    Part("ideas.Vote", "ballot__challenge", HANDED_IN),
    Part("ideas.VoteTally", "challenge", HANDED_IN),
    Part("ideas.VoteCount", "challenge"),
    Part("dialogue.Question", "challenge", unnamed={"asker": "asked_at"}),
    Part("dialogue.PublishedAnswer", "question__challenge"),
    Part("dialogue.Participant", "challenge", dropped=frozenset({"person"})),
    Part("dialogue.Talk", "idea__challenge", READ),
    Part("dialogue.Comment", "challenge", READ & HAS_PLACE, _as_said, dropped=UNTOLD, refers="thread"),
    Part("evaluation.Panel", "challenge"),
    Part(
        "evaluation.Panelist",
        "panel__challenge",
        Q(person__isnull=False) | ~Q(imported_name=""),
        dropped=frozenset({"invitation"}),
    ),
    Part("evaluation.Assignment", "panelist__panel__challenge", HANDED_IN),
    Part("evaluation.Conflict", "panelist__panel__challenge", HANDED_IN),
    Part("evaluation.Review", "challenge", HANDED_IN),
    Part("evaluation.Score", "review__challenge", ~Q(review__idea__status="draft")),
    Part("evaluation.Comparison", "challenge", unnamed={"person": "made_at"}),
    Part("evaluation.Ranking", "challenge"),
    Part("evaluation.RankingState", "ranking__challenge"),
    Part("selection.Estimate", "idea__challenge", HANDED_IN),
    Part("selection.SelectionLimits", "challenge"),
    Part("selection.Selection", "challenge"),
    Part("selection.SelectionChange", "selection__challenge"),
    Part("selection.Decision", "challenge"),
    Part("selection.Answer", "idea__challenge"),
    Part("selection.Clarification", "answer__idea__challenge"),
    Part("selection.Award", "decision__challenge"),
    Part("selection.TitleEvidence", "idea__challenge"),
)

GOAL, READING = Part("strategy.Goal", "pk"), Part("strategy.GoalReading", "goal", dropped=frozenset({"goal"}))

# Other challenges refer to them too: taken along, and found again or made where the challenge arrives.
SHARED = ("people.Organisation", "people.Person", "agreements.Terms", "agreements.Acceptance", "strategy.Goal",
          "strategy.GoalReading")  # fmt: skip

LEFT_BEHIND = {
    "foundation.OutboxEntry": "an effect of this instance",
    "people.Membership": "who belongs to the firm is decided where the challenge arrives",
    "people.Invitation": "its link works on this instance only",
    "people.Consent": "given to this instance",
    "people.AccessToken": "a secret of this instance",
    "agreements.Agreement": "what was agreed binds its parties here; a copy elsewhere would open nothing",
    "agreements.AgreementParty": "as above",
    "agreements.AgreementSeal": "as above",
    "agreements.AgreementSignature": "as above",
    "agreements.AgreementSubject": "as above",
    "agreements.AgreementVersion": "as above",
    "agreements.IpAcceptance": "as above",
    "agreements.IpEntry": "as above",
    "agreements.IpGrant": "as above",
    "agreements.IpShare": "as above",
    "agreements.IpVersion": "as above",
    "agreements.CalendarLink": "a secret of this instance",
    "agreements.Obligation": "follows from an agreement, which binds its parties here",
    "agreements.ObligationStep": "as above",
    "agreements.Publication": "as above",
    "agreements.Renewal": "as above",
    "agreements.SealCertificate": "what a firm seals with on this instance",
    "agreements.SignedScan": "what was agreed binds its parties here",
    "agreements.SigningCode": "a secret of this instance",
    "disclosures.Item": "what the firm shows, beside challenges",
    "disclosures.Part": "as above",
    "disclosures.PartVersion": "as above",
    "disclosures.Share": "opened on this instance, for people of this instance",
    "disclosures.Seen": "what was read on this instance",
    "agreements.ChooserAnswers": "said between the two sides of this instance",
    "agreements.ChooserRun": "as above",
    "ledger.SigningKey": "the ledger stays where things happened; its export verifies on its own",
    "ledger.Chain": "as above",
    "ledger.Crossing": "as above",
    "ledger.Opening": "as above",
    "ledger.Head": "as above",
    "ledger.Receipt": "its owner has it, and it verifies on its own",
    "partners.Partner": "whom the firm knows is its own",
    "partners.Apart": "as above",
    "partners.Capability": "as above",
    "partners.Contact": "as above",
    "partners.HubLink": "as above",
    "partners.HubSeat": "as above",
    "partners.LogEntry": "as above",
    "partners.PartnerImport": "as above",
    "partners.PartnerMerge": "as above",
    "partners.Shortlist": "as above",
    "partners.ShortlistDecision": "as above",
    "partners.ShortlistNote": "as above",
    "partners.ShortlistPlace": "as above",
    "partners.ShortlistVersion": "as above",
    "partners.SourceEvent": "as above",
    "partners.WorkingPreferences": "as above",
    "partners.DirectoryView": "how somebody looks at the directory of this instance",
    "ideas.CoauthorInvitation": "its link works on this instance only",
    "ideas.EntryReading": "who read what on this instance",
    "ideas.IdeaBox": "stands beside challenges",
    "ideas.IdeaVector": "made anew where the challenge arrives",
    "ideas.KeptCopy": "seen by its contributor only",
    "ideas.Posting": "came through a box, not into the challenge",
    "ideas.PostingStep": "as above",
    "ideas.PostingNote": "as above",
    "ideas.SavedView": "how somebody looks at lists of this instance",
    "ideas.StagedTable": "kept for a day only",
    "ideas.ThemeChange": "what can be undone on this instance",
    "ideas.Translation": "made anew where the challenge arrives",
    "dialogue.CommentVersion": "nobody but its writer reads what a comment said before",
    "dialogue.EntryFollower": "nobody is told who follows",
    "dialogue.Follower": "nobody is told who follows",
    "dialogue.Reaction": "nobody is told whose it is; each comment goes along with how many it has",
    "dialogue.ModerationEntry": "the log of what was done on this instance",
    "trials.CustomerPanel": "stands beside challenges",
    "trials.PanelMember": "as above",
    "trials.ConsentText": "as above",
    "trials.ConceptTest": "as above",
    "trials.Variant": "as above",
    "trials.ScaleQuestion": "as above",
    "trials.Respondent": "as above",
    "trials.Verdict": "as above",
    "trials.Choice": "as above",
    "trials.Rating": "as above",
    "trials.Prototype": "as above",
    "trials.PrototypeRound": "as above",
    "trials.Participant": "as above",
    "trials.Suggestion": "as above",
    "projects.Transfer": "what the firm hands over to partners and takes over from them is its own",
    "projects.PackageItem": "as above",
    "projects.TrainingSession": "as above",
    "projects.AcceptanceCriterion": "as above",
    "projects.ReadinessPoint": "as above",
    "projects.TransferStep": "as above",
    "campus.Equipment": "what the firm and its partners let each other use is their own",
    "campus.Sharing": "as above",
    "campus.Introduction": "as above",
    "campus.Booking": "as above",
    "campus.Placement": "as above",
    "campus.PlacementStep": "as above",
    "campus.PlacementReport": "as above",
    "campus.ReportRemark": "as above",
    "alliances.Alliance": "what the firm does with partners is its own",
    "alliances.Party": "as above",
    "alliances.Charter": "as above",
    "alliances.Acceptance": "as above",
    "alliances.Contribution": "as above",
    "alliances.PulseAnswer": "as above",
    "alliances.Matter": "as above",
    "alliances.Word": "as above",
    "alliances.Result": "as above",
    "alliances.Split": "as above",
    "alliances.SplitAcceptance": "as above",
    "alliances.Reached": "as above",
    "alliances.Closing": "as above",
    "alliances.SuccessRating": "as above",
    "alliances.Joining": "as above",
    "alliances.JoiningAnswer": "as above",
    "selection.Work": "what the firm builds is its own",
    "selection.WorkPerson": "as above",
    "selection.Settlement": "as above",
    "risks.Risk": "what may go wrong for the firm is its own",
    "risks.RiskVersion": "as above",
    "risks.Trigger": "as above",
    "evaluation.AssignmentDraft": "not published",
    "evaluation.DraftPair": "not published",
    "evaluation.ReviewDraft": "seen by its evaluator only",
    "notifications.Digest": "sent from this instance",
    "notifications.DigestRhythm": "chosen on this instance",
    "notifications.Hook": "leads out of this instance",
    "notifications.HookDelivery": "sent from this instance",
    "notifications.Mail": "sent from this instance",
    "notifications.Notice": "told on this instance",
    "notifications.TopicChoice": "chosen on this instance",
    "notifications.Undeliverable": "found by this instance",
    "connectors.Mailbox": "read by this instance",
    "connectors.ReceivedMail": "as above",
}
