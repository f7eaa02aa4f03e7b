"""A firm with everything there is."""

from __future__ import annotations

from datetime import timedelta

from django.apps import apps

from permea.challenges.models import Challenge
from permea.challenges.services import agree_to_confidentiality
from permea.dialogue import services as dialogue
from permea.evaluation import services as evaluation
from permea.evaluation.models import Assignment, Panel
from permea.foundation.models import Record
from permea.ideas import services as ideas
from permea.ideas.models import Idea
from permea.ideas.rules import private_token
from permea.ledger.models import Receipt
from permea.notifications.models import Mail, Notice
from permea.notifications.queries import unsubscribe_link
from permea.notifications.rules import topic_named
from permea.people import services as people
from permea.people.models import Membership, Person
from permea.selection import services as selection
from permea.selection.models import Award
from tests.architecture import walking
from tests.architecture.world import NOW
from tests.architecture.world.agreed import choose_with, offered_parts, sealed_with
from tests.architecture.world.campuses import let_use
from tests.architecture.world.entries import (
    TAP_IT,
    ask,
    attach,
    build_own,
    hold,
    judged_by,
    put_in,
    read_by_all,
    talked_about,
    themed,
    write_together,
)
from tests.architecture.world.guests import guests_of
from tests.architecture.world.handovers import hand_over
from tests.architecture.world.partners import know, live_with
from tests.architecture.world.placing import let_work
from tests.architecture.world.promises import promised
from tests.architecture.world.shown import ask_customers, hook_up, show_item, take_a_risk, try_out
from tests.cast import AT

OPENED = "Grip berries without bruising them"
UNDER_AN_AGREEMENT = (
    "/agreement/<key>/end/",
    "/agreement/<key>/renew/",
    "/agreement/<key>/deadlines/",
    "/agreement/<key>/deadlines/<obligation_key>/",
    "/agreement/<key>/publications/",
    "/agreement/<key>/publications/new/",
    "/agreement/<key>/publications/<publication_key>/",
    "/agreement/<key>/publications/<publication_key>/file/",
)
SEALED = (
    "/agreement/<key>/sealed.pdf",
    "/agreement/<key>/stamped.pdf",
    "/agreement/<key>/certificate.pem",
    "/agreement/<key>/seal/",
    "/agreement/<key>/stamp/",
)
ONE_VIEW = (
    "/saved-views/<key>/rename/",
    "/saved-views/<key>/prefer/",
    "/saved-views/<key>/delete/",
    "/saved-views/<key>/restore/",
)
ALIKE = (
    "/challenges/<key>/similar/",
    "/challenges/<key>/similar/look/",
    "/challenges/<key>/similar/<first_key>/<second_key>/",
    "/challenges/<key>/similar/<first_key>/<second_key>/apart/",
    "/challenges/<key>/merges/<merge_key>/undo/",
    "/challenges/<key>/themes/",
    "/challenges/<key>/themes/find/",
    "/challenges/<key>/themes/new/",
    "/challenges/<key>/themes/<theme_key>/",
    "/challenges/<key>/themes/<theme_key>/rename/",
    "/challenges/<key>/themes/<theme_key>/merge/",
    "/challenges/<key>/themes/<theme_key>/remove/",
    "/challenges/<key>/themes/<theme_key>/move/",
    "/challenges/<key>/theme-changes/<change_key>/undo/",
    "/api/challenges/<key>/similar",
    "/api/challenges/<key>/similar?q=hammer",
)


