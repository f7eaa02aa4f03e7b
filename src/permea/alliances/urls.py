"""Addresses of alliances."""

from __future__ import annotations

from django.urls import path

from permea.alliances.views import charter, closing, joining, lines, lists, pulse, results

app_name = "alliances"
urlpatterns = [
    path("alliances/", lists.alliances, name="list"),
    path("alliances/new/", lists.new_alliance, name="new"),
    path("my/alliances/", lists.mine, name="mine"),
    path("alliances/<str:key>/", charter.alliance, name="alliance"),
    path("alliances/<str:key>/charter/", charter.edit_charter, name="charter"),
    path("alliances/<str:key>/offer/", charter.offer, name="offer"),
    path("alliances/<str:key>/accept/", charter.accept, name="accept"),
    path("alliances/<str:key>/contributions/", lines.contributions, name="contributions"),
    path("alliances/<str:key>/alliance.json", lines.export, name="export"),
    path("alliances/<str:key>/book.csv", lines.export_book, name="book"),
    path("alliances/<str:key>/milestones/", closing.reach, name="reach"),
    path("alliances/<str:key>/results/", results.results, name="results"),
    path("alliances/<str:key>/closing/", closing.closing, name="closing"),
    path("alliances/<str:key>/closing/ask/", closing.ask, name="ask_to_close"),
    path("alliances/<str:key>/closing/take-back/", closing.take_back, name="take_back_closing"),
    path("alliances/<str:key>/closing/rate/", closing.rate, name="rate_success"),
    path("alliances/<str:key>/closing/close/", closing.close, name="close"),
    path("alliances/<str:key>/contributions/new/", lines.contribute, name="contribute"),
    path("alliances/<str:key>/pulse/", pulse.pulse, name="pulse"),
    path("alliances/<str:key>/pulse/answer/", pulse.rate, name="rate"),
    path("alliances/<str:key>/matters/", pulse.raise_matter, name="raise"),
    path("alliances/<str:key>/join/", joining.propose, name="join"),
    path("alliances/joinings/<str:key>/", joining.joining, name="joining"),
    path("alliances/joinings/<str:key>/agree/", joining.agree, name="agree_to_joining"),
    path("alliances/joinings/<str:key>/refuse/", joining.refuse, name="refuse_joining"),
    path("alliances/joinings/<str:key>/withdraw/", joining.withdraw, name="withdraw_joining"),
    path("alliances/milestones/<str:key>/confirm/", closing.confirm, name="confirm"),
    path("alliances/results/<str:key>/", results.result, name="result"),
    path("alliances/results/<str:key>/split/", results.split, name="split"),
    path("alliances/results/<str:key>/agree/", results.agree, name="agree"),
    path("alliances/matters/<str:key>/solve/", pulse.solve_matter, name="solve"),
    path("alliances/contributions/<str:key>/", lines.line, name="line"),
    path("alliances/contributions/<str:key>/answer/", lines.answer, name="answer"),
    path("alliances/contributions/<str:key>/correct/", lines.correct, name="correct"),
]
