"""Letters as text and as a page: the text knows no markup, the page lets none in."""

import pytest

from permea.notifications.services import letters


@pytest.mark.django_db
def test_plain_text_is_not_escaped():
    letters._plain.cache_clear()

    assert letters._plain().from_string("{{ name }}").render(name="Bits & <Bolts>") == "Bits & <Bolts>"
