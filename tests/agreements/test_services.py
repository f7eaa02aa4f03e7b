"""Versions of terms and who accepted them."""

from datetime import timedelta

import pytest

from permea.agreements import queries, services
from permea.agreements.events import TermsAccepted, TermsPublished
from permea.agreements.models import Acceptance, Terms
from permea.foundation.events import _receivers
from permea.foundation.refusals import RefusedError
from permea.ledger.models import Crossing

KINDS = {kind.value for kind in Terms.Kind}
NO_ADVICE = {
    "en": "not legal advice",
    "de": "keine Rechtsberatung",
    "es": "No es asesoramiento jurídico",
    "fr": "pas un conseil juridique",
    "it": "Non è una consulenza legale",
}
LINE_STARTS = ("##", "- ", "**", "")


@pytest.fixture
def heard(monkeypatch):
    """Return the list of terms events that were published."""
    events = []
    for kind in (TermsAccepted, TermsPublished):
        monkeypatch.setitem(_receivers, kind, [events.append])
    return events


def test_the_standard_texts_cover_every_kind_in_each_language():
    texts = queries.standard_texts()
    assert {(text.kind, text.language) for text in texts} == {(kind, code) for kind in KINDS for code in NO_ADVICE}


@pytest.mark.parametrize("text", queries.standard_texts(), ids=lambda text: f"{text.kind}.{text.language}")
def test_each_standard_text_is_built_as_the_english_one(text):
    english = next(one for one in queries.standard_texts() if (one.kind, one.language) == (text.kind, "en"))
    assert [line[:2] in LINE_STARTS and line[:2] for line in text.body.splitlines()] == [
        line[:2] in LINE_STARTS and line[:2] for line in english.body.splitlines()
    ]


@pytest.mark.parametrize("text", queries.standard_texts(), ids=lambda text: f"{text.kind}.{text.language}")
def test_each_standard_text_is_short_has_a_title_and_says_that_it_is_no_legal_advice(text):
    said = NO_ADVICE[text.language] in text.body
    assert (bool(text.title), len(text.body.split()) < 650, said) == (True, True, True)


def test_standard_terms_are_put_in_force_once(organisation, at, heard):
    Terms.objects.all().delete()
    first = services.ensure_standard_terms(organisation=organisation, at=at)
    second = services.ensure_standard_terms(organisation=organisation, at=at)
    n_texts = len(queries.standard_texts())
    assert (len(first), second, len(heard)) == (n_texts, [], n_texts)


def test_standard_terms_leave_own_texts_alone(organisation, owner, at):
    Terms.objects.all().delete()
    own = services.publish_terms(
        organisation=organisation,
        kind="participation",
        language="en",
        title="Ours",
        body="Be kind.",
        actor=owner,
        at=at,
    )
    added = services.ensure_standard_terms(organisation=organisation, at=at)
    n_others = len(queries.standard_texts()) - 1
    assert (len(added), queries.current_terms(organisation, "participation", "en")) == (n_others, own)


def test_a_text_in_a_new_language_asks_nobody_again(organisation, at, make_challenge, make_person):
    challenge, solver = make_challenge(language="en"), make_person(language="fr")
    Terms.objects.exclude(language__in=["en", "de"]).delete()
    before = set(Terms.objects.values_list("key", "version", "sha256"))
    for terms in (challenge.participation_terms, challenge.ip_terms):
        services.accept_terms(terms=terms, person=solver, subject_key=challenge.key, at=at)

    added = services.ensure_standard_terms(organisation=organisation, at=at)
    challenge.refresh_from_db()
    kept = set(Terms.objects.filter(language__in=["en", "de"]).values_list("key", "version", "sha256"))
    asked = [
        terms
        for terms in (challenge.participation_terms, challenge.ip_terms)
        if not queries.has_accepted(solver, terms, challenge.key)
    ]
    assert (bool(added), {terms.version for terms in added}, kept, asked) == (True, {1}, before, [])


def test_publishing_writes_the_next_version_and_keeps_the_old_one(organisation, owner, make_terms, at):
    old = make_terms("participation")
    new = services.publish_terms(
        organisation=organisation, kind="participation", language="en", title=" New ", body="a\r\nb", actor=owner, at=at
    )
    old.refresh_from_db()
    assert (old.version, new.version, new.title, new.body, len(new.sha256)) == (1, 2, "New", "a\nb", 64)


def test_an_unchanged_text_is_refused_and_writes_nothing(organisation, owner, make_terms, at):
    old = make_terms("participation")
    n_before = Terms.objects.count()
    with pytest.raises(RefusedError) as refused:
        services.publish_terms(
            organisation=organisation,
            kind=old.kind,
            language=old.language,
            title=old.title,
            body=old.body,
            actor=owner,
            at=at,
        )
    assert (refused.value.refusal.code, Terms.objects.count()) == ("agreements.unchanged", n_before)


def test_only_who_manages_publishes_terms(organisation, member, at):
    with pytest.raises(RefusedError) as refused:
        services.publish_terms(
            organisation=organisation, kind="participation", language="en", title="T", body="B", actor=member, at=at
        )
    assert refused.value.refusal.code == "people.not_manager"


def test_accepting_twice_is_accepting_once(make_terms, solver, at, heard):
    terms = make_terms()
    first = services.accept_terms(terms=terms, person=solver, subject_key="abc", challenge_key="abc", at=at)
    heard.clear()
    again = services.accept_terms(terms=terms, person=solver, subject_key="abc", at=at + timedelta(days=1))
    crossings = Crossing.objects.filter(kind="terms.accepted")
    assert (again, again.accepted_at, Acceptance.objects.count(), crossings.count(), heard) == (first, at, 1, 1, [])


def test_an_acceptance_is_recorded_as_a_crossing_and_told(make_terms, solver, at, heard):
    terms = make_terms()
    heard.clear()
    accepted = services.accept_terms(terms=terms, person=solver, subject_key="abc", challenge_key="abc", at=at)
    crossing = Crossing.objects.get(kind="terms.accepted")
    assert (
        crossing.subject_key,
        crossing.challenge_key,
        crossing.counterparty_key,
        terms.sha256 in crossing.body,
        heard,
    ) == (accepted.key, "abc", solver.key, True, [TermsAccepted(acceptance_id=accepted.pk, at=at)])


def test_an_acceptance_holds_for_its_subject_and_version_only(make_terms, solver, solver_two, at):
    english, german = make_terms(language="en"), make_terms(language="de")
    services.accept_terms(terms=english, person=solver, subject_key="abc", at=at)
    asked = [(solver, english, "abc"), (solver, english, "xyz"), (solver, german, "abc"), (solver_two, english, "abc")]
    assert [queries.has_accepted(*question) for question in asked] == [True, False, False, False]
