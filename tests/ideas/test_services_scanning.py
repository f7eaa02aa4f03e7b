"""What is sent is looked at before it is kept: files of entries and photos of postings."""

import html

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from permea.foundation.refusals import RefusedError
from permea.foundation.scanning import TEST_FILE
from permea.ideas import rules, services
from permea.ideas.models import Attachment, Posting
from tests import clamd
from tests.ideas.pictures import png

pytestmark = pytest.mark.usefixtures("settings_dir", "clock")


@pytest.fixture
def daemon(settings):
    """Return a running scanner that is asked."""
    with clamd.running() as (daemon, address):
        settings.CLAMAV = address
        yield daemon


def kept(settings_dir):
    return [path for path in (settings_dir / "files").rglob("*") if path.is_file()]


def test_a_file_with_a_virus_is_refused_logged_and_not_kept(daemon, make_idea, make_attachment, settings_dir, caplog):
    idea = make_idea(submitted=False)
    with pytest.raises(RefusedError) as refused:
        make_attachment(idea, content=TEST_FILE)
    clean = make_attachment(idea, content=b"Nothing but notes.")

    assert (refused.value.refusal.code, "Eicar-Test-Signature" in refused.value.refusal.reason) == (
        "file.infected",
        True,
    )
    assert (list(Attachment.objects.all()), len(kept(settings_dir))) == ([clean], 1)
    assert ["found Eicar-Test-Signature" in record.getMessage() for record in caplog.records] == [True]


def test_a_photo_with_a_virus_is_refused_and_the_words_can_be_sent_again(daemon, make_posting, settings_dir):
    with pytest.raises(RefusedError) as refused:
        make_posting(photo=services.Photo(name="a.png", content=png() + TEST_FILE))

    assert (refused.value.refusal.code, Posting.objects.count(), kept(settings_dir)) == ("file.infected", 0, [])
    assert make_posting(photo=services.Photo(name="a.png", content=png())).photo_path


@pytest.mark.parametrize(
    ("policy", "most", "code"),
    [
        ("refuse", None, rules.NOT_SCANNED),
        ("refuse", 10, "file.too_large_to_scan"),
        ("keep", None, None),
        ("keep", 10, None),
    ],
)
def test_without_a_judgement_the_setting_says_what_becomes_of_a_file(
    settings, daemon, make_idea, make_attachment, settings_dir, policy, most, code
):
    settings.CLAMAV_DOWN = policy
    daemon.raw, daemon.most = b"no database\0", most or daemon.most
    idea, said = make_idea(submitted=False), None
    try:
        make_attachment(idea, content=b"Long enough to be too much for it.")
    except RefusedError as error:
        said = error.refusal.code

    assert (said, len(kept(settings_dir))) == (code, int(code is None))


def test_the_entry_page_says_what_was_kept(settings, client_of, make_idea):
    with clamd.running() as (_daemon, gone):
        settings.CLAMAV = gone
    idea = make_idea(submitted=False)
    page = client_of(idea.author).post(
        f"/my/ideas/{idea.key}/attach/",
        {"title": "Grip softly", "files": SimpleUploadedFile("notes.txt", b"Notes.")},
        follow=True,
    )
    idea.refresh_from_db()

    assert "The virus scanner does not answer" in html.unescape(page.content.decode())
    assert (idea.title, Attachment.objects.count()) == ("Grip softly", 0)
