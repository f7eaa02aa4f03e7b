"""Whatever is invited, agreed, ended, moved and erased: nobody reads what a plain model forbids, on any channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import ClassVar

import pytest
from django.db import transaction
from django.http import Http404
from django.test import Client
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from permea.agreements.models import Agreement
from permea.disclosures import services
from permea.disclosures.models import Part, Seen
from permea.disclosures.queries import shown_to
from permea.foundation.files.intake import SentFile
from permea.foundation.refusals import RefusedError
from permea.ledger.models import Crossing
from permea.notifications.models import Mail
from permea.partners import services as partners
from permea.partners.models import Partner, PartnerMerge
from permea.people.services import erase_person
from tests.cast import AT
from tests.disclosures.conftest import DEPTHS

HOURS = st.sampled_from([1, 5, 12])
LASTS = st.sampled_from([None, 6])
PURPOSES = st.sampled_from(["evaluate", "supply"])
OUTSIDE = ("guest", "person", "stranger", "judge", "elsewhere")
READERS = st.sampled_from(["guest", "guest", "person", *OUTSIDE, "member", "world"])
PARTIES = st.sampled_from(["campus", "person"])
STANDS_FOR = {"guest": "campus", "person": "person"}
CHANNELS = st.sampled_from(["page", "api", "export", "file", "api_file", "shown"])
LISTS = {"list": "/shared/", "api_list": "/api/shared", "data": "/me/data.json"}
WITHOUT = ("/c/feed.atom", "/c/", "/items/?q=Says", "/seen/", "/seen/table.csv", "/ledger/", "/mails/")


@dataclass
class Lasting:
    """A share or an agreement as the model remembers it."""

    party: str
    depth: str
    purpose: str
    begins: datetime
    ends: datetime | None
    row: object
    about: str = ""

    def lives(self, at: datetime) -> bool:
        return self.begins <= at and (self.ends is None or at < self.ends)


class Boundary(RuleBasedStateMachine):
    """What happens at the boundary, and who then reads what; `stage` is set by the test."""

    stage: ClassVar[SimpleNamespace]

    def __init__(self) -> None:
        super().__init__()
        self.stage.clock.at = AT + timedelta(minutes=1)
        self.shares: list[Lasting] = []
        self.agreements: list[Lasting] = []
        self.lies = dict(enumerate(DEPTHS))
        self.erased: set[str] = set()
        self.is_published = False
        self.merge: PartnerMerge | None = None
        self.stage.logged.clear()
        self.undo = transaction.atomic()
        self.undo.__enter__()

    def teardown(self) -> None:
        assert not Seen.objects.filter(depth="room", agreement=None).exists()
        assert not Crossing.objects.filter(kind="disclosure.viewed", depth="room", terms_key="").exists()
        kept = [one.body for one in Crossing.objects.all()] + [one.text + one.html for one in Mail.objects.all()]
        told = [record.getMessage() for record in self.stage.logged.records]
        assert [said for said in (*kept, *told) if "Says " in said] == []
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def end_of(self, hours):
        return None if hours is None else self.stage.clock.at + timedelta(hours=hours)

    @rule(party=PARTIES, depth=st.sampled_from(["invited", "room"]), purpose=PURPOSES, lasts=LASTS)
    def invite(self, party, depth, purpose, lasts):
        if party in self.erased:
            return
        ends = self.end_of(lasts)
        row = self.stage.share(
            self.stage.item,
            self.stage.parties[party],
            at=self.stage.clock.at,
            depth=depth,
            purpose=purpose,
            closes_at=ends,
        )
        self.shares.append(Lasting(party, depth, purpose, self.stage.clock.at, ends, row))

    @rule(party=PARTIES, purpose=PURPOSES, lasts=LASTS, about=st.sampled_from(["", "", "this", "other"]))
    def sign(self, party, purpose, lasts, about):
        ends = self.end_of(lasts)
        named = self.stage.item.key if about == "this" else about
        row = self.stage.agree(
            self.stage.parties[party], subject=named, purposes=[purpose], at=self.stage.clock.at, until=ends
        )
        self.agreements.append(Lasting(party, "", purpose, self.stage.clock.at, ends, row, about))

    @rule(pick=st.integers(0, 9), is_share=st.booleans())
    def revoke(self, pick, is_share):
        living = [one for one in (self.shares if is_share else self.agreements) if one.lives(self.stage.clock.at)]
        if not living:
            return
        one = living[pick % len(living)]
        one.ends = self.stage.clock.at
        if is_share:
            services.close_share(share_id=one.row.pk, actor=self.stage.owner, at=self.stage.clock.at)
        else:
            Agreement.objects.filter(pk=one.row.pk).update(ended_at=self.stage.clock.at)

    @initialize(party=PARTIES, purpose=PURPOSES, agreed=PURPOSES, lasts=LASTS)
    def begin(self, party, purpose, agreed, lasts):
        self.invite(party, "room", purpose, None)
        self.sign(party, agreed, lasts, "")

    @rule(hours=HOURS)
    def wait(self, hours):
        self.stage.clock.at += timedelta(hours=hours)

    @rule(number=st.integers(0, 3), depth=st.sampled_from(DEPTHS))
    def move(self, number, depth):
        part = Part.objects.get(key=self.stage.part_keys[number])
        said = services.PartInput(label=part.current.label, text=part.current.text, depth=depth)
        services.save_part(
            item_id=self.stage.item.pk, part_id=part.pk, content=said, actor=self.stage.owner, at=self.stage.clock.at
        )
        self.lies[number] = depth

    @rule()
    def turn_public(self):
        if self.is_published:
            services.unpublish_item(item_id=self.stage.item.pk, actor=self.stage.owner, at=self.stage.clock.at)
        elif "public" in self.lies.values():
            services.publish_item(item_id=self.stage.item.pk, actor=self.stage.owner, at=self.stage.clock.at)
        else:
            return
        self.is_published = not self.is_published

    @rule()
    def erase(self):
        if "person" in self.erased:
            return
        person = self.stage.people["person"]
        erase_person(person=person, actor=person, at=self.stage.clock.at)
        self.erased.add("person")

    @rule()
    def merge_partners(self):
        """Merge a second entry of the university into the first, or part both again: neither lets anybody in."""
        told = {"actor": self.stage.owner, "at": self.stage.clock.at}
        first, second = self.stage.entries
        if self.merge is None:
            with pytest.raises(RefusedError):
                partners.merge_partners(gone_id=first.pk, kept_id=second.pk, **told)
            self.merge = partners.merge_partners(gone_id=second.pk, kept_id=first.pk, **told)
        else:
            partners.part_partners(merge_id=self.merge.pk, **told)
            self.merge = None

    def stands(self, reader) -> str:
        if reader == "member":
            return "inside"
        party = STANDS_FOR.get(reader)
        named = [one for one in self.shares if one.party == party and one.lives(self.stage.clock.at)]
        if reader in self.erased or not named:
            return ""
        covered = {
            one.purpose
            for one in self.agreements
            if one.party == party and one.lives(self.stage.clock.at) and one.about in {"", "this"}
        }
        return "room" if any(one.depth == "room" and one.purpose in covered for one in named) else "invited"

    def readable(self, standing) -> set[int]:
        if not standing:
            return set()
        return {n for n, depth in self.lies.items() if DEPTHS.index(depth) <= DEPTHS.index(standing)}

    @rule(reader=READERS, channel=CHANNELS, number=st.integers(0, 3))
    def read(self, reader, channel, number):
        public = channel == "shown"
        standing = ("public" if self.is_published else "") if public else self.stands(reader)
        allowed = self.readable(standing)
        said = self.ask(self.stage.browsers[reader], channel, self.stage.part_keys[number])
        if channel in {"file", "api_file"}:
            allowed &= {number}
        assert {n for n, depth in enumerate(DEPTHS) if f"Says {depth}." in said} == allowed
        if channel not in {"file", "api_file"}:
            assert {n for n in range(4) if f"Label {n}" in said} == allowed
            is_deep = standing == "inside" or any(self.lies[n] == "room" for n in allowed)
            assert ("Cold seal" in said) is is_deep

    @rule(reader=READERS, channel=st.sampled_from(sorted(LISTS)))
    def look_through(self, reader, channel):
        """Lists name what is shared, by the name one may know it by; of what it says they say nothing."""
        answer = self.stage.browsers[reader].get(LISTS[channel])
        said = answer.text if answer.status_code == 200 else ""
        standing = self.stands(reader) if reader in STANDS_FOR else ""
        if channel in {"list", "api_list"}:
            assert (self.stage.item.key in said) is bool(standing)
            assert ("Cold seal" in said) is (standing == "room" and "room" in self.lies.values())
        assert "Says " not in said

    @rule(reader=st.sampled_from([*OUTSIDE, "world"]), path=st.sampled_from(WITHOUT))
    def look_elsewhere(self, reader, path):
        """Feeds, searches, the ledger and the list of mails show somebody from outside nothing of it."""
        answer = self.stage.browsers[reader].get(path)
        said = answer.text if answer.status_code == 200 else ""
        assert [word for word in ("Says ", "Label ", "Cold seal", self.stage.item.key) if word in said] == []

    @invariant()
    def the_gate_shows_what_the_model_allows(self):
        for reader in OUTSIDE[:2]:
            try:
                parts = shown_to(self.stage.people[reader], self.stage.item.key, self.stage.clock.at).parts
            except Http404:
                parts = []
            assert {self.stage.part_keys.index(part.key) for part in parts} == self.readable(self.stands(reader))

    def ask(self, browser, channel, part_key) -> str:
        if channel == "export":
            answer = browser.post(f"/shared/{self.stage.item.key}/take-along/")
        else:
            paths = {
                "page": f"/shared/{self.stage.item.key}/",
                "shown": f"/shown/{self.stage.item.key}/",
                "file": f"/shared/{self.stage.item.key}/files/{part_key}/",
                "api": f"/api/shared/{self.stage.item.key}",
                "api_file": f"/api/shared/{self.stage.item.key}/files/{part_key}",
            }
            answer = browser.get(paths[channel])
        return answer.getvalue().decode() if answer.status_code == 200 else ""


def test_nobody_reads_what_the_model_forbids(
    organisation, owner, campus, solver, solver_two, stranger, member, evaluator, other_organisation, other_owner,
    make_item, agree, share, clock, caplog,
):  # fmt: skip
    parties = {"campus": campus, "person": solver_two}
    people = {"guest": solver, "person": solver_two, "stranger": stranger, "member": member, "judge": evaluator,
              "elsewhere": other_owner}  # fmt: skip
    item = make_item()
    for number, part in enumerate(Part.objects.filter(item=item).order_by("position")):
        file = SentFile(f"file{number}.txt", [f"Says {DEPTHS[number]}.".encode()])
        said = services.PartInput(label=f"Label {number}", text=f"Says {DEPTHS[number]}.", depth=part.depth, file=file)
        services.save_part(item_id=item.pk, part_id=part.pk, content=said, actor=owner, at=AT)
    caplog.set_level("DEBUG")
    noted = partners.note_partner(
        organisation=organisation,
        content=partners.PartnerInput(name="Campus", kind="university", owner=owner),
        actor=owner,
        at=AT,
    )
    entries = (Partner.objects.create(organisation=organisation, party=campus, owner=owner, created_at=AT), noted)
    part_keys = list(Part.objects.filter(item=item).order_by("position").values_list("key", flat=True))
    browsers = {"world": Client()}
    for name, person in people.items():
        browsers[name] = Client()
        browsers[name].force_login(person)
    Boundary.stage = SimpleNamespace(
        parties=parties, people=people, item=item, part_keys=part_keys, browsers=browsers, clock=clock, share=share,
        agree=agree, owner=owner, entries=entries, logged=caplog,
    )  # fmt: skip
    small = settings(max_examples=15, stateful_step_count=12, phases=[Phase.generate], report_multiple_bugs=False)
    run_state_machine_as_test(Boundary, settings=small)


@pytest.mark.parametrize("channel", ["page", "api", "export", "file", "api_file"])
@pytest.mark.django_db
def test_with_every_key_swapped_the_other_firms_same_item_does_not_exist(
    channel, make_item, agree, share, campus, solver, other_organisation, other_owner, client_of, organisation
):
    mine, theirs = make_item(), make_item(house=other_organisation, actor=other_owner)
    share(mine, campus)
    agree(campus)
    part, swapped = (item.parts.get(depth="room").key for item in (mine, theirs))
    guest, ends = client_of(solver), {"page": "/", "export": "/take-along/"}
    prefix = "/api/shared" if channel.startswith("api") else "/shared"
    for item, key in ((theirs, part), (theirs, swapped), (mine, swapped)):
        end = ends.get(channel, f"/files/{key}{'' if channel == 'api_file' else '/'}" if "file" in channel else "")
        if item == mine and "file" not in channel:
            continue
        ask = guest.post if channel == "export" else guest.get
        assert ask(f"{prefix}/{item.key}{end}").status_code == 404
