"""Which addresses may be told, how a message is signed, and what it says in each form."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest

from permea.foundation import outgoing
from permea.notifications import rules
from permea.notifications.models import Hook, HookDelivery

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("https://hooks.example/permea?x=1", None),
        ("https://hooks.example:8443", None),
        ("https://[2001:db8::1]/x", None),
        ("http://hooks.example/", "notifications.not_https"),
        ("https://user:secret@hooks.example/", "notifications.address_with_user"),
        ("https://@hooks.example/", "notifications.address_with_user"),
        ("ftp://hooks.example/", "notifications.no_address"),
        ("file:///etc/passwd", "notifications.no_address"),
        ("https:///path", "notifications.no_address"),
        ("hooks.example", "notifications.no_address"),
        ("", "notifications.no_address"),
        ("https://hooks.example/a b", "notifications.no_address"),
        ("https://hooks.example/a\r\nX-Y: z", "notifications.no_address"),
        ("https://hooks.example\\@inside/", "notifications.no_address"),
        ("https://höhle.example/", "notifications.no_address"),
        ("https://hooks.example:0/", None),
        ("https://hooks.example:99999/", "notifications.no_address"),
        ("https://[::1/", "notifications.no_address"),
    ],
)
def test_only_whole_https_addresses_without_a_user_are_told(address, code):
    refusal = rules.why_not_address(address, is_private_allowed=False)
    assert (refusal.code if refusal else None) == code


def test_http_is_for_private_networks_where_these_are_allowed():
    assert rules.why_not_address("http://10.0.0.7/", is_private_allowed=True) is None


PUBLIC = ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34"]
INSIDE = ["127.0.0.1", "127.8.9.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "::1",
          "fc00::1", "fd12::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"]  # fmt: skip
NOWHERE = ["0.0.0.0", "169.254.169.254", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1",
           "::", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "2001:db8::1", "::7f00:1", "::ffff:169.254.169.254",
           "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001:0:1::1"]  # fmt: skip


@pytest.mark.parametrize("ip", PUBLIC)
def test_public_addresses_are_reached_by_tls_only(ip):
    reach = [outgoing.may_reach(ip, is_plain=p, is_private_allowed=a) for p in (False, True) for a in (False, True)]
    assert reach == [True, True, False, False]


@pytest.mark.parametrize("ip", INSIDE)
def test_private_addresses_are_reached_only_where_that_is_set(ip):
    reach = [outgoing.may_reach(ip, is_plain=p, is_private_allowed=a) for p in (False, True) for a in (False, True)]
    assert reach == [False, True, False, True]


@pytest.mark.parametrize("ip", NOWHERE)
def test_what_is_neither_public_nor_private_is_never_reached(ip):
    assert not any(
        outgoing.may_reach(ip, is_plain=p, is_private_allowed=a) for p in (False, True) for a in (False, True)
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"role": "manager"}, "people.not_owner"),
        ({"role": "manager", "events": []}, "people.not_owner"),
        ({"role": "manager", "n_hooks": 20}, "people.not_owner"),
        ({"n_hooks": 20}, "notifications.many_hooks"),
        ({"events": []}, "notifications.no_such_event"),
        ({"events": ["person.erased"]}, "notifications.no_such_event"),
        ({"shape": "fax"}, "notifications.no_such_event"),
        ({"address": "http://hooks.example/"}, "notifications.not_https"),
    ],
)
def test_what_a_hook_needs(changes, code):
    ours = {"n_hooks": 0, "address": "https://hooks.example/", "shape": "plain", "events": ["challenge.closed"]}
    refusal = rules.why_not_make(**{"role": "owner", **ours, "is_private_allowed": False, **changes})
    assert (refusal.code if refusal else None) == code


@pytest.mark.parametrize(
    ("state", "role", "use", "replay"),
    [
        ({}, "owner", None, None),
        ({}, "manager", "people.not_owner", "people.not_owner"),
        ({"paused_at": AT}, "owner", None, "notifications.hook_paused"),
        ({"ended_at": AT}, "owner", "notifications.hook_ended", "notifications.hook_ended"),
        ({"ended_at": AT}, "manager", "people.not_owner", "people.not_owner"),
    ],
)
def test_what_may_be_done_with_a_hook(state, role, use, replay):
    hook = Hook(**state)
    refusals = [rules.why_not_use(hook, role), rules.why_not_replay(hook, role)]
    assert [refusal.code if refusal else None for refusal in refusals] == [use, replay]


def test_pauses_grow_from_a_minute_to_half_a_day_and_then_end():
    pauses = [rules.pause_after(number) for number in range(1, 10)]
    assert (pauses[0], pauses[-2], pauses[-1], pauses[:-1] == sorted(pauses[:-1])) == (
        timedelta(minutes=1),
        timedelta(hours=12),
        None,
        True,
    )


def test_the_signature_covers_time_and_body():
    signed = rules.signature(["secret"], '{"a": "ü"}', at=AT)
    digest = hmac.new(b"secret", '1772442000.{"a": "ü"}'.encode(), hashlib.sha256).hexdigest()
    assert signed == f"t=1772442000,v1={digest}"


def test_every_event_has_words_and_a_sentence():
    news = [rules.News(event, "k", "Title", ("", "k"), number=2) for event in (*rules.EVENTS, rules.TEST)]
    said = {rules.sentence(one) for one in news}
    assert (len(said), all("Title" in text for text in said)) == (len(news), True)
    assert [rules.event_label("challenge.closed"), rules.event_label("test")] == ["Entries are closed", "Test"]


def test_a_sooner_end_is_told_as_such():
    sooner, later = (
        rules.sentence(rules.News("challenge.timetable_changed", "k", "T", ("", ""), is_sooner=is_sooner))
        for is_sooner in (True, False)
    )
    assert (sooner, later) == ("Entries close sooner: “T”", "More time: “T”")


def body(shape: str, title: str = "A <!channel> & [b](http://x)"):
    news = rules.News("challenge.closed", "abc", title, ("", ""), number=3, facts={"entries": 3})
    text = rules.body_for(shape, news, key="id1", organisation="Firm | & Co", link="https://p.example/c/abc/", at=AT)
    return json.loads(text)


def test_programs_get_everything_by_name():
    assert body("plain", "Grip") == {
        "version": 1,
        "id": "id1",
        "event": "challenge.closed",
        "at": "2026-03-02T09:00:00+00:00",
        "organisation": "Firm | & Co",
        "about": {"key": "abc", "title": "Grip", "entries": 3},
        "text": "“Grip” is closed: 3 entries",
        "link": "https://p.example/c/abc/",
    }


def test_slack_gets_no_mention_from_outside():
    assert body("slack") == {
        "text": "“A &lt;!channel&gt; &amp; [b](http://x)” is closed: 3 entries\n"
        "<https://p.example/c/abc/|Firm   &amp; Co>"
    }


def test_teams_gets_a_card_whose_text_knows_no_markup():
    (attachment,) = body("teams")["attachments"]
    card = attachment["content"]
    blocks = {block["type"] for block in card["body"]}
    assert (attachment["contentType"], card["type"], blocks, card["actions"][0]["url"]) == (
        "application/vnd.microsoft.card.adaptive",
        "AdaptiveCard",
        {"RichTextBlock"},
        "https://p.example/c/abc/",
    )
    assert card["body"][0]["inlines"][0]["text"] == "“A <!channel> & [b](http://x)” is closed: 3 entries"


def test_matrix_gets_text_and_escaped_html():
    content = body("matrix")
    assert (content["msgtype"], content["format"], content["text"], content["html"]) == (
        "m.notice",
        "org.matrix.custom.html",
        content["body"],
        content["formatted_body"],
    )
    assert content["formatted_body"] == (
        "“A &lt;!channel&gt; &amp; [b](http://x)” is closed: 3 entries<br>"
        '<a href="https://p.example/c/abc/">Firm | &amp; Co</a>'
    )


@pytest.mark.parametrize(
    ("problem", "status", "answer", "words"),
    [
        ("", 200, "ok", "The message was taken. The answer: 200 ok"),
        ("status", 500, "", "It answered with an error. The answer: 500"),
        ("address", None, "", "This address may not be reached from here."),
    ],
)
def test_how_a_try_went_in_words(problem, status, answer, words):
    delivery = HookDelivery(last_problem=problem, last_status=status, last_answer=answer)
    assert rules.outcome_words(delivery) == words
