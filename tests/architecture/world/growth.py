"""What puts one more item on a list."""

from __future__ import annotations

import itertools
from datetime import timedelta
from decimal import Decimal

from permea.agreements.models import (
    IpEntry,
)
from permea.agreements.services import publish_terms
from permea.alliances import services as alliances
from permea.alliances.models import Alliance, Contribution, Result
from permea.alliances.rules import SplitInput
from permea.challenges.models import Challenge
from permea.dialogue import services as dialogue
from permea.dialogue.models import Comment, Question
from permea.disclosures import services as disclosures
from permea.disclosures.models import Item
from permea.evaluation import services as evaluation
from permea.ideas import services as ideas
from permea.ideas.models import IdeaBox, Posting
from permea.notifications.models import Hook, Mail
from permea.notifications.services import note, write_mail
from permea.partners import services as partners
from permea.partners.models import Partner, Shortlist
from permea.people import services as people
from permea.people.models import Membership, Person
from permea.risks import services as risks
from permea.risks.models import Risk
from permea.risks.queries import Subject
from permea.selection import services as selection
from permea.selection.models import TitleEvidence, Work
from permea.trials import services as trials
from permea.trials.models import ConceptTest, CustomerPanel, PrototypeRound
from tests.architecture.world.agreed import choose_with, offered_to, stated_to
from tests.architecture.world.campuses import use_one_more
from tests.architecture.world.entries import TAP_IT, VOTED, ask, decide, hold, judge, put_in, read_in_full
from tests.architecture.world.handovers import fill_one_more, hand_over
from tests.architecture.world.partners import CHARTER, ally_with, asked_for, divide_one, know, put_in_one, raise_one
from tests.architecture.world.peopled import OPENED
from tests.architecture.world.placing import place_one_more
from tests.architecture.world.promises import promise_one_more
from tests.architecture.world.shown import hook_up, take_a_risk, try_out
from tests.cast import AT, seat

WORDS = map("".join, itertools.product("abcdefgh", repeat=4))


