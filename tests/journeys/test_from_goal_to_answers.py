"""The main job in a real browser: a firm asks, people outside answer on phones, judges judge, everybody is told."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from permea.ledger import verifier
from tests import migrated, servers
from tests.browser.windows import PHONE, OpenWindow, Window, awaited_mail
from tests.journeys import firm, outside
from tests.servers import Product

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SOFT, HARD = "Silicone fingers that feel 🍓", "A hard steel hand"
BODY = "Four fingers of silicone close until they feel 0.4 N."
QUESTION, REPLY = "When does the field trial start?", "In the second week of May."
EMIL, SAM, SINA = "emil@experts.example", "sam@workshop.example", "sina@campus.example"
PHONE_IN_HAND = {"width": PHONE, "has_touch": True, "is_mobile": True}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def test_from_a_goal_to_an_answer_for_everybody(open_window: OpenWindow, tmp_path: Path) -> None:
    migrated.lay(tmp_path / "data" / migrated.NAME)
    with servers.product(tmp_path / "data") as site:
        olga = open_window(site, expected="status of 409")
        key = ask_the_world(site, olga)
        read_it_on_a_phone_without_script(open_window(site, width=PHONE, java_script_enabled=False), key)
        sam = open_window(site, **PHONE_IN_HAND)
        answer_from_a_phone(site, sam, key, tmp_path)
        sina = open_window(site, **PHONE_IN_HAND)
        answer_too(site, sina, key)
        close_what_nobody_could_read(olga, key)
        judge(site, olga, open_window(site), key)
        decide_and_answer(site, olga, key)
        read_the_answer_and_ask(olga, sam, key)
        keep_the_proof_and_leave(olga, sam, key, tmp_path)


def ask_the_world(site: Product, olga: Window) -> str:
    """J1: become the owner, set a goal, write a challenge on it, publish it; return its key."""
    link = re.search(r"Become its owner: (\S+)", site.log.read_text())
    assert link
    firm.found_the_firm(olga, link.group(1))
    assert "baseline" in firm.set_a_goal(olga).lower()
    key = firm.write_a_challenge(olga)
    firm.publish(olga, key)
    return key


def read_it_on_a_phone_without_script(phone: Window, key: str) -> None:
    """J2: the public page asks for no sign-in and no script, and all of it weighs less than 100 kB."""
    weights: list[int] = []
    phone.page.on("response", lambda answer: weights.append(len(answer.body())))
    page = phone.go(f"/c/{key}/")
    page.wait_for_load_state("networkidle")

    assert phone.headline() == firm.TITLE
    assert page.get_by_role("link", name="Enter this challenge").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    assert 10_000 < sum(weights) < 100_000, weights


def answer_from_a_phone(site: Product, sam: Window, key: str, folder: Path) -> None:
    """J2: sign in by a mailed code, accept the terms, write, attach, hand in, check the receipt offline."""
    sam.go(f"/c/{key}/")
    sam.press("Enter this challenge")
    outside.sign_in(site, sam, SAM, name="Sam Solver")
    outside.enter(sam)
    outside.write(sam, SOFT, BODY)
    paper = folder / "gripper.pdf"
    paper.write_bytes(PDF)
    outside.attach(sam, paper)
    receipt = outside.hand_in(sam)

    mailed = awaited_mail(site, SAM, "receipt")["attachments"]
    downloaded = firm.download(sam, receipt, folder / "receipt.json")
    code, said = verified_alone(folder / "receipt.json")
    assert (code, "0 problems" in said) == (0, True), said
    assert downloaded in [json.loads(attachment["text"]) for attachment in mailed]
    tampered = folder / "tampered.json"
    tampered.write_text((folder / "receipt.json").read_text().replace(firm.TITLE, "Another title"))
    assert verified_alone(tampered)[0] == 1


def answer_too(site: Product, sina: Window, key: str) -> None:
    """J2: somebody else answers as well, and changes it before the deadline."""
    sina.go(f"/c/{key}/enter/")
    outside.sign_in(site, sina, SINA, name="Sina Solver")
    outside.enter(sina)
    outside.write(sina, HARD, "It grips.")
    outside.hand_in(sina)
    sina.press("Change it")
    outside.write(sina, HARD, "It grips hard.")
    sina.press("Hand in the changes")
    sina.told("Handed in, version 2")


def close_what_nobody_could_read(olga: Window, key: str) -> None:
    """J1: before the deadline the owner sees a count; after it, entries."""
    assert firm.see_only_a_count(olga, key, secrets=(SOFT, "silicone", HARD)) == "2"
    firm.close_early(olga, key)
    olga.go(f"/challenges/{key}/ideas/")
    olga.told(SOFT)


def judge(site: Product, olga: Window, emil: Window, key: str) -> None:
    """J3: accept by a mailed link, judge by keys alone; the ranking that lies open follows by itself."""
    firm.invite_judges(olga, key, EMIL)
    outside.join_the_panel(site, emil, EMIL, "Emil Evaluator")
    firm.deal_out(olga, key)
    assert outside.judge_by_keys(olga, {SOFT: "4", HARD: "1"}) == 2
    page = olga.go(f"/challenges/{key}/ranking/")
    assert outside.judge_by_keys(emil, {SOFT: "5", HARD: "2"}) == 2

    page.get_by_text("from 4 reviews of 2 ideas").wait_for()
    assert page.locator("#ranking .chart, #ranking svg").first.is_visible()
    page.get_by_text("All numbers").click()
    assert page.locator("#ideas tbody tr td:nth-child(2)").all_inner_texts() == [SOFT, HARD]


def decide_and_answer(site: Product, olga: Window, key: str) -> None:
    """J1: choose under limits, decide on every entry, tell everybody at once."""
    firm.choose(olga, key)
    firm.decide(olga, key, SOFT)
    for email, words in ((SAM, "Your gripper did best"), (SINA, "bruised one fruit in ten")):
        assert words in awaited_mail(site, email, "answer")["text"]


def read_the_answer_and_ask(olga: Window, sam: Window, key: str) -> None:
    """J2: read the answer on the phone, ask once, get the reply, accept the rights."""
    sam.go("/my/")
    sam.press(SOFT)
    sam.told("Your idea was chosen")
    assert sam.page.locator(".answer table tbody tr").count() >= 3
    outside.ask_once(sam, QUESTION)
    firm.reply(olga, key, REPLY)
    sam.page.reload()
    sam.told(REPLY)
    sam.press("Accept this text and take the prize")
    sam.told("You accepted")


def keep_the_proof_and_leave(olga: Window, sam: Window, key: str, folder: Path) -> None:
    """J1 and J2: the dossier verifies offline; a contributor leaves for good, and the chain still verifies."""
    dossier, chain = folder / "dossier.json", folder / "chain.json"
    firm.download(olga, f"/challenges/{key}/dossier/?format=json", dossier)
    assert verified_by_command(dossier)[0] == 0
    assert SOFT in dossier.read_text()

    outside.erase_oneself(sam)
    before = firm.download(olga, "/ledger/export/", chain)
    assert verified_by_command(chain)[0] == 0
    assert verified_by_command(dossier)[0] == 0
    assert "sam@workshop.example" not in chain.read_text() + olga.go(f"/challenges/{key}/ideas/").content()
    assert len(before["entries"]) > 10
    assert urllib.request.urlopen(f"{olga.address}/c/{key}/", timeout=120).status == 200


def verified_alone(file: Path) -> tuple[int, str]:
    """Check a document with the stand-alone verifier: the program, the file, nothing else."""
    return run("-I", str(verifier.__file__), str(file))


def verified_by_command(file: Path) -> tuple[int, str]:
    """Check a document with `permea verify`."""
    return run("-c", "from permea.config.cli import main; main()", "verify", str(file))


def run(*arguments: str) -> tuple[int, str]:
    """Run Python in a process of its own; return its exit code and what it said."""
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, timeout=300, check=False)
    return done.returncode, done.stdout + done.stderr
