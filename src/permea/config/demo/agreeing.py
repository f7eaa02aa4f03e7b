"""What the demo's firm agrees with partners: secrecy and research that live, and a development under negotiation."""

from __future__ import annotations

import re
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from permea.agreements import services
from permea.agreements.models import Agreement
from permea.agreements.queries import newest_version
from permea.agreements.rules import WHOLE, Holder, Right, Share, Stated, licence_flags
from permea.config.demo.keeping import Signed, keep
from permea.notifications.models import Mail
from permea.people import services as people
from permea.people.queries import person_by_email
from permea.people.rules import PRIVACY_VERSION

DRAWN = (
    "[[[60,150],[75,90],[95,50],[112,48],[110,80],[88,128],[92,142],[120,110],[138,104],[134,134],[150,128],[170,100],[182,106],"
    "[178,136],[196,128],[222,84],[240,46],[250,60],[236,118],[240,138],[266,120],[284,104],[300,112],[304,130],[330,122],"
    "[380,112],[440,108],[520,100]],[[48,172],[180,164],[340,160],[470,150]],[[300,70]]]"
)

if TYPE_CHECKING:
    from permea.config.demo.story import Story
    from permea.people.models import Person


def agree(story: Story) -> None:
    """Let the firm sign with a supplier and a university, and offer an institute what comes back changed."""
    for name, plan in story.content.plan["agreements"].items():
        signed: Signed = {}
        story.on(plan["day"], partial(_offer, story, name, plan, signed))
        keep(story, signed, plan, story.content.words["agreements"][name])


def _offer(story: Story, name: str, plan: dict[str, Any], signed: Signed, at: datetime) -> None:
    """Draft and offer an agreement; the other side signs it, or changes it."""
    words = story.content.words["agreements"][name]
    email = story.content.email(plan["contact"])
    said = services.AgreementInput(
        kind=plan["kind"],
        title=words["title"],
        language=story.content.language,
        law="DE",
        partner_name=words["partner"],
        partner_kind=plan["partner_kind"],
        contact_email=email,
        contact_name=words["contact"],
        options={**plan["options"], "subject": words["subject"], "amount": words.get("amount", "")},
    )
    made = services.draft_agreement(organisation=story.host, said=said, actor=story.owner, at=at)
    services.offer_agreement(agreement_id=made.pk, actor=story.owner, at=at)
    contact = person_by_email(email)
    assert contact is not None  # noqa: S101 - drafting registers them
    people.give_consent(person=contact, purpose="privacy", version=PRIVACY_VERSION, at=at)
    _state(made, plan.get("ip", []), words.get("ip", []), {"firm": story.owner, "party": contact}, at)
    if "changed" in words:
        _change(made, words, contact, at)
        return
    for person in (story.owner, contact):
        _sign(made, person, at, drawing=DRAWN if person.email == email else "")
    signed["agreement"], signed["contact"] = made, contact


def _state(
    made: Agreement, plans: list[dict[str, Any]], words: list[list[str]], people: dict[str, Person], at: datetime
) -> None:
    """Let both sides say what they bring along, and the firm propose who owns what comes of it."""
    sides = {"firm": Holder(), "party": Holder(party=made.parties.get().pk)}
    for plan, (title, description, *others) in zip(plans, words, strict=True):
        shares = [Share(side, part) for side, part in zip(sides.values(), plan["shares"], strict=True) if part]
        shares += [Share(Holder(name=name), WHOLE) for name in others]
        copyleft, noncommercial = licence_flags(plan["licence"])
        said = Stated(
            title=title,
            description=description,
            shares=tuple(shares),
            rights=(_right(sides, plan["right"]),) if plan["right"] else (),
            identifier=plan["identifier"],
            licence=plan["licence"],
            is_copyleft=copyleft,
            is_noncommercial=noncommercial,
        )
        services.state_ip(agreement_id=made.pk, kind=plan["kind"], said=said, actor=people[plan["by"]], at=at)


def _right(sides: dict[str, Holder], told: list[Any]) -> Right:
    """Return a right as the story tells it."""
    to, use, fields, countries, is_exclusive = told
    return Right(holder=sides[to], use=use, fields=tuple(fields), countries=tuple(countries), is_exclusive=is_exclusive)


def _change(made: Agreement, words: dict[str, Any], contact: Person, at: datetime) -> None:
    """Let the other side propose a text of its own."""
    before, after = words["changed"]
    body = newest_version(made).body.replace(before, after)
    services.propose_version(agreement_id=made.pk, body=body, options={}, note=words["note"], actor=contact, at=at)


def _sign(made: Agreement, person: Person, at: datetime, *, drawing: str) -> None:
    """Sign the newest version with the code that was mailed, and a drawing if there is one."""
    version = newest_version(made)
    services.send_signing_code(version_id=version.pk, actor=person, at=at)
    mail = Mail.objects.filter(kind="agreement_code", person=person).latest("pk")
    code = re.findall(r"\b\d{6}\b", mail.text)[-1]
    said = {"typed_name": person.display_name, "code": code, "drawing": drawing}
    services.sign_version(version_id=version.pk, actor=person, at=at, **said)
