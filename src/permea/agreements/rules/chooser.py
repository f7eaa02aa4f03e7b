"""What follows from the answers to the guide: kinds of agreement, who owns and uses the results, and why.

An answer that is open (unsure, missing, or not the same on both sides) could be yes or no: what is recommended is all
that could follow. So an open answer never narrows the result.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from django.utils.translation import gettext as _

from permea.foundation.refusals import Refusal

YES, NO, UNSURE = "yes", "no", "unsure"
ANSWERS = (YES, NO, UNSURE)
SETTLED = frozenset({YES, NO})
RESEARCH_KINDS = frozenset({"university", "institute"})
MIRROR = {"us": "them", "them": "us"}
Answers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rule:
    """If the answers are `when`, this is recommended, unless a rule before it holds."""

    name: str
    when: Answers
    gives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """The rules of the guide: for the kind, for the results, and the count that decides where no rule does.

    Of the `counted` questions, up to `few` with yes give `at_few`, from `many` on `at_many`, and between them both.
    """

    questions: tuple[str, ...]
    kinds: tuple[Rule, ...]
    paths: tuple[Rule, ...]
    counted: tuple[str, ...]
    few: int
    many: int
    at_few: str
    at_many: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that could follow from answers, and the names of the rules and counted questions it follows from."""

    kinds: tuple[str, ...]
    options: tuple[str, ...]
    fired: tuple[str, ...]

    @property
    def is_one(self) -> bool:
        """Say whether one way of owning and using the results is left."""
        return len(self.options) == 1


@dataclass(frozen=True, slots=True)
class Difference:
    """A question both sides answered differently, and what would follow if they settled on yes or on no."""

    question: str
    host: str
    partner: str
    if_yes: Outcome
    if_no: Outcome

    @property
    def is_decisive(self) -> bool:
        """Say whether settling it one way or the other leads elsewhere."""
        return (self.if_yes.kinds, self.if_yes.options) != (self.if_no.kinds, self.if_no.options)


def outcome(guide: Guide, answers: Answers) -> Outcome:
    """Return all that could follow from these answers."""
    kinds, options, fired = set[str](), set[str](), set[str]()
    for rule in _holding(guide.kinds, answers):
        kinds |= set(rule.gives if rule else ())
        fired |= {rule.name} if rule else set()
    for rule in _holding(guide.paths, answers):
        options |= set(rule.gives) if rule else counted(guide, answers)
        fired |= {rule.name} if rule else {name for name in guide.counted if answers.get(name) in SETTLED}
    return Outcome(tuple(sorted(kinds)), tuple(sorted(options)), tuple(sorted(fired)))


def _holding(rules: Sequence[Rule], answers: Answers) -> Iterator[Rule | None]:
    """Yield the first rule that holds (None if none does) for each way in which the open answers could turn out."""
    names = sorted({name for rule in rules for name in rule.when})
    choices = [(answers[name],) if answers.get(name) in SETTLED else (YES, NO) for name in names]
    for chosen in product(*choices):
        settled = dict(zip(names, chosen, strict=True))
        yield next((rule for rule in rules if rule.when.items() <= settled.items()), None)


def counted(guide: Guide, answers: Answers) -> set[str]:
    """Return what the count of yes could lead to."""
    said = [answers.get(name) for name in guide.counted]
    least, most = said.count(YES), len(said) - said.count(NO)
    options = {guide.at_few} if least < guide.many else set()
    return options | ({guide.at_many} if most > guide.few else set())


def joined(guide: Guide, host: Answers, partner: Answers) -> dict[str, str]:
    """Return what both sides say; where they differ, that is unsure."""
    both = {name: (host.get(name), partner.get(name)) for name in guide.questions}
    return {name: said if said and said == other else UNSURE for name, (said, other) in both.items()}


def differences(guide: Guide, host: Answers, partner: Answers) -> list[Difference]:
    """Return where the sides differ, what would change the result first."""
    both = joined(guide, host, partner)
    found = [
        Difference(
            name,
            host.get(name, UNSURE),
            partner.get(name, UNSURE),
            outcome(guide, {**both, name: YES}),
            outcome(guide, {**both, name: NO}),
        )
        for name in guide.questions
        if host.get(name, UNSURE) != partner.get(name, UNSURE)
    ]
    return sorted(found, key=lambda each: not each.is_decisive)


def known_answers(guide: Guide, said: Mapping[str, str]) -> dict[str, str]:
    """Return of what was sent the answers to questions of the guide."""
    return {name: said[name] for name in guide.questions if said.get(name) in ANSWERS}


def clause_options(clauses: Mapping[str, str], *, host_researches: bool) -> dict[str, str]:
    """Return the choices for the clauses as seen from the firm: kept as they are written for the business side."""
    return {name: MIRROR.get(value, value) if host_researches else value for name, value in clauses.items()}


def is_compared(handed_in: Iterable[str]) -> bool:
    """Say whether both sides have handed in."""
    return set(handed_in) == {"host", "partner"}


def why_not_start(*, title: str, has_partner: bool, is_own: bool) -> Refusal | None:
    """Return why a run may not be started, or None if it may."""
    if not title.strip() or not has_partner:
        return Refusal(
            "agreements.chooser_incomplete",
            _("Say what it is about, and who is on the other side: a known partner, or a name and an e-mail address."),
        )
    if is_own:
        return Refusal(
            "agreements.chooser_own", _("This person belongs to your own firm. Name somebody on the other side.")
        )
    return None


def why_not_side(*, is_theirs: bool) -> Refusal | None:
    """Return why somebody may not write for the partner, or None if they may."""
    if not is_theirs:
        return Refusal("agreements.chooser_stranger", _("Only people of the partner answer for its side."))
    return None


def why_not_answer(*, is_handed_in: bool) -> Refusal | None:
    """Return why a side may not answer, or None if it may."""
    if is_handed_in:
        return Refusal(
            "agreements.chooser_handed_in",
            _("These answers are handed in. Once both sides are, either can begin a new round."),
        )
    return None


def why_not_hand_in(guide: Guide, answers: Answers) -> Refusal | None:
    """Return why these answers may not be handed in, or None if they may."""
    if any(name not in answers for name in guide.questions):
        return Refusal(
            "agreements.chooser_unanswered",
            _("Some questions have no answer yet. “Unsure” is an answer too. What you chose is saved."),
        )
    return None


def why_not_go_on(*, is_both: bool) -> Refusal | None:
    """Return why there is no new round and no draft yet, or None if there may be."""
    if not is_both:
        return Refusal("agreements.chooser_waiting", _("Both sides have to hand in their answers first."))
    return None


def why_not_draft_from(found: Outcome) -> Refusal | None:
    """Return why no draft is made of this result, or None if one may be."""
    if len(found.kinds) != 1:
        return Refusal(
            "agreements.chooser_open",
            _("More than one kind of agreement is left. Answer again and settle who works on it and who pays."),
        )
    return None
