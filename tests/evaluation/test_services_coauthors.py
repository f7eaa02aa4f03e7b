"""Whoever wrote an entry with others never judges it, by reviews or comparisons."""

from permea.evaluation import queries, services
from permea.evaluation.models import Assignment, Panel
from permea.ideas.models import Contributor
from tests.cast import AT


def test_a_co_author_on_the_panel_is_dealt_everything_but_their_own_entry(judged, evaluator):
    own = judged.entries[0]
    Contributor.objects.create(idea=own, person=evaluator, since=AT)
    services.deal_out(challenge_id=judged.challenge.pk, actor=judged.owner, at=AT)
    dealt = Assignment.objects.filter(panelist__person=evaluator).values_list("idea__title", flat=True)

    assert (own.title in dealt, len(dealt) > 0, Assignment.objects.filter(idea=own).count()) == (False, True, 2)


def test_a_co_author_is_never_shown_their_own_entry_to_compare(judged, evaluator):
    own = judged.entries[0]
    Contributor.objects.create(idea=own, person=evaluator, since=AT)
    Panel.objects.filter(challenge=judged.challenge).update(mode=Panel.Mode.COMPARISONS)
    judge, shown = queries.evaluating_judge(evaluator, judged.challenge.key), set()
    while (pair := queries.compare_page(judge, at=AT).pair) is not None:
        shown |= {pair.first.title, pair.second.title}
        services.compare(judge=judge, offer=queries.read_token(pair.token), outcome="first", at=AT)

    assert shown == {entry.title for entry in judged.entries[1:]}
