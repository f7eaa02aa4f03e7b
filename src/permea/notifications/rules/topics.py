"""Topics: what every mail is about, which of them a person may have in the digest or not at all."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from permea.foundation.refusals import Refusal

NOW, DIGEST, OFF = "now", "digest", "off"
WAYS = (NOW, DIGEST, OFF)
EVERYBODY, JUDGES, MANAGERS, AGREEING = "everybody", "judges", "managers", "agreeing"
DIGEST_KIND = "digest"


@dataclass(frozen=True, slots=True)
class Topic:
    """What some kinds of mail are about; `audience` says who can get such mail at all, `ways` how it can come."""

    key: str
    label: str | Promise
    detail: str | Promise
    kinds: tuple[str, ...]
    audience: str = EVERYBODY
    ways: tuple[str, ...] = WAYS


TOPICS = (
    Topic(
        "timetable",
        gettext_lazy("New times and steps"),
        gettext_lazy("A challenge you have an entry in, drafts included, closes later or sooner or gets other steps."),
        ("timetable", "steps"),
    ),
    Topic(
        "talk",
        gettext_lazy("Comments on entries"),
        gettext_lazy("Somebody answers or names you, or says something about an entry you wrote or follow."),
        ("comment_posted",),
    ),
    Topic(
        "votes",
        gettext_lazy("Counted votes"),
        gettext_lazy("A vote is over in which you voted, have an entry, or follow one: what came out can be seen."),
        ("votes_counted",),
    ),
    Topic(
        "built_on",
        gettext_lazy("Entries that build on yours"),
        gettext_lazy("One of them was chosen: part of the credit is yours."),
        ("built_on",),
    ),
    Topic(
        "reviews",
        gettext_lazy("Reviews that wait for you"),
        gettext_lazy("Entries were dealt out to you to judge."),
        ("assignments",),
        JUDGES,
    ),
    Topic(
        "closed",
        gettext_lazy("Closed challenges"),
        gettext_lazy("The time for entries is over and they can be read."),
        ("entries_closed",),
        MANAGERS,
    ),
    Topic(
        "questions",
        gettext_lazy("Questions"),
        gettext_lazy("Somebody asks about a challenge, or about the answer they got."),
        ("question", "question_asked"),
        MANAGERS,
    ),
    Topic(
        "rights",
        gettext_lazy("Settled rights"),
        gettext_lazy("A winner has accepted what was promised about the rights."),
        ("rights",),
        MANAGERS,
    ),
    Topic(
        "due",
        gettext_lazy("Answers that fall due"),
        gettext_lazy("The day on which answers were promised is near, or has passed."),
        ("answers_near", "answers_overdue"),
        MANAGERS,
    ),
    Topic(
        "deadlines",
        gettext_lazy("Deadlines of agreements"),
        gettext_lazy("What your side or the other owes by a day is near, missed, done or waived. By mail only."),
        ("obligation_news",),
        AGREEING,
        (NOW, OFF),
    ),
)
ALWAYS = (
    Topic(
        "sign_in",
        gettext_lazy("Codes and invitations"),
        gettext_lazy("Without them nobody gets in."),
        ("login_code", "invitation", "panel_invitation", "coauthor_invitation", "agreement_code", "test", "other"),
    ),
    Topic(
        "hub",
        gettext_lazy("Firms of one hub"),
        gettext_lazy(
            "A partner is a firm with a place of its own on this hub, and both are connected or not any more."
        ),
        ("hub_news",),
    ),
    Topic(
        "agreements",
        gettext_lazy("Agreements"),
        gettext_lazy("What is offered to you, changed by the other side, signed, or ended."),
        ("agreement_news", "publication_news", "chooser_news"),
    ),
    Topic(
        "alliances",
        gettext_lazy("Alliances"),
        gettext_lazy(
            "A charter to accept, contributions to confirm, what is disputed or to be solved, the pulse, joint "
            "results, and the end."
        ),
        ("alliance_news", "alliance_matter"),
    ),
    Topic(
        "transfers",
        gettext_lazy("Technology transfers"),
        gettext_lazy("What is handed over to your side, accepted or refused by the other, and when support ends."),
        ("transfer_news",),
    ),
    Topic(
        "equipment",
        gettext_lazy("Equipment"),
        gettext_lazy("Equipment shared with your side, bookings to answer or answered, and hours to agree."),
        ("booking_news", "equipment_shared"),
    ),
    Topic(
        "placements",
        gettext_lazy("Placements"),
        gettext_lazy("Placements offered to your side, students named or accepting, reports, and the end."),
        ("placement_news",),
    ),
    Topic(
        "shown",
        gettext_lazy("What is shown to you"),
        gettext_lazy("A firm lets you read something of its own."),
        ("item_shared",),
    ),
    Topic(
        "receipts",
        gettext_lazy("Receipts"),
        gettext_lazy("They prove what you handed in or took back, and when."),
        ("receipt", "withdrawal", "posting_receipt", "posting_reply"),
    ),
    Topic(
        "answers",
        gettext_lazy("Answers"),
        gettext_lazy("What was decided about your idea, the reply to your question, how your prize stands."),
        (
            "answer",
            "reply",
            "payment",
            "posting_answer",
            "answers_published",
            "question_hidden",
            "appeal_decided",
            "merge_question",
            "merged",
            "unmerged",
        ),
    ),
    Topic(
        "trials",
        gettext_lazy("Customer panels"),
        gettext_lazy("What a panel you agreed to asks you, and what became of it. You leave it on your private page."),
        ("customer_panel_invitation", "concept_test", "prototype_round", "suggestions_answered"),
    ),
    Topic(
        "together",
        gettext_lazy("Writing together"),
        gettext_lazy("Who joins or leaves an entry you write with others, and how its credit is shared."),
        ("coauthor_news", "shares_asked"),
    ),
    Topic(
        "hooks",
        gettext_lazy("Paused webhooks"),
        gettext_lazy("Only to owners: a webhook is not taken by its receiver and was paused."),
        ("hook_paused",),
    ),
    Topic(
        "risks",
        gettext_lazy("Watched risks"),
        gettext_lazy("Only to whoever looks after a risk: something it is watched for has come to pass."),
        ("risk_trigger",),
    ),
    Topic(
        "terms",
        gettext_lazy("Terms you agreed to"),
        gettext_lazy("In full, so that you have them whatever happens."),
        ("terms",),
    ),
)
DIGESTS = Topic(DIGEST_KIND, pgettext_lazy("mail", "Digest"), "", (DIGEST_KIND,))
_BY_KIND = {kind: topic for topic in (*TOPICS, DIGESTS) for kind in topic.kinds}
_BY_KEY = {topic.key: topic for topic in (*TOPICS, DIGESTS)}


def topic_of(kind: str) -> Topic | None:
    """Return the optional topic of a kind of mail, or None for what is always sent."""
    return _BY_KIND.get(kind)


def topic_named(key: str) -> Topic | None:
    """Return the optional topic with this key, or None."""
    return _BY_KEY.get(key)


def is_optional(kind: str) -> bool:
    """Say whether a person may switch this kind of mail off."""
    return kind in _BY_KIND


def why_not_choose(topic_key: str, way: str) -> Refusal | None:
    """Return why nobody may choose this way for this topic, or None if they may."""
    if topic_key == DIGEST_KIND or topic_key not in _BY_KEY:
        return Refusal("notifications.not_optional", _("This kind of mail is always sent; it cannot be switched off."))
    if way not in WAYS:
        return Refusal("notifications.no_such_way", _("Choose: at once, in the digest, or off."))
    if way not in _BY_KEY[topic_key].ways:
        return Refusal("notifications.no_such_way", _("This cannot wait for the digest. Choose: at once, or off."))
    return None
