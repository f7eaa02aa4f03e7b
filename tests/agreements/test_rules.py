"""What a new version of a text needs."""

from permea.agreements import rules
from permea.agreements.models import Terms


def version(title="Title", body="Text"):
    return Terms(version=3, title=title, body=body, sha256=rules.fingerprint(title, body))


def test_the_fingerprint_ignores_line_ends_and_blank_edges_only():
    same = rules.fingerprint(" Title ", "One\r\nTwo\n\n")
    assert (same == rules.fingerprint("Title", "One\nTwo"), same == rules.fingerprint("Title", "One Two")) == (
        True,
        False,
    )


def test_a_changed_text_may_be_published():
    assert rules.why_not_publish_terms(version(), "Title", "Another text") is None


def test_the_first_version_may_be_published():
    assert rules.why_not_publish_terms(None, "Title", "Text") is None


def test_the_same_text_is_refused_and_names_the_version():
    refusal = rules.why_not_publish_terms(version(), "Title ", "Text\r\n")
    assert refusal is not None
    assert (refusal.code, "version 3" in refusal.reason) == ("agreements.unchanged", True)


def test_terms_without_a_title_or_a_text_are_refused():
    found = [rules.why_not_publish_terms(None, *pair) for pair in ((" ", "Text"), ("Title", " \r\n"))]
    assert [refusal and refusal.code for refusal in found] == ["agreements.empty"] * 2


def test_the_summary_is_the_first_paragraph_in_plain_words():
    lead_in, listed = version(body="**In short:** you **keep** it.\n\nMore."), version(body="- one line")
    assert (lead_in.summary, listed.summary, version(body="").summary) == ("You keep it.", "One line", "")
