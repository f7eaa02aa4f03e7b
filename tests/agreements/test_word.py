"""The Word files for a lawyer, opened by LibreOffice: texts as they stand, changes as changes."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile

import pytest

from permea.agreements import queries
from tests.agreements.test_services_agreements import make_draft, offer, propose
from tests.conftest import lacking

pytestmark = pytest.mark.django_db
REGION = re.compile(r'<text:changed-region xml:id="(\w+)".*?<text:(insertion|deletion)>', re.DOTALL)
MARKED = re.compile(
    r'<text:change-start text:change-id="(\w+)"/>(.*?)<text:change-end text:change-id="\1"/>', re.DOTALL
)


def opened_in_libreoffice(folder):
    """Return what LibreOffice read in the Word files of a folder, as flat OpenDocument texts by file name."""
    program = shutil.which("soffice")
    if program is None:
        lacking("libreoffice", "no soffice was found (Debian: libreoffice-writer-nogui)")
    files = sorted(folder.glob("*.docx"))
    subprocess.run(
        [program, "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "fodt", "--outdir",
         folder, *files],
        capture_output=True, text=True, timeout=300, check=True,
    )  # fmt: skip
    return {file.stem: file.with_suffix(".fodt").read_text() for file in files}


def changes_in(text):
    """Return what is marked as inserted and as deleted, in the order of the text."""
    kinds = dict(REGION.findall(text))
    return [(kinds[mark], said) for mark, said in MARKED.findall(text)]


def test_libreoffice_opens_the_texts_and_shows_changes_as_changes(organisation, owner, solver, tmp_path):
    draft = make_draft(organisation, owner)
    offer(draft, owner)
    before = queries.newest_version(draft).body
    propose(draft, owner, body=before.replace("Both sides talk", "The two sides talk & listen"))
    with zipfile.ZipFile(io.BytesIO(queries.lawyer_pack(draft))) as pack:
        pack.extractall(tmp_path, [name for name in pack.namelist() if name.endswith(".docx")])

    read = opened_in_libreoffice(tmp_path)

    assert {name: changes_in(text) for name, text in read.items()} == {
        "changes-1-to-2": [("deletion", "Both"), ("insertion", "The two"), ("insertion", " &amp; listen")],
        "version-1": [],
        "version-2": [],
    }
    assert ["What is secret" in text for text in read.values()] == [True, True, True]
