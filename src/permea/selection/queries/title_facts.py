"""Reading what the records say about the title to some ideas, once for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Q

from permea.agreements.models import Acceptance, Agreement, Terms
from permea.agreements.queries import living, partners_of
from permea.ideas.models import BuildsOn, Idea
from permea.ideas.queries import credit_of, people_behind
from permea.people.models import Membership, Organisation, Person
from permea.selection.rules import Evidence, TitleFacts, TitlePerson, TitleText

LICENSING = (Agreement.Kind.LICENCE_IN, Agreement.Kind.DEVELOPMENT)
Row = TypeVar("Row")


def facts_of(organisation: Organisation, ideas: Collection[Idea], at: datetime) -> list[TitleFacts]:
    """Return what the records say of each chosen idea; each comes as `title._chosen` reads it."""
    records = _Records(organisation, ideas, at)
    return [
        TitleFacts(
            people=records.people_of(idea),
            shares_agreed_at=records.credit[idea.pk].agreed_at,
            texts=[_text(terms) for terms in _named(idea)],
            rights_kind=idea.challenge.ip_terms.kind if idea.challenge.ip_terms else "",
            **_award_facts(idea),
            is_imported=idea.channel == Idea.Channel.IMPORT,
            builds_on=[one.earlier.title or one.earlier.key for one in records.earlier[idea.pk]],
            version=idea.version_number,  # type: ignore[attr-defined]
            version_sha256=idea.version_sha256,  # type: ignore[attr-defined]
            evidence=[
                Evidence(one.kind, one.person.key if one.person else "", one.words, one.document_sha256)
                for one in idea.title_evidence.all()
                if one.struck_at is None
            ],
        )
        for idea in ideas
    ]


def _award_facts(idea: Idea) -> dict[str, Any]:
    """Return what the award of an idea says of rights and payment."""
    award = idea.decision.award
    winner = award.rights_accepted_by
    return {
        "winner_key": winner.key if winner else "",
        "winner_name": winner.display_name if winner else "",
        "won_at": award.rights_accepted_at,
        "payment": award.payment,
        "paid_at": award.paid_at,
    }


def _named(idea: Idea) -> list[Terms]:
    """Return the texts that the challenge of an idea names."""
    return [terms for terms in (idea.challenge.participation_terms, idea.challenge.ip_terms) if terms is not None]


def _text(terms: Terms, accepted_at: datetime | None = None) -> TitleText:
    """Return a terms text as the checklist names it."""
    return TitleText(terms.kind, terms.title, terms.version, terms.sha256, accepted_at)


def _grouped(rows: Iterable[Row], by: Callable[[Row], int]) -> defaultdict[int, list[Row]]:
    """Return rows by the number of what they belong to."""
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[by(row)].append(row)
    return found


class _Records:
    """What is known of some ideas of a firm and the people behind them."""

    def __init__(self, organisation: Organisation, ideas: Collection[Idea], at: datetime) -> None:
        keys = [idea.pk for idea in ideas]
        self.organisation = organisation
        self.credit, self.behind = credit_of(keys), people_behind(keys)
        further = [idea.pk for idea in ideas if idea.is_further]  # type: ignore[attr-defined]
        earlier = BuildsOn.objects.filter(idea__in=further).select_related("earlier").order_by("pk")
        self.earlier = _grouped(earlier, lambda one: one.idea_id)
        everybody = {person.pk for people in self.behind.values() for person in people}
        accepted = Acceptance.objects.filter(
            person__in=everybody, subject_key__in={idea.challenge.key for idea in ideas}
        )
        self.accepted = _grouped(
            accepted.select_related("terms").order_by("accepted_at", "pk"), lambda one: one.person_id
        )
        self.seats = self._seats_of(everybody)
        self.agreed = self._agreed(at)

    def _seats_of(self, people: Collection[int]) -> defaultdict[int, list[Membership]]:
        """Return who belongs to the firm or to a partner of it; another firm's people are none of its business."""
        known = Q(organisation=self.organisation) | Q(organisation__in=partners_of(self.organisation))
        seats = Membership.objects.filter(known, person__in=people, ended_at__isnull=True)
        return _grouped(seats.select_related("organisation").order_by("pk"), lambda one: one.person_id)

    def _agreed(self, at: datetime) -> list[Agreement]:
        """Return the live agreements by which the firm may use what others made."""
        rows = Agreement.objects.filter(living(at), organisation=self.organisation, kind__in=LICENSING)
        return list(rows.prefetch_related("parties", "subjects").order_by("valid_from", "pk"))

    def people_of(self, idea: Idea) -> list[TitlePerson]:
        """Return everybody with a part in an idea: those who wrote it first, then those merged into it."""
        shares = {row.person: row.per_cent for row in self.credit[idea.pk].rows}
        others = [person for person in self.behind[idea.pk] if person not in shares]
        return [self._person(idea, person, shares.get(person)) for person in (*shares, *others)]

    def _person(self, idea: Idea, person: Person, per_cent: int | None) -> TitlePerson:
        """Return what the records say of somebody with a part in an idea."""
        seats = self.seats[person.pk]
        accepted = [one for one in self.accepted[person.pk] if one.subject_key == idea.challenge.key]
        return TitlePerson(
            key=person.key,
            name=person.display_name,
            per_cent=per_cent,
            is_inside=any(seat.organisation_id == self.organisation.pk for seat in seats),
            is_erased=person.erased_at is not None,
            affiliation=(idea.affiliation if person.pk == idea.author_id else "") or person.affiliation,
            works_for=tuple(seat.organisation.name for seat in seats),
            accepted=tuple(_text(one.terms, one.accepted_at) for one in accepted),
            licences=tuple(self._licences(idea, person)),
        )

    def _licences(self, idea: Idea, person: Person) -> Iterable[str]:
        """Yield the agreements with somebody, or with whom they belong to, that let the firm use an idea."""
        places = {seat.organisation_id for seat in self.seats[person.pk]}
        for agreement in self.agreed:
            is_theirs = any(
                one.person_id == person.pk or one.organisation_id in places for one in agreement.parties.all()
            )
            is_about = agreement.is_about_everything or any(
                one.subject_key == idea.key for one in agreement.subjects.all()
            )
            if is_theirs and is_about and agreement.valid_from is not None:
                yield f"{agreement.title} ({agreement.valid_from.date().isoformat()})"
