"""Entries translated by machine: asked for once, recorded before the text goes, read by those who read the entry."""

import json

import pytest

from permea.config.env import SettingsError, read_env
from permea.foundation.refusals import RefusedError
from permea.foundation.translating import LibreTranslator, NoTranslator, TranslatorError, translator
from permea.ideas import services
from permea.ideas.models import Idea, Translation
from permea.ledger.models import Crossing
from tests import libretranslate
from tests.cast import AT


@pytest.fixture
def service(settings):
    """Return a running translation service that is set."""
    with libretranslate.running() as (running, settings.TRANSLATOR):
        yield running


@pytest.fixture
def idea(make_challenge, make_idea):
    """Return a German entry of a closed challenge."""
    return make_idea(challenge=make_challenge(closed=True), language="de", title="Klopfen", body="Reife klingt dumpf.")


def translate(idea, owner, language="en"):
    """Have it translated."""
    return services.translate_idea(idea_id=idea.pk, language=language, actor=owner, at=AT)


def test_an_entry_is_translated_once_and_the_ledger_says_where_it_went(idea, owner, service):
    first, again = translate(idea, owner), translate(idea, owner)
    crossing = json.loads(Crossing.objects.get(kind="idea.translated").body)

    assert (first, first.title, first.body) == (again, "[en] Klopfen", "[en] Reife klingt dumpf.")
    assert [(path, asked["source"], asked["target"], "api_key" in asked) for path, asked in service.asked] == [
        ("/translate", "de", "en", False)
    ]
    assert crossing["facts"] == {"version": 1, "language": "en", "service": "127.0.0.1"}


def test_what_is_there_already_too_long_or_wanted_of_nobody_is_refused(idea, owner, service, settings):
    codes = []
    for language, fields, address in (
        ("de", {}, settings.TRANSLATOR),
        ("en", {"body": "x" * 20_001}, settings.TRANSLATOR),
        ("fr", {}, ""),
    ):
        Idea.objects.filter(pk=idea.pk).update(**fields or {"body": "kurz"})
        settings.TRANSLATOR = address
        with pytest.raises(RefusedError) as error:
            translate(idea, owner, language)
        codes.append(error.value.refusal.code)

    assert (codes, service.asked) == (
        ["ideas.no_translation", "ideas.too_long_to_translate", "ideas.no_translation"], [],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("status", "raw"), [(500, b"{}"), (200, b"not JSON"), (200, b"[]"), (200, b'{"translatedText": ["one"]}')]
)
def test_a_service_that_gives_no_translation_loses_nothing(status, raw, idea, owner, service, caplog):
    service.status, service.raw = status, raw
    with pytest.raises(RefusedError) as error:
        translate(idea, owner)

    assert (error.value.refusal.code, Translation.objects.count()) == ("ideas.not_translated", 0)
    assert "127.0.0.1 gave no translation from de to en" in caplog.text


def test_the_key_goes_along_and_is_no_part_of_the_address(service, settings):
    with_key = settings.TRANSLATOR.replace("//", "//:se%2Fcret@") + "api"
    said = LibreTranslator(with_key).translate(["Hallo"], source="de", target="it")

    assert (said, service.asked[0][0], service.asked[0][1]["api_key"]) == (["[it] Hallo"], "/api/translate", "se/cret")


def test_nobody_is_asked_where_nobody_is_set(settings):
    settings.TRANSLATOR = ""
    with pytest.raises(TranslatorError):
        translator().translate(["Hallo"], source="de", target="en")

    assert (type(translator()), translator().name) == (NoTranslator, "")


@pytest.mark.parametrize("wrong", ["libretranslate", "ftp://host/", "https://", "https://host/?q=1"])
def test_an_address_that_is_none_is_refused_at_the_start(wrong):
    with pytest.raises(SettingsError, match="PERMEA_TRANSLATOR"):
        read_env({"PERMEA_TRANSLATOR": wrong})


def test_managers_have_it_made_and_read_it_beside_the_original(idea, owner, solver, service, client_of, clock):
    address, client = f"/ideas/{idea.key}/translation/", client_of(owner)
    offered = client.get(f"/ideas/{idea.key}/").text
    before = client.get(address).text
    made = client.post(address)
    after = client.get(address).text
    service.status = 500
    Translation.objects.all().delete()

    assert (address in offered, "Have it translated" in before, made.url) == (True, True, address)
    assert ("[en] Reife klingt dumpf." in after, "Translated by 127.0.0.1" in after) == (True, True)
    assert (client.post(address).status_code, client_of(solver).get(address).status_code) == (409, 404)


def test_what_is_sealed_or_in_the_readers_language_has_no_translation_page(
    idea, make_idea, owner, service, settings, client_of, clock
):
    client = client_of(owner)
    others = [make_idea(language="de"), make_idea(challenge=idea.challenge, language="en")]
    answers = [client.get(f"/ideas/{one.key}/translation/").status_code for one in others]
    settings.TRANSLATOR = ""

    assert ([*answers, client.get(f"/ideas/{idea.key}/translation/").status_code]) == [404, 404, 404]
    assert "translation" not in client.get(f"/ideas/{idea.key}/").text
