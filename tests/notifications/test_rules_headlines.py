"""What notices say in one line, and where they lead."""

import pytest

from permea.challenges.models import Challenge
from permea.ideas.models import Idea
from permea.notifications import rules
from permea.notifications.models import Notice
from permea.notifications.rules.headlines import _HEADLINES, _PLACES

CHALLENGE = Challenge(key="ask", title="Grip berries")
IDEA = Idea(key="tap", title="Tap it", challenge=CHALLENGE)


@pytest.mark.parametrize("kind", sorted(_HEADLINES))
def test_every_kind_of_notice_says_something_and_leads_to_a_page(kind):
    notice = Notice(kind=kind, challenge=CHALLENGE, idea=IDEA, number=2, variant="paid")

    assert (bool(rules.headline(notice).strip()), ":" in rules.place_of(notice)[0]) == (True, True)
    assert set(_HEADLINES) == set(_PLACES)


def test_a_question_asked_names_the_challenge():
    notice = Notice(kind="question_asked", challenge=CHALLENGE)

    assert (rules.headline(notice), rules.place_of(notice)) == (
        "A question waits for its public answer: “Grip berries”", ("dialogue:manage", "ask"),
    )  # fmt: skip
