"""When an agreement opens a room, to whom, and for what."""

from datetime import timedelta

import pytest

from permea.agreements import queries, rules, services
from permea.agreements.models import Agreement, AgreementParty, AgreementSubject
from permea.ledger.models import Crossing
from permea.people.services import found_organisation
from tests.cast import AT

DAY = timedelta(days=1)


def signed(**fields):
    return Agreement(**{"status": "signed", "valid_from": AT, "purposes": ["evaluate"], **fields})


@pytest.mark.parametrize(
    ("fields", "lives"),
    [
        ({}, True),
        ({"status": "offered"}, False),
        ({"valid_from": None, "status": "draft"}, False),
        ({"valid_from": AT + DAY}, False),
        ({"valid_until": AT + DAY}, True),
        ({"valid_until": AT}, False),
        ({"ended_at": AT}, False),
        ({"valid_until": AT + 2 * DAY, "ended_at": AT + DAY}, True),
    ],
)
def test_an_agreement_lives_while_it_is_signed_begun_and_not_over(fields, lives):
    assert rules.is_live(signed(**fields), AT) is lives


def test_an_agreement_covers_what_it_names_for_its_purposes():
    named, general = signed(is_about_everything=False), signed()
    asked = [("a", "evaluate"), ("b", "evaluate"), ("a", "supply")]
    assert [rules.covers(named, {"a"}, *each) for each in asked] == [True, False, False]
    assert [rules.covers(general, (), *each) for each in asked] == [True, True, False]


def test_who_stands_deeper_sees_all_before():
    seen = [[depth for depth in rules.DEPTHS if rules.is_open_to(depth, standing)] for standing in rules.DEPTHS]
    assert seen == [list(rules.DEPTHS[:n]) for n in range(1, 5)]


def make_agreement(organisation, owner, **fields):
    return Agreement.objects.create(
        organisation=organisation,
        kind="nda_mutual",
        title="Talks",
        created_by=owner,
        created_at=AT,
        **{"status": "signed", "valid_from": AT, "purposes": ["evaluate"], **fields},
    )


@pytest.mark.django_db
def test_coverage_follows_the_party_and_ends_with_the_agreement(
    organisation, owner, other_organisation, solver, solver_two, stranger, client
):
    campus = found_organisation(
        name="Campus", kind="university", country="DE", language="en", owner=solver, at=AT, is_host=False
    )
    agreement = make_agreement(organisation, owner, is_about_everything=False, valid_until=AT + DAY)
    AgreementParty.objects.create(agreement=agreement, organisation=campus)
    AgreementParty.objects.create(agreement=agreement, person=solver_two)
    AgreementSubject.objects.create(agreement=agreement, subject_key="pump")

    def seen_by(reader, firm=organisation, at=AT, subject="pump"):
        return queries.coverage_of(reader, firm, at=at).agreement_for(subject, "evaluate")

    assert [seen_by(reader) for reader in (solver, solver_two, stranger)] == [agreement, agreement, None]
    assert seen_by(solver, subject="valve") is None
    assert seen_by(solver, other_organisation) is None
    assert seen_by(solver, at=AT + DAY) is None
    assert queries.coverage_of(client.request().wsgi_request.user, organisation, at=AT).agreements == ()


@pytest.mark.django_db
def test_coverage_is_read_by_three_queries_however_many_there_are(
    organisation, owner, solver, django_assert_num_queries
):
    for _number in range(3):
        agreement = make_agreement(organisation, owner)
        AgreementParty.objects.create(agreement=agreement, person=solver)
    with django_assert_num_queries(3):
        assert len(queries.coverage_of(solver, organisation, at=AT).agreements) == 3


@pytest.mark.django_db
def test_a_click_opens_one_subject_once_and_again_when_it_has_run_out(organisation, solver, make_terms):
    terms = make_terms()
    click = {"terms": terms, "person": solver, "subject_key": "pump"}
    first = services.agree_by_click(**click, at=AT, until=AT + DAY)
    again = services.agree_by_click(**click, at=AT + DAY / 2)
    later = services.agree_by_click(**click, at=AT + DAY)
    crossings = Crossing.objects.filter(kind="agreement.signed").values_list("subject_key", "counterparty_key")
    assert (again, later == first) == (first, False)
    assert list(crossings) == [(first.key, solver.key), (later.key, solver.key)]
    covered = queries.coverage_of(solver, organisation, at=AT).agreement_for
    assert (covered("pump", "evaluate"), covered("valve", "evaluate")) == (first, None)
