"""Setting findings aside, on either database."""

import pytest

from permea.challenges import queries, services
from permea.challenges.models import SetAside
from permea.foundation.refusals import RefusedError

KEY = "constraints_missing:constraints"


@pytest.fixture
def draft(make_challenge):
    """Return a draft with one weakness, that it names no constraints."""
    return make_challenge(status="draft", template="contest", constraints="")


def set_aside(draft, actor, at, *, finding=KEY, word="Everything goes."):
    services.set_aside_finding(challenge_id=draft.pk, finding=finding, word=word, actor=actor, at=at)


def test_what_is_set_aside_is_remembered_with_its_word(draft, owner, at):
    set_aside(draft, owner, at, word=f" {'x' * 300}")
    said = queries.lint_of(draft)
    assert ([one.key for one, _word in said.set_aside], SetAside.objects.get().word) == ([KEY], "x" * 200)


def test_a_finding_with_new_words_is_set_aside_anew(draft, owner, at):
    for text in ("It must be faster.", "It must be faster and smarter."):
        services.save_brief(challenge_id=draft.pk, actor=owner, at=at, why_now=text)
        set_aside(draft, owner, at, finding="vague:why_now", word=text)
    kept = SetAside.objects.get()
    assert (kept.places, kept.word) == (["faster", "smarter"], "It must be faster and smarter.")


def test_taking_up_shows_it_again_and_twice_does_no_harm(draft, owner, at):
    set_aside(draft, owner, at)
    for _time in range(2):
        services.take_up_finding(challenge_id=draft.pk, finding=KEY, actor=owner, at=at)
    assert (queries.lint_of(draft).set_aside, SetAside.objects.count()) == ([], 0)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"word": ""}, "challenges.no_word"),
        ({"finding": "vague:title"}, "challenges.no_finding"),
        ({"finding": ""}, "challenges.no_finding"),
    ],
)
def test_no_word_or_no_such_finding_is_refused_and_writes_nothing(draft, owner, at, changed, code):
    with pytest.raises(RefusedError) as error:
        set_aside(draft, owner, at, **changed)
    assert (error.value.refusal.code, SetAside.objects.count()) == (code, 0)


def test_a_member_who_does_not_manage_is_refused(draft, member, at):
    with pytest.raises(RefusedError):
        set_aside(draft, member, at)
    assert SetAside.objects.count() == 0


def test_a_template_brings_its_own_term_for_the_rights(make_challenge):
    kinds = [make_challenge(status="draft", template=key).ip_terms.kind for key in ("technical", "university", "")]
    assert kinds == ["ip_licence", "ip_keep", "ip_licence"]