class Growth:
    """What puts one more item on a list."""

    def __init__(self, stage, judged, make_person, make_idea) -> None:
        self.stage, self.judged, self.make_person, self.make_idea = stage, judged, make_person, make_idea
        self.numbers = itertools.count()

    def seat(self) -> Person:
        person = self.make_person(f"new{next(self.numbers)}@example.org")
        seat(self.stage.organisation, person, Membership.Role.EVALUATOR, actor=self.stage.owner)
        return person

    def seat_on_panel(self) -> None:
        told = {"challenge_id": self.judged.pk, "actor": self.stage.owner, "at": AT}
        evaluation.seat_members(**told, persons=[self.seat()])

    def enter_and_judge(self) -> None:
        self.make_idea(challenge=self.judged)
        judge(self.stage, self.judged)
        decide(self.stage, self.judged)

    def enter_and_deal(self) -> None:
        self.make_idea(challenge=self.judged)
        evaluation.deal_out(challenge_id=self.judged.pk, actor=self.stage.owner, at=AT)

    def state_in_the_table(self) -> None:
        stated_to(self.stage, IpEntry.objects.earliest("pk").agreement)

    def state_in_one_more(self, person) -> None:
        stated_to(self.stage, offered_to(self.stage, person))

    def build_one_more(self) -> None:
        told = {"name": f"Work {next(self.numbers)}", "words": TAP_IT["body"], "began_on": AT.date()}
        selection.enter_work(organisation=self.stage.organisation, actor=self.stage.owner, at=AT, **told)

    def read_one_more(self) -> None:
        work = Work.objects.earliest("pk")
        read_in_full(work.people.get().person, self.make_idea(challenge=self.judged, **TAP_IT))

    def hold_one_more(self) -> None:
        hold(self.stage, TitleEvidence.objects.earliest("pk").idea)

    def publish_terms(self) -> None:
        texts = {"kind": "participation", "language": "en", "title": "Terms", "body": f"Terms {next(self.numbers)}."}
        publish_terms(organisation=self.stage.organisation, actor=self.stage.owner, at=AT, **texts)

    def choose_with_one_more(self) -> None:
        choose_with(self.stage, f"Campus {next(self.numbers)}")

    def write_mail(self) -> None:
        told = {"organisation": self.stage.organisation, "at": AT}
        write_mail(to=self.stage.owner, kind="note", subject="A note", text="A note.", **told)

    def hook_up(self) -> None:
        hook_up(self.stage, f"Channel {next(self.numbers)}")

    def send_to_the_hook(self) -> None:
        try_out(Hook.objects.order_by("pk").first())

    def put_into_the_box(self) -> None:
        put_in(IdeaBox.objects.first(), seed=f"seed {next(self.numbers)}")

    def save_a_view(self) -> None:
        ideas.save_view(
            organisation=self.stage.organisation, actor=self.stage.owner, place="entries",
            name=f"View {next(self.numbers)}", given={}, is_shared=False, at=AT,
        )  # fmt: skip

    def comment_once_more(self) -> None:
        """Say one more thing about the entry that is talked about, and answer it."""
        idea = Comment.objects.order_by("pk").first().idea
        told = {"idea_id": idea.pk, "language": "en", "at": AT}
        first = dialogue.post_comment(**told, actor=self.stage.owner, text=f"Comment {Comment.objects.count()}.")
        dialogue.post_comment(**told, actor=idea.author, text=f"Answer {first.pk}.", answers=first)

    def vote_once_more(self) -> None:
        """Hand one more entry in that is voted on, and vote on it."""
        idea = self.make_idea(challenge=Challenge.objects.get(title=VOTED))
        ideas.cast_vote(idea_id=idea.pk, actor=self.stage.owner, value=1, at=AT)

    def open_a_box(self) -> None:
        content = ideas.BoxInput(title=f"Box {next(self.numbers)}")
        ideas.create_box(organisation=self.stage.organisation, content=content, actor=self.stage.owner, at=AT)

    def merge_into_the_posting(self) -> None:
        number, main = next(self.numbers), Posting.objects.order_by("pk").first()
        other = put_in(main.box, seed=f"merged {number}")
        told = {"actor": self.stage.owner, "at": AT, "why": "The same belt."}
        ideas.merge_posting(posting_id=other.pk, main_id=main.pk, **told)

    def put_notice(self) -> None:
        note(
            person=self.stage.owner, kind="entries_closed", told={"challenge": self.judged}, is_for_digest=False, at=AT,
        )  # fmt: skip

    def ask_one_more(self, person: Person | None = None, said: str = "") -> Question:
        """Let somebody who has been known for long ask something nobody has asked yet."""
        asker = person or self.make_person()
        Person.objects.filter(pk=asker.pk).update(joined_at=AT - timedelta(days=30))
        asker.refresh_from_db()
        challenge, word = Challenge.objects.get(title=OPENED), next(WORDS)
        return ask(challenge, asker, f"May the {word} of a {word} be {word}? {said}")

    def answer_one_more(self) -> None:
        told = {"question_id": self.ask_one_more().pk, "actor": self.stage.owner, "at": AT}
        dialogue.answer_question(text="Yes.", changes_brief=False, **told)

    def ask_in_a_test(self) -> None:
        content = trials.ConceptInput(title=f"Test {next(self.numbers)}", closes_at=AT + timedelta(days=9))
        trials.draft_test(organisation=self.stage.organisation, content=content, actor=self.stage.owner, at=AT)

    def begin_a_prototype(self) -> None:
        content = trials.PrototypeInput(title=f"Machine {next(self.numbers)}", measure="Speed", unit="1/h")
        trials.create_prototype(organisation=self.stage.organisation, content=content, actor=self.stage.owner, at=AT)

    def know_one_more(self) -> None:
        know(self.stage, f"Campus {next(self.numbers)}", next(self.numbers))

    def work_out_once_more(self) -> None:
        """Work the first shortlist out with one partner and one note more."""
        self.know_one_more()
        first, newest = Shortlist.objects.order_by("pk").first(), Partner.objects.latest("pk")
        on = {"shortlist_id": first.pk, "actor": self.stage.owner, "at": AT}
        partners.work_out(question=asked_for(newest.party.name), **on)
        partners.note_on_shortlist(partner_id=first.decisions.get().partner_id, text=newest.key, **on)

    def begin_a_panel(self) -> None:
        content = trials.PanelInput(title=f"Panel {next(self.numbers)}", purpose="Ask us.")
        trials.create_panel(organisation=self.stage.organisation, content=content, actor=self.stage.owner, at=AT)

    def ask_one_more_customer(self) -> None:
        panel, seed = CustomerPanel.objects.order_by("pk").first(), f"customer {next(self.numbers)}"
        member = trials.ask_to_join(panel_id=panel.pk, name=seed, email="", seed=seed, at=AT)
        trials.agree(member_id=member.pk, version=1, at=AT)

    def add_a_variant(self) -> None:
        ConceptTest.objects.update(opened_at=None)
        test, title = ConceptTest.objects.order_by("pk").first(), f"Cart {next(self.numbers)}"
        trials.add_variant(test_id=test.pk, content=trials.VariantInput(title=title), actor=self.stage.owner)

    def measure_once_more(self) -> None:
        round_, seed = PrototypeRound.objects.order_by("pk").first(), f"measured {next(self.numbers)}"
        place = trials.begin_round(round_id=round_.pk, seed=seed, at=AT)
        trials.save_before(participant_id=place.pk, before=Decimal(10), at=AT)
        said = trials.FeedbackInput(after=Decimal(14), ease=4, change="A bell.")
        trials.give_feedback(participant_id=place.pk, said=said, at=AT)

    def show_one_more(self) -> None:
        """Write one more item, share it with who reads the first, and let them read it."""
        number, reader = next(self.numbers), Person.objects.get(email="sam@workshop.example")
        told = {"actor": self.stage.owner, "at": AT}
        content = disclosures.ItemInput(title=f"Item {number}", kind="plan", owner=self.stage.owner)
        item = disclosures.create_item(organisation=self.stage.organisation, content=content, **told)
        self.say_one_more(item)
        content = disclosures.ShareInput(email=reader.email, depth="invited", purpose="evaluate")
        disclosures.share_item(item_id=item.pk, content=content, **told)
        disclosures.read_item(key=item.key, reader=reader, at=AT)

    def say_one_more(self, item: Item | None = None) -> None:
        """Add a part to an item, the first one by default, and share it once more."""
        found, number = item or Item.objects.order_by("pk").first(), next(self.numbers)
        told = {"item_id": found.pk, "actor": self.stage.owner, "at": AT}
        said = disclosures.PartInput(label=f"Part {number}", text="It seals.", depth="invited")
        disclosures.save_part(content=said, **told)
        whom = disclosures.ShareInput(email=f"lab{number}@example.org", depth="invited", purpose="supply")
        disclosures.share_item(content=whom, **told)

    def promise_one_more(self) -> None:
        promise_one_more(self.stage, next(self.numbers))

    def ally_one_more(self) -> None:
        ally_with(self.stage, Partner.objects.order_by("pk").first().key, f"Seal {next(self.numbers)}")

    def put_in_one_more(self) -> None:
        put_in_one(self.stage, Alliance.objects.order_by("pk").first(), f"Seal {next(self.numbers)}")

    def raise_one_more(self) -> None:
        raise_one(self.stage, Alliance.objects.order_by("pk").first(), f"Drip {next(self.numbers)}")

    def divide_one_more(self) -> None:
        divide_one(self.stage, Alliance.objects.order_by("pk").first(), f"Seal {next(self.numbers)}")

    def propose_one_more(self) -> None:
        """Propose one more division of the first joint result."""
        first, mailed = Result.objects.order_by("pk").first(), Mail.objects.latest("pk").pk
        said = SplitInput(way="proportional", note=f"Seal {next(self.numbers)}", leaves_out=True)
        told = {"actor": self.stage.owner, "at": AT}
        line = Contribution.objects.get(key=put_in_one(self.stage, first.alliance, said.note))
        speaker = Person.objects.get(email=f"vera{self.stage.mark}@campus.example")
        alliances.answer_line(line_id=line.pk, kind="confirmed", actor=speaker, at=AT)
        alliances.propose_split(result_id=first.pk, said=said, **told)
        Mail.objects.filter(pk__gt=mailed).delete()  # the list of mails shows one page

    def change_the_charter(self) -> None:
        """Propose one more version of the charter of the first alliance."""
        first, mailed = Alliance.objects.order_by("pk").first(), Mail.objects.latest("pk").pk
        said = {**CHARTER, "cadence": f"Day {next(self.numbers)}"}
        alliances.write_charter(alliance_id=first.pk, content=said, note="", actor=self.stage.owner, at=AT)
        Mail.objects.filter(pk__gt=mailed).delete()  # the list of mails shows one page

    def hand_over_one_more(self) -> None:
        partner, guest = Partner.objects.order_by("pk").first().key, Person.objects.get(email="partner@campus.example")
        hand_over(self.stage, partner, {"partner": guest}, f"Seal {next(self.numbers)}")

    def fill_one_more(self) -> None:
        fill_one_more(self.stage, Person.objects.get(email="partner@campus.example"), next(self.numbers))

    def use_one_more(self) -> None:
        """Book the first equipment once more, and share one more."""
        guest = Person.objects.get(email="partner@campus.example")
        use_one_more(self.stage, Partner.objects.order_by("pk").first().key, guest, next(self.numbers))

    def place_one_more(self) -> None:
        """Report on the first placement once more, and place one more student."""
        guest = Person.objects.get(email="partner@campus.example")
        place_one_more(self.stage, Partner.objects.order_by("pk").first().key, guest, next(self.numbers))

    def risk_one_more(self) -> None:
        """Put one more risk into the register, and watch the first one for one more thing."""
        take_a_risk(self.stage)
        first, told = Risk.objects.order_by("pk").first(), {"actor": self.stage.owner, "at": AT}
        item, limit = Item.objects.order_by("pk").first(), 10 + first.triggers.count()
        risks.watch(risk_id=first.pk, kind="readers", about=Subject("item", item.key, item.title), limit=limit, **told)
        risks.confirm_risk(risk_id=first.pk, **told)

    def issue_token(self) -> None:
        people.issue_token(person=self.stage.owner, label=f"Token {next(self.numbers)}", at=AT)