def populated(stage, make_challenge, make_idea, find) -> walking.World:
    """Fill a firm with everything there is; `find` gives the people by the name of their fixture."""
    contributor, owner, member, judge_one = find("solver"), stage.owner, find("member"), stage.panel[0]
    opened = make_challenge(title=OPENED, room_fields=["constraints"])
    mine = make_idea(challenge=opened, author=contributor, submitted=False)
    file = attach(mine)
    coauthor, split = write_together(mine, stage.mark)
    ideas.submit_idea(idea_id=mine.pk, actor=contributor, at=AT)
    Mail.objects.filter(person=coauthor).delete()  # the list of mails shows one page
    judged = judged_by(
        stage, make_challenge, make_idea, contributor, find("solver_two"), title="See ripe fruit in the dark"
    )
    Panel.objects.filter(challenge=judged).update(mode=Panel.Mode.BOTH)
    Challenge.objects.filter(pk=judged.pk).update(public_compares=True)
    answered = judged_by(stage, make_challenge, make_idea, contributor, title="Clean a gripper in a minute")
    selection.release_answers(challenge_id=answered.pk, actor=owner, at=AT)
    told = Idea.objects.get(challenge=answered)
    asked = selection.ask_clarification(
        answer_id=told.answer.pk, actor=contributor, question="What tipped the scales?", at=AT
    )
    assignment = Assignment.objects.get(idea__challenge=judged, idea__author=contributor, panelist__person=judge_one)
    evaluation.set_minutes(panelist_id=assignment.panelist_id, actor=judge_one, minutes_per_week=2400, at=AT)
    questions = [ask(opened, contributor, text) for text in ("How wet may the fruit be?", "Who keeps the prototype?")]
    dialogue.answer_question(
        question_id=questions[0].pk, actor=owner, text="It may drip.", changes_brief=False, at=AT
    )  # fmt: skip
    alike = make_challenge(closed=True, title="Feel how ripe a pear is")
    mailed = Mail.objects.latest("pk").pk
    pair = [make_idea(challenge=alike, author=author, **TAP_IT) for author in (find("solver_two"), contributor)]
    ideas.find_pairs(challenge_id=alike.pk, at=AT)
    question = ideas.ask_to_merge(idea_id=pair[1].pk, lead_id=pair[0].pk, actor=owner, words="One idea?", at=AT)
    Mail.objects.filter(pk__gt=mailed).delete()  # the list of mails shows one page
    of_alike = {"challenges": alike.key, "similar": pair[0].key, "": pair[1].key, "merges": question.key,
                **themed(alike, owner)}  # fmt: skip
    shown = read_by_all(make_challenge, make_idea, author=contributor, later=mine)
    comment = talked_about(make_challenge, make_idea, author=find("solver_two"), actor=contributor)
    draft = make_challenge(status="draft", title="Not asked yet")
    table = ideas.stage_table(challenge_id=judged.pk, actor=owner, name="a.csv", content=b"title\nA\n", at=AT)
    invited = {"email": f"ines{stage.mark}@example.org", "role": Membership.Role.MEMBER}
    invitation, token = people.invite(organisation=stage.organisation, actor=owner, at=AT, **invited)
    box = ideas.create_box(
        organisation=stage.organisation, content=ideas.BoxInput(title="What slows you down?"), actor=owner, at=AT
    )
    asked_of, of_item, known = ask_customers(stage), show_item(stage, contributor), know(stage)
    view = ideas.save_view(
        organisation=stage.organisation, actor=owner, place="inbox", name="Mine", given={}, is_shared=False, at=AT
    )
    hook = hook_up(stage)
    delivery = try_out(hook)
    access_token, _secret = people.issue_token(person=owner, label="spreadsheet", at=AT)
    link = people.sign_in_link(person=find("solver_two"), at=AT, until=NOW + timedelta(days=1))
    of_view, of_answered, of_told, of_draft, of_sealed = (
        {"saved-views": view.key},
        {"challenges": answered.key},
        {"my/ideas": told.key},
        {"challenges": draft.key},
        {"agreement": sealed_with(stage, contributor)},
    )
    return walking.World(
        actors={
            "anonymous": None,
            "stranger": find("stranger"),
            "other_owner": find("other_owner"),
            "contributor": contributor,
            **(guests := guests_of(stage, known["partners"], of_item["items"], opened)),
            "member": member,
            "evaluator": judge_one,
            "manager": find("manager"),
            "owner": owner,
        },
        segments={
            **known,
            **live_with(stage, known["partners"]),
            **take_a_risk(stage, of_item["items"]),
            "transfers": hand_over(stage, known["partners"], guests),
            **let_use(stage, known["partners"], guests["partner"]),
            **let_work(stage, known["partners"], guests["partner"], contributor),
            "c": opened.key,
            "challenges": judged.key,
            "compare": judged.key,
            "edit": "brief",
            "findings": "brief",
            "challenges/new": "technical",
            "ranking.": "json",
            "comparisons.": "json",
            "import": table.key,
            "reviews/import": table.key,
            "panel": judged.panel.panelists.first().key,
            "awards": Award.objects.get(decision__idea=told).key,
            "titles": told.key,
            "strike": hold(stage, told).key,
            "works": (work := build_own(stage, member, told)).key,
            "end": work.people.get().key,
            "decisions": str(asked.pk),
            "files": file,
            "ideas": Idea.objects.get(challenge=judged, author=contributor).key,
            "my/ideas": mine.key,
            "questions": questions[1].key,
            "my/questions": questions[1].key,
            "coauthor": f"walked{stage.mark}",
            "built-on": shown.key,
            "comments": comment.key,
            "my/comments": comment.key,
            "talk": comment.idea.key,
            "coauthors/remove": coauthor.key,
            "coauthors/shares": split.key,
            "coauthors/take-back": mine.invitations.get(accepted_at=None).key,
            "copies": "1",
            "versions": "1",
            "reviews": assignment.key,
            "minutes": str(assignment.panelist_id),
            "receipts": Receipt.objects.filter(person=contributor).first().key,
            "readers": agree_to_confidentiality(challenge_key=opened.key, person=contributor, at=AT).key,
            "choosing": (chosen := choose_with(stage, "Campus")),
            "choose": chosen,
            "terms": opened.participation_terms.key,
            **(of_promise := promised(stage, guests["partner"])),
            **offered_parts(stage, contributor),
            "plan/goals": opened.goal.key,
            "mails": Mail.objects.filter(organisation=stage.organisation).first().key,
            "settings/hooks": hook.key,
            "deliveries": delivery.key,
            "notices": Notice.objects.filter(person=contributor).first().key,
            "unsubscribe": unsubscribe_link(contributor, topic_named("timetable")).rstrip("/").rpartition("/")[2],
            "people": str(Membership.objects.get(person=member).pk),
            "people/invitations": invitation.key,
            "invitations": token,
            "account/link": link.strip("/").rpartition("/")[2],
            "me/tokens": access_token.key,
            "webauthn/keys": "1",
            "box": box.key,
            "box/p": private_token(f"walked{stage.mark}"),
            "boxes": box.key,
            "saved-views": "entries",
            "inbox/boxes": box.key,
            "inbox": put_in(box, seed=f"walked{stage.mark}").key,
            **asked_of,
            **of_item,
            "read": shown.challenge.key,
        },
        exceptions={
            "/shared/<key>/files/<part_key>/": {"files": of_item["room part"]},
            "/api/shared/<key>/files/<part_key>": {"files": of_item["room part"]},
            "/shown/<key>/files/<part_key>/": {"files": of_item["public part"]},
            "/challenges/<key>/awards/": of_answered,
            "/challenges/<key>/awards/<award_key>/pay/": of_answered,
            "/challenges/<key>/decisions/<clarification_id>/reply/": of_answered,
            "/api/challenges/<key>": {"challenges": opened.key},
            "/api/challenges/<key>/confidential": {"challenges": opened.key},
            "/challenges/<key>/readers/<agreement_key>/end/": {"challenges": opened.key},
            "/api/challenges/<key>/questions": {"challenges": opened.key},
            "/challenges/<key>/questions/": {"challenges": opened.key},
            "/questions/<key>/report/": {"questions": questions[0].key},
            "/c/<key>/compare/": {"c": judged.key},
            "/c/<key>/compare/undo/": {"c": judged.key},
            "/api/my/ideas/<key>/status": of_told,
            "/challenges/<key>/edit/<step>/": of_draft,
            "/challenges/<key>/preview/": of_draft,
            "/challenges/<key>/publish/": of_draft,
            "/read/<key>/<idea_key>/": {"read": shown.challenge.key, "": shown.key},
            "/read/<key>/<idea_key>/vote/": {"read": shown.challenge.key, "": shown.key},
            "/read/<key>/<idea_key>/build/": {"read": shown.challenge.key, "": shown.key},
            "/api/challenges/<key>/ballot": {"challenges": shown.challenge.key},
            "/api/challenges/<key>/ballot/<idea_key>": {"challenges": shown.challenge.key, "ballot": shown.key},
            "/api/challenges/<key>/votes": {"challenges": shown.challenge.key},
            "/api/ideas/<key>/comments": {"ideas": comment.idea.key},
            "/agreements/<key>/deadlines/new/": {"agreements": of_promise["agreement"]},
            **dict.fromkeys(ALIKE, of_alike),
            **dict.fromkeys(SEALED, of_sealed),
            **dict.fromkeys(ONE_VIEW, of_view),
            **dict.fromkeys(UNDER_AN_AGREEMENT, of_promise),
            "/works/<key>/matter/<person_key>/<subject_key>/": {"works": work.key, "matter": member.key, "": told.key},
            "/my/ideas/<key>/merge/": {"my/ideas": pair[1].key},
            "/my/ideas/<key>/": of_told,
            "/my/ideas/<key>/accept-rights/": of_told,
            "/my/ideas/<key>/clarify/": of_told,
        },
        bodies=bodies(judged, opened=opened, partner_key=known["partners"], owner=owner),
    )


