"""What the demo's firm shows: an item with a room that a university reads, and a plan that stays inside."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from permea.agreements.queries import current_terms
from permea.agreements.services import agree_by_click, ensure_standard_terms
from permea.disclosures import services
from permea.disclosures.models import Item
from permea.people import services as people
from permea.people.rules import PRIVACY_VERSION

if TYPE_CHECKING:
    from permea.config.demo.story import Story

DAYS = 180  # that the agreement with the university lasts


def show_items(story: Story) -> None:
    """Let the firm write its items three weeks ago, share the first with a university, and let it read."""
    for number, words in enumerate(story.content.words["showing"]["items"]):
        story.on(-21 + number, partial(_write, story, words, is_shared=number == 0))


def _write(story: Story, words: dict[str, Any], at: datetime, *, is_shared: bool) -> None:
    """Write an item, and share it with the university if that is the story."""
    told: dict[str, Any] = {"actor": story.persons["mara"], "at": at}
    named = {name: words[name] for name in ("title", "teaser", "kind", "sensitivity")}
    content = services.ItemInput(**named, language=story.content.language, owner=story.persons["mara"])
    item = services.create_item(organisation=story.host, content=content, **told)
    for depth, label, text in words["parts"]:
        said = services.PartInput(label=label, text=text, depth=depth)
        services.save_part(item_id=item.pk, content=said, **told)
    if is_shared:
        services.publish_item(item_id=item.pk, **told)
        _share(story, item, at)


def _share(story: Story, item: Item, at: datetime) -> None:
    """Let somebody at the university agree to keep the room to themselves, and read the item twice."""
    partner, language = story.content.words["showing"]["partner"], story.content.language
    email = story.content.email("greta")
    guest = people.register_person(email=email, name=partner["guest"], language=language, at=at)
    people.confirm_address(person=guest)
    people.give_consent(person=guest, purpose="privacy", version=PRIVACY_VERSION, at=at)
    firm = people.found_organisation(
        name=partner["name"], kind="university", country="DE", language=language, owner=guest, at=at, is_host=False
    )
    content = services.ShareInput(organisation=firm, depth="room", purpose="evaluate")
    services.share_item(item_id=item.pk, content=content, actor=story.persons["mara"], at=at)
    services.read_item(key=item.key, reader=guest, at=at + timedelta(hours=2))
    ensure_standard_terms(organisation=story.host, at=at)
    terms = current_terms(story.host, "nda", language)
    assert terms is not None  # noqa: S101 - put in force when the firm was founded
    until = at + timedelta(days=DAYS)
    agree_by_click(terms=terms, person=guest, subject_key=item.key, at=at + timedelta(days=1), until=until)
    services.read_item(key=item.key, reader=guest, at=at + timedelta(days=1, hours=1))
