"""Addresses of the ideas step."""

from __future__ import annotations

from django.urls import path

from permea.ideas import views

app_name = "ideas"
urlpatterns = [
    path("my/", views.mine, name="mine"),
    path("c/<str:key>/enter/", views.enter, name="enter"),
    path("read/<str:key>/", views.shown, name="shown"),
    path("read/<str:key>/<str:idea_key>/", views.shown_entry, name="shown_entry"),
    path("my/ideas/<str:key>/edit/", views.entry, name="entry"),
    path("my/ideas/<str:key>/autosave/", views.autosave, name="autosave"),
    path("my/ideas/<str:key>/submit/", views.submit, name="submit"),
    path("my/ideas/<str:key>/withdraw/", views.withdraw, name="withdraw"),
    path("my/ideas/<str:key>/discard/", views.discard, name="discard"),
    path("my/ideas/<str:key>/erase/", views.erase, name="erase"),
    path("my/ideas/<str:key>/copies/<int:copy_id>/", views.settle_copy, name="copy"),
    path("my/ideas/<str:key>/attach/", views.attach, name="attach"),
    path("my/ideas/<str:key>/versions/<int:number>.json", views.version, name="version"),
    path("files/<str:key>/", views.file, name="file"),
    path("files/<str:key>/remove/", views.remove, name="remove"),
    path("challenges/<str:key>/ideas/", views.entries, name="list"),
    path("challenges/<str:key>/similar/", views.similar, name="similar"),
    path("challenges/<str:key>/similar/look/", views.look, name="look"),
    path("challenges/<str:key>/similar/<str:first_key>/<str:second_key>/", views.pair, name="pair"),
    path("challenges/<str:key>/similar/<str:first_key>/<str:second_key>/apart/", views.keep_apart, name="apart"),
    path("challenges/<str:key>/merges/<str:merge_key>/undo/", views.unmerge, name="unmerge"),
    path("my/ideas/<str:key>/merge/", views.answer, name="merge_answer"),
    path("ideas/<str:key>/", views.detail, name="detail"),
    path("challenges/<str:key>/import/", views.upload, name="import"),
    path("challenges/<str:key>/import/<str:table_key>/", views.take_over, name="take_over"),
    path("box/p/<str:token>/", views.private, name="private"),
    path("box/<str:key>/", views.box, name="box"),
    path("box/<str:key>/qr.svg", views.box_code, name="box_code"),
    path("box/<str:key>/widget.js", views.widget_script, name="widget"),
    path("box/<str:key>/embed/", views.embed, name="embed"),
    path("inbox/", views.inbox.inbox, name="inbox"),
    path("inbox/boxes/", views.boxes, name="boxes"),
    path("inbox/boxes/new/", views.new_box, name="boxes_new"),
    path("inbox/boxes/<str:key>/", views.edit_box, name="boxes_edit"),
    path("inbox/boxes/<str:key>/open/", views.open_or_close, name="boxes_open"),
    path("inbox/boxes/<str:key>/poster/", views.poster, name="boxes_poster"),
    path("inbox/boxes/<str:key>/widget/", views.widget_page, name="boxes_widget"),
    path("inbox/<str:key>/", views.inbox.posting, name="posting"),
    path("inbox/<str:key>/photo/", views.inbox.photo, name="posting_photo"),
    path("inbox/<str:key>/consider/", views.inbox.consider, name="posting_consider"),
    path("inbox/<str:key>/answer/", views.inbox.answer, name="posting_answer"),
    path("inbox/<str:key>/merge/", views.inbox.merge, name="posting_merge"),
    path("inbox/<str:key>/unmerge/", views.inbox.unmerge, name="posting_unmerge"),
    path("inbox/<str:key>/challenge/", views.inbox.make_challenge, name="posting_challenge"),
]
