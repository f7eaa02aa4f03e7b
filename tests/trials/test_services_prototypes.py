"""Rounds with a prototype: figures before and after, suggestions answered and told, names only where wished."""

from decimal import Decimal

import pytest

from permea.foundation.refusals import RefusedError
from permea.ledger.models import Crossing
from permea.notifications.models import Mail
from permea.people.queries import erasure_lines_of, personal_data_of
from permea.trials import queries, services
from permea.trials.models import Participant, Suggestion
from tests.trials.conftest import DAY


def refused(service, **values):
    with pytest.raises(RefusedError) as error:
        service(**values)
    return error.value.refusal.code


def answer(suggestion, actor, at, outcome="adopted", words="The handle is wider now."):
    told = {"suggestion_id": suggestion.pk, "outcome": outcome, "words": words, "actor": actor, "at": at}
    return services.answer_suggestion(**told)


def test_a_round_tells_its_effect_and_its_step_from_the_round_before(open_round, measure, prototype, owner, at):
    first = open_round()
    for before, after in ((100, 105), (90, 96), (80, 84), (95, 100)):
        measure(first, before, after)
    left = services.begin_round(round_id=first.pk, seed="left", at=at)
    assert refused(open_round) == "trials.round_goes_on"
    second = open_round(at=at + DAY)
    for before, after in ((100, 120), (90, 112), (80, 99), (95, 114)):
        measure(second, before, after, at=at + DAY)

    shown = queries.prototype_page(owner, prototype.key, at + 3 * DAY)
    new, old = shown.rounds
    assert (new.round.number, old.result.n, old.round.n_begun, shown.new_blocked, left.finished_at) == (
        2, 4, 5, None, None,
    )  # fmt: skip
    assert (old.result.effect.difference.value, new.result.effect.difference.value, new.result.step.value) == (
        5, 20, 15,
    )  # fmt: skip
    assert new.result.verdict.startswith("Picking speed: better by 20.0 picks/h [")
    assert new.result.step_verdict.startswith("A step forward from the round before: 15.0 picks/h [")
    assert [row.n_finished for row in queries.prototypes_of(prototype.organisation)] == [8]


def test_every_suggestion_is_answered_before_all_are_told(open_round, measure, owner, member, panel, join, at):
    credited, quiet = join("Cora Customer"), join("Dan Customer")
    round_ = open_round(panel=panel, takes_anyone=False)
    places = {place.member_id: place for place in round_.participants.all()}
    assert refused(services.begin_round, round_id=round_.pk, seed="s", at=at) == "trials.invited_only"
    measure(round_, 10, 12, place=places[credited.pk], change="A wider handle.", name="Cora", worked="The light.")
    measure(round_, 11, 12, place=places[quiet.pk], change="A horn.")
    wider, horn = Suggestion.objects.order_by("pk")
    told = {"round_id": round_.pk, "actor": owner}
    assert refused(services.answer_suggestion, suggestion_id=wider.pk, outcome="adopted", words="x", actor=member,
                   at=at) == "people.not_manager"  # fmt: skip
    assert refused(services.tell_answers, **told, at=at) == "trials.round_goes_on_still"
    services.close_round(**told, at=at + DAY / 2)
    answer(wider, owner, at + DAY)
    assert refused(services.tell_answers, **told, at=at + DAY) == "trials.suggestions_wait"
    answer(horn, owner, at + 3 * DAY, "declined", "It would wake the neighbours.")
    services.tell_answers(**told, at=at + 3 * DAY)

    view = queries.prototype_page(owner, round_.prototype.key, at + 3 * DAY).rounds[0]
    assert (view.median_days, view.n_asked, len(view.feedback)) == (2.0, 2, 1)
    mails = Mail.objects.filter(kind="suggestions_answered").order_by("to")
    assert [mail.to for mail in mails] == ["cora@customer.example", "dan@customer.example"]
    assert "suggested by Cora: The handle is wider now." in mails[1].text
    assert "Not adopted: It would wake the neighbours." in mails[0].text
    seen = queries.participation(queries.participant_by_token(_token(places[quiet.pk])), at + 3 * DAY)
    assert ([one.text for one in seen.told.adopted], [one.text for one in seen.told.declined]) == (
        ["A wider handle."], ["A horn."],
    )  # fmt: skip
    assert refused(services.tell_answers, **told, at=at + 4 * DAY) == "trials.told"
    assert refused(services.close_round, **told, at=at + 4 * DAY) == "trials.not_open"
    kinds = ["prototype.shown", "prototype.answered", "prototype.answered", "suggestions.answered"]
    rows = Crossing.objects.filter(kind__in=kinds).order_by("number")
    assert [(row.kind, row.direction) for row in rows] == list(zip(kinds, ["out", "in", "in", "out"], strict=True))


