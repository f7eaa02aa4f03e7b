"""Addresses of evaluation."""

from django.urls import path, re_path

from permea.evaluation.views import assigning, comparing, evaluator, importing, manager

app_name = "evaluation"
urlpatterns = [
    path("reviews/", evaluator.queue, name="queue"),
    path("reviews/minutes/<int:panelist_id>/", evaluator.minutes, name="minutes"),
    path("reviews/<str:key>/", evaluator.review, name="review"),
    path("reviews/<str:key>/autosave/", evaluator.autosave, name="autosave"),
    path("reviews/<str:key>/decline/", evaluator.decline, name="decline"),
    path("compare/<str:key>/", comparing.compare, name="compare"),
    path("compare/<str:key>/undo/", comparing.undo, name="compare_undo"),
    path("compare/<str:key>/conflict/", comparing.conflict, name="compare_conflict"),
    path("c/<str:key>/compare/", comparing.compare_public, name="compare_public"),
    path("c/<str:key>/compare/undo/", comparing.undo_public, name="compare_public_undo"),
    path("challenges/<str:key>/panel/", manager.panel, name="panel"),
    path("challenges/<str:key>/panel/measures/", manager.set_panel, name="set_panel"),
    path("challenges/<str:key>/panel/public/", manager.set_public, name="set_public"),
    path("challenges/<str:key>/panel/invite/", manager.invite, name="invite"),
    path("challenges/<str:key>/panel/seat/", manager.seat, name="seat"),
    path("challenges/<str:key>/panel/deal/", manager.deal, name="deal"),
    path("challenges/<str:key>/panel/<str:panelist_key>/unseat/", manager.unseat, name="unseat"),
    path("challenges/<str:key>/assigning/", assigning.assigning, name="assigning"),
    path("challenges/<str:key>/assigning/draft/", assigning.draft, name="draft"),
    path("challenges/<str:key>/assigning/add/", assigning.add, name="draft_add"),
    path("challenges/<str:key>/assigning/take-out/", assigning.take_out, name="draft_take_out"),
    path("challenges/<str:key>/assigning/undo/", assigning.undo, name="draft_undo"),
    path("challenges/<str:key>/assigning/discard/", assigning.discard, name="draft_discard"),
    path("challenges/<str:key>/assigning/publish/", assigning.publish, name="draft_publish"),
    path("challenges/<str:key>/assigning/conflict/", assigning.conflict, name="conflict"),
    path("challenges/<str:key>/assigning/dealing/", assigning.dealing, name="dealing"),
    path("challenges/<str:key>/reviews/import/", importing.upload, name="import"),
    path("challenges/<str:key>/reviews/import/<str:table_key>/", importing.take_over, name="take_over"),
    path("challenges/<str:key>/ranking/", manager.ranking, name="ranking"),
    path("challenges/<str:key>/ranking/end/", manager.end, name="end"),
    path("challenges/<str:key>/ranking/recompute/", manager.recompute, name="recompute"),
    re_path(r"^challenges/(?P<key>\w+)/ranking\.(?P<kind>json|csv)$", manager.ranking_data, name="ranking_data"),
    re_path(
        r"^challenges/(?P<key>\w+)/comparisons\.(?P<kind>json|csv)$", manager.comparison_data, name="comparison_data"
    ),
]
