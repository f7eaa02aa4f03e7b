"""The Word files for a lawyer, opened by LibreOffice: texts as they stand, changes as changes."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile

import pytest

from permea.agreements import queries, services
from permea.agreements.models import ChooserRun
from tests.agreements.test_services_agreements import make_draft, offer, propose
from tests.cast import AT
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


def handed_in(organisation, owner, solver, title, **host):
    """Return a run both sides answered yes to everything in, but for what `host` says."""
    said = services.ChooserInput(title=title, partner_name="=HYPERLINK(1) & Co", contact_email=str(solver.email))
    run = services.start_chooser(organisation=organisation, said=said, actor=owner, at=AT)
    answers = dict.fromkeys(queries.guide().questions, "yes")
    for side, actor, given in (("host", owner, answers | host), ("partner", solver, answers)):
        services.answer_chooser(run_id=run.pk, side=side, answers=given, is_final=True, actor=actor, at=AT)
    return ChooserRun.objects.get(pk=run.pk)


def test_libreoffice_opens_the_term_sheet_with_differences_and_what_to_ask_a_lawyer(
    organisation, owner, solver, tmp_path
):
    first = queries.guide().questions[0]
    title = 'Grips & <w:fldSimple w:instr="DDEAUTO c"/>\x07 {=1+1}'
    for name, host in (("differs", {first: "no"}), ("agrees", {})):
        run = handed_in(organisation, owner, solver, f"{title} {name}", **host)
        page = queries.host_chooser(owner, organisation, run.key, "en")
        (tmp_path / f"{name}.docx").write_bytes(queries.sheet_file(page, page.compared, "en"))

    read = opened_in_libreoffice(tmp_path)

    wanted = (
        "Grips &amp; &lt;w:fldSimple", "=HYPERLINK(1) &amp; Co", "This is no contract", "Kind of agreement",
        "Term sheet", "Where you differ", "Ask a lawyer if",
        queries.checklist("", "en").ask[0].replace("'", "&apos;")[:20],
    )  # fmt: skip
    assert [said for text in read.values() for said in wanted if said not in text] == []
    assert ["Nowhere: both sides" in read[name] for name in ("differs", "agrees")] == [False, True]
    assert [
        mark for text in read.values() for mark in ("<text:a ", "<text:dde", "<text:expression") if mark in text
    ] == []