def _token(place):
    from permea.trials.rules import private_token

    return private_token(place)


def test_who_leaves_keeps_their_figure_in_the_count_without_name_and_text(open_round, measure, panel, join, owner, at):
    person = join()
    round_ = open_round(panel=panel)
    place = round_.participants.get(member=person)
    measure(round_, 10, 12, place=place, change="A horn.", name="Cora", worked="The light.", failed="The bell.")
    held = queries.member_data(person)["prototypes"][0]
    services.leave(member_id=person.pk, at=at, with_texts=True)

    place.refresh_from_db()
    view = queries.prototype_page(owner, round_.prototype.key, at).rounds[0]
    assert (held["suggestion"], held["before"], held["credited_as"]) == ("A horn.", "10.000", "Cora")
    assert (place.member, place.name, place.worked, place.failed, place.suggestion.text) == (None, "", "", "", "")
    assert (view.result.n, view.n_asked, queries.told_of(round_).adopted) == (1, 1, [])
    assert refused(services.take_back_feedback, participant_id=place.pk, at=at) == "trials.taken_back"


def test_feedback_is_whole_and_can_be_taken_back_until_closing(open_round, measure, at):
    round_ = open_round()
    place = services.begin_round(round_id=round_.pk, seed="s", at=at)
    assert services.begin_round(round_id=round_.pk, seed="s", at=at).pk == place.pk
    told, said = {"participant_id": place.pk, "at": at}, services.FeedbackInput(after=Decimal(1), ease=4)
    assert refused(services.give_feedback, **told, said=said) == "trials.no_before"
    assert refused(services.save_before, **told, before=None) == "trials.no_figure"
    services.save_before(**told, before=Decimal("1.23456"))
    for bad, code in (
        ({"after": Decimal(-1), "ease": 4}, "trials.no_figure"),
        ({"after": Decimal(1), "ease": 6}, "trials.no_ease"),
        ({"after": Decimal(1), "ease": 1, "worked": "x" * 2001}, "trials.text_too_long"),
    ):
        assert refused(services.give_feedback, **told, said=services.FeedbackInput(**bad)) == code
    done = measure(round_, 2, 3, place=place, change="A horn.", email="cora@customer.example")
    assert (done.before, done.email, done.suggestion.text) == (2, "cora@customer.example", "A horn.")
    services.take_back_feedback(**told)
    other = services.begin_round(round_id=round_.pk, seed="other", at=at)
    services.take_back_feedback(participant_id=other.pk, at=at)

    place.refresh_from_db()
    assert (place.before, place.after, place.finished_at, place.email, Suggestion.objects.count()) == (
        None, None, None, "", 0,
    )  # fmt: skip
    assert Crossing.objects.filter(kind="prototype.taken_back").count() == 1
    assert refused(services.save_before, **told, before=Decimal(1)) == "trials.taken_back"


def test_an_address_left_with_feedback_is_downloaded_and_erased(open_round, measure, make_person, at):
    person = make_person("cora@customer.example", "Cora")
    round_ = open_round()
    measure(round_, 2, 3, email="Cora@customer.example", name="Cora")
    held = personal_data_of(person)["prototype_feedback"]
    lines = erasure_lines_of(person).stays
    services.forget_address(email="cora@customer.example", at=at, with_texts=False)

    assert (held[0]["after"], len(lines) > 1) == ("3.000", True)
    assert list(Participant.objects.values_list("email", "name", "after")) == [("", "", Decimal(3))]


def test_a_prototype_is_changed_and_a_suggestion_answered_in_words(prototype, open_round, measure, owner, at):
    said = services.PrototypeInput(title="Cart 2", measure="Time", unit="min", is_more_better=False)
    changed = services.change_prototype(prototype_id=prototype.pk, content=said, actor=owner)
    round_ = open_round()
    suggestion = measure(round_, 3, 2, change="A horn.").suggestion

    assert (changed.title, changed.is_more_better) == ("Cart 2", False)
    assert refused(answer, suggestion=suggestion, actor=owner, at=at, words=" ") == "trials.no_words"
    assert refused(answer, suggestion=suggestion, actor=owner, at=at, outcome="waiting") == "trials.no_outcome"
    services.close_round(round_id=round_.pk, actor=owner, at=at)
    answer(suggestion, owner, at)
    services.tell_answers(round_id=round_.pk, actor=owner, at=at)
    assert refused(answer, suggestion=suggestion, actor=owner, at=at) == "trials.told"
