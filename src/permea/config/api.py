"""The API: every step's operations under one roof."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from ninja import NinjaAPI

from permea.people.api import SIGNED_IN
from permea.surface.problems import answer_with_problems

STEPS = (
    "people",
    "ledger",
    "disclosures",
    "strategy",
    "challenges",
    "ideas",
    "dialogue",
    "trials",
    "evaluation",
    "selection",
    "measures",
)

api = NinjaAPI(
    title="Permea",
    version="1",
    description="What the pages do, for programs. Sign in with a session or with `Authorization: Bearer TOKEN`.",
    auth=SIGNED_IN,
    docs_url=None,
    urls_namespace="api",
)
answer_with_problems(api)
for step in STEPS:
    if find_spec(f"permea.{step}.api") is not None:
        api.add_router("", import_module(f"permea.{step}.api").router, tags=[step])
