"""Every page and API operation that lists, with what puts one more item on it."""

from __future__ import annotations

from permea.challenges.models import Challenge
from permea.ideas import services as ideas
from permea.ideas.models import Idea, Theme
from permea.ideas.queries import contributors_of
from permea.ideas.rules import equal_shares
from permea.ledger.services import record_crossing
from permea.notifications.models import Mail
from permea.selection import services as selection
from tests.architecture import walking
from tests.architecture.world.agreed import offered_to
from tests.architecture.world.entries import TAP_IT, judged_by
from tests.architecture.world.growth import Growth
from tests.cast import AT


def pages_that_list(world, stage, make_challenge, make_goal, make_idea, make_person) -> dict[str, walking.ListPage]:
    """Return them by name; `<name> of <role>` is the page as another role sees it."""
    contributor, owner, judge_one = world.actors["contributor"], stage.owner, stage.panel[0]
    elsewhere = world.actors["other_owner"]
    growth = Growth(stage, Challenge.objects.get(key=world.segments["challenges"]), make_person, make_idea)

    decided = [Challenge.objects.get(key=world.exceptions["/challenges/<key>/awards/"]["challenges"])]

    def answer_one_more() -> None:
        """Decide another challenge, with one award more than the last one."""
        authors = [make_person() for _ in range(len(decided))]
        decided.append(judged_by(stage, make_challenge, make_idea, *authors, title=f"Challenge of {len(authors)}"))
        selection.release_answers(challenge_id=decided[-1].pk, actor=owner, at=AT)

    def record_elsewhere() -> None:
        record_crossing(
            organisation=stage.other, kind="note", direction="out", depth="public", subject_type="note",
            subject_key=f"note{next(growth.numbers)}", at=AT,
        )  # fmt: skip

    def enter_one_more() -> None:
        make_idea(author=contributor)

    def hand_in_one_more() -> None:
        mailed = Mail.objects.latest("pk").pk
        make_idea(author=contributor)
        Mail.objects.filter(pk__gt=mailed).delete()  # as above

    def join_one_more() -> None:
        mailed = Mail.objects.latest("pk").pk
        mine, newcomer = Idea.objects.get(key=world.segments["my/ideas"]), make_person()
        asked = ideas.invite_coauthor(idea_id=mine.pk, actor=contributor, email=newcomer.email, at=AT)
        texts = [mine.challenge.participation_terms.key, mine.challenge.ip_terms.key]
        ideas.join_entry(invitation_id=asked.pk, actor=newcomer, accepted=texts, at=AT)
        writers = [person.pk for person in contributors_of(mine)]
        shares = dict(zip(writers, equal_shares(len(writers)), strict=True))
        ideas.propose_shares(idea_id=mine.pk, actor=contributor, per_cents=shares, at=AT)
        Mail.objects.filter(pk__gt=mailed).delete()  # the list of mails shows one page

    def hand_in_one_alike() -> None:
        """Hand one more in that says the same as the others."""
        alike = Challenge.objects.get(key=world.exceptions["/challenges/<key>/similar/"]["challenges"])
        make_idea(challenge=alike, **TAP_IT)
        ideas.find_pairs(challenge_id=alike.pk, at=AT)

    def put_one_in_the_theme() -> None:
        """Hand one more in and move it into the theme."""
        place = world.exceptions["/challenges/<key>/themes/<theme_key>/"]
        one = make_idea(challenge=Challenge.objects.get(key=place["challenges"]), **TAP_IT)
        theme = Theme.objects.get(key=place["themes"])
        ideas.move_entries(theme_id=theme.pk, idea_keys=[one.key], actor=owner, at=AT)

    pages = {
        "challenges:home": ("/", None, make_challenge),
        "challenges:feed": ("/c/feed.atom", None, make_challenge),
        "challenges:list": ("/challenges/", owner, make_challenge),
        "strategy:goals": ("/plan/goals/", owner, make_goal),
        "ideas:mine": ("/my/", contributor, enter_one_more),
        "ideas:coauthors": ("/my/ideas/<key>/coauthors/", contributor, join_one_more),
        "selection:credits": ("/my/credits/", contributor, hand_in_one_more),
        "ideas:inbox": ("/inbox/", owner, growth.put_into_the_box),
        "ideas:boxes": ("/inbox/boxes/", owner, growth.open_a_box),
        "ideas:posting": ("/inbox/<key>/", owner, growth.merge_into_the_posting),
        "ideas:list": ("/challenges/<key>/ideas/", owner, growth.enter_and_judge),
        "people:team": ("/people/", owner, growth.seat),
        "people:tokens": ("/me/tokens/", owner, growth.issue_token),
        "notifications:mails": ("/mails/", owner, growth.write_mail),
        "notifications:hooks": ("/settings/hooks/", owner, growth.hook_up),
        "notifications:hook": ("/settings/hooks/<key>/", owner, growth.send_to_the_hook),
        "notifications:notices": ("/notices/", owner, growth.put_notice),
        "ledger:list": ("/ledger/", elsewhere, record_elsewhere),
        "agreements:all": ("/agreements/", owner, lambda: offered_to(growth.stage, contributor)),
        "agreements:list": ("/terms/", owner, growth.publish_terms),
        "agreements:ip": ("/agreements/<key>/ip/", owner, growth.state_in_the_table),
        "agreements:ip_guest": ("/my/agreements/<key>/ip/", contributor, growth.state_in_the_table),
        "agreements:rights": ("/rights/", owner, lambda: growth.state_in_one_more(contributor)),
        "agreements:mine": ("/my/agreements/", contributor, lambda: offered_to(growth.stage, contributor)),
        "agreements:deadlines": ("/agreements/deadlines/", owner, growth.promise_one_more),
        "agreements:my_deadlines": ("/my/deadlines/", world.actors["partner"], growth.promise_one_more),
        "agreements:obligations": ("/agreement/<key>/deadlines/", world.actors["partner"], growth.promise_one_more),
        "agreements:publications": ("/agreement/<key>/publications/", owner, growth.promise_one_more),
        "disclosures:list": ("/items/", owner, growth.show_one_more),
        "disclosures:item": ("/items/<key>/", owner, growth.say_one_more),
        "disclosures:seen": ("/seen/", owner, growth.show_one_more),
        "disclosures:at_stake": ("/seen/at-stake/", owner, growth.show_one_more),
        "alliances:list": ("/alliances/", owner, growth.ally_one_more),
        "alliances:mine": ("/my/alliances/", world.actors["partner"], growth.ally_one_more),
        "alliances:alliance": ("/alliances/<key>/", owner, growth.change_the_charter),
        "alliances:contributions": ("/alliances/<key>/contributions/", owner, growth.put_in_one_more),
        "alliances:pulse": ("/alliances/<key>/pulse/", owner, growth.raise_one_more),
        "projects:list": ("/transfers/", owner, growth.hand_over_one_more),
        "projects:mine": ("/my/transfers/", world.actors["partner"], growth.hand_over_one_more),
        "projects:transfer": ("/transfers/<key>/", owner, growth.fill_one_more),
        "projects:transfer of a guest": ("/transfers/<key>/", world.actors["partner"], growth.fill_one_more),
        "campus:list": ("/equipment/", owner, growth.use_one_more),
        "campus:mine": ("/my/bookings/", world.actors["partner"], growth.use_one_more),
        "campus:equipment": ("/equipment/<key>/", owner, growth.use_one_more),
        "campus:placements": ("/placements/", owner, growth.place_one_more),
        "campus:my_placements": ("/my/placements/", world.actors["partner"], growth.place_one_more),
        "campus:my_placements of a student": ("/my/placements/", world.actors["contributor"], growth.place_one_more),
        "campus:placement": ("/placements/<key>/", owner, growth.place_one_more),
        "campus:placement of a guest": ("/placements/<key>/", world.actors["partner"], growth.place_one_more),
        "campus:placement of a student": ("/placements/<key>/", world.actors["contributor"], growth.place_one_more),
        "campus:equipment of a guest": ("/equipment/<key>/", world.actors["partner"], growth.use_one_more),
        "alliances:results": ("/alliances/<key>/results/", owner, growth.divide_one_more),
        "alliances:result": ("/alliances/results/<key>/", owner, growth.propose_one_more),
        "alliances:split": ("/alliances/results/<key>/split/", owner, growth.put_in_one_more),
        "risks:list": ("/risks/", owner, growth.risk_one_more),
        "risks:risk": ("/risks/<key>/", owner, growth.risk_one_more),
        "risks:edit": ("/risks/<key>/edit/", owner, growth.show_one_more),
        "risks:total": ("/risks/total/", owner, growth.risk_one_more),
        "risks:leaks": ("/risks/leaks/", owner, growth.show_one_more),
        "disclosures:shared": ("/shared/", contributor, growth.show_one_more),
        "disclosures:shared_item": ("/shared/<key>/", contributor, growth.say_one_more),
        "api:list_shared_items": ("/api/shared", contributor, growth.show_one_more),
        "agreements:choosing": ("/choosing/", owner, growth.choose_with_one_more),
        "evaluation:queue": ("/reviews/", judge_one, growth.enter_and_deal),
        "evaluation:panel": ("/challenges/<key>/panel/", owner, growth.seat_on_panel),
        "evaluation:assigning": ("/challenges/<key>/assigning/", owner, growth.enter_and_deal),
        "evaluation:ranking": ("/challenges/<key>/ranking/", owner, growth.enter_and_judge),
        "challenges:public": ("/c/<key>/", None, growth.answer_one_more),
        "dialogue:questions": ("/c/<key>/questions/", contributor, growth.answer_one_more),
        "dialogue:manage": ("/challenges/<key>/questions/", owner, growth.answer_one_more),
        "dialogue:moderation": ("/moderation/", owner, lambda: growth.ask_one_more(said="See www.a.com and www.b.com")),
        "dialogue:mine": ("/my/questions/", contributor, lambda: growth.ask_one_more(contributor)),
        "selection:select": ("/challenges/<key>/selection/", owner, growth.enter_and_judge),
        "selection:decide": ("/challenges/<key>/decisions/", owner, growth.enter_and_judge),
        "selection:dossier": ("/challenges/<key>/dossier/", owner, growth.enter_and_judge),
        "selection:titles": ("/titles/", owner, answer_one_more),
        "selection:title": ("/titles/<key>/", owner, growth.hold_one_more),
        "selection:works": ("/works/", owner, growth.build_one_more),
        "selection:work": ("/works/<key>/", owner, growth.read_one_more),
        "measures:funnel": ("/measures/", owner, answer_one_more),
        "partners:list": ("/partners/", owner, growth.know_one_more),
        "partners:duplicates": ("/partners/duplicates/", owner, growth.know_one_more),
        "partners:import": ("/partners/import/", owner, growth.know_one_more),
        "partners:sources": ("/partners/sources/", owner, growth.know_one_more),
        "partners:follow_ups": ("/partners/follow-ups/", owner, growth.know_one_more),
        "partners:shortlists": ("/partners/shortlists/", owner, growth.know_one_more),
        "partners:views": ("/partners/views/", owner, growth.know_one_more),
        "partners:shortlist": ("/partner-shortlists/<shortlist_key>/", owner, growth.work_out_once_more),
        "trials:list": ("/trials/", owner, growth.ask_in_a_test),
        "trials:test": ("/trials/tests/<key>/", owner, growth.add_a_variant),
        "trials:panels": ("/trials/panels/", owner, growth.begin_a_panel),
        "trials:panel": ("/trials/panels/<key>/", owner, growth.ask_one_more_customer),
        "trials:prototypes": ("/trials/prototypes/", owner, growth.begin_a_prototype),
        "trials:prototype": ("/trials/prototypes/<key>/", owner, growth.measure_once_more),
        "measures:reach": ("/measures/reach/", owner, answer_one_more),
        "ideas:saved_views": ("/saved-views/<place>/", owner, growth.save_a_view),
        "surface:today with partnerships": ("/today/", owner, growth.hand_over_one_more),
        "surface:today": ("/today/", owner, lambda: make_challenge(status="draft")),
        "api:list_comments": ("/api/ideas/<key>/comments", contributor, growth.comment_once_more),
        "api:get_my_ballot": ("/api/challenges/<key>/ballot", owner, growth.vote_once_more),
        "api:list_challenges": ("/api/challenges", None, make_challenge),
        "api:list_questions": ("/api/challenges/<key>/questions", None, growth.answer_one_more),
        "api:list_managed_challenges": ("/api/managed/challenges", owner, make_challenge),
        "api:list_goals": ("/api/goals", owner, make_goal),
        "api:list_my_ideas": ("/api/ideas", contributor, enter_one_more),
        "api:list_my_queue": ("/api/reviews", judge_one, growth.enter_and_deal),
        "api:list_crossings": ("/api/ledger/crossings", elsewhere, record_elsewhere),
        "api:list_entries": ("/api/challenges/<key>/ideas", owner, growth.enter_and_judge),
        "ideas:themes": ("/challenges/<key>/themes/", owner, put_one_in_the_theme),
        "ideas:theme": ("/challenges/<key>/themes/<theme_key>/", owner, put_one_in_the_theme),
        "ideas:similar": ("/challenges/<key>/similar/", owner, hand_in_one_alike),
        "api:list_similar_entries": ("/api/challenges/<key>/similar?q=hammer", owner, hand_in_one_alike),
        "api:get_ranking": ("/api/challenges/<key>/ranking", owner, growth.enter_and_judge),
    }
    return {name: walking.ListPage(world.path(route), person, add) for name, (route, person, add) in pages.items()}