def bodies(judged: Challenge, *, opened: Challenge, partner_key: str, owner: Person) -> dict[str, dict[str, object]]:
    """Return what is sent to the addresses that refuse an empty form before they look at who asks."""
    return {
        "POST /read/<key>/<idea_key>/vote/": {"value": "1"},
        "POST /agreement/<key>/renew/": {"until": "2029-01-01"},
        "POST /agreement/<key>/deadlines/<obligation_key>/": {"action": "done"},
        "POST /agreement/<key>/publications/new/": {"title": "A talk", "note": "It is short."},
        "POST /agreement/<key>/publications/<publication_key>/": {"answer": "free"},
        "POST /agreements/<key>/deadlines/new/": {
            "kind": "report",
            "side": "firm",
            "anchor": "day",
            "on": "2026-05-04",
            "unit": "days",
        },
        "POST /partner-shortlists/<shortlist_key>/decide/": {
            "partner": partner_key,
            "choice": "later",
            "reason": "Not now.",
            "next_by": owner.key,
        },
        "POST /partner-shortlists/<shortlist_key>/notes/": {"partner": partner_key, "text": "Good."},
        "POST /partner-shortlists/<shortlist_key>/rename/": {"title": "Nearer"},
        "POST /partners/shortlists/keep/": {"title": "Near", "length": "5", "wanted": "Wear"},
        "POST /partners/views/": {"name": "Near", "q": "campus"},
        "POST /partner-views/<view_key>/rename/": {"name": "Nearer"},
        "POST /api/ideas": {"challenge": opened.key},
        "POST /api/ideas/<key>/comments": {"text": "Which stalk, the green one?"},
        "PUT /api/comments/<key>/reaction": {"kind": "helpful"},
        "PUT /api/challenges/<key>/ballot/<idea_key>": {"value": 1},
        "POST /api/boxes/<key>/postings": {"kind": "need", "text": "The belt stops."},
        "POST /api/reviews/<key>": {
            "scores": {criterion.key: 3 for criterion in judged.criteria.all()},
            "recommendation": "yes",
            "reason": "It can be built with what is there, and soon.",
        },
    }


def names_of_all() -> set[str]:
    """Return the keys of all rows there are, and the addresses of all people."""
    records = [model for model in apps.get_models() if issubclass(model, Record)]
    keys = {key for model in records for key in model._default_manager.values_list("key", flat=True)}
    return keys | set(Person.objects.values_list("email", flat=True))
