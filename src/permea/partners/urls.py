"""Addresses of partners."""

from __future__ import annotations

from django.urls import path

from permea.partners.views import directory, duplicates, fit, guests, importing, knowing, saved, shortlists, sources

app_name = "partners"
urlpatterns = [
    path("partners/", directory.partners, name="list"),
    path("partners/new/", directory.new_partner, name="new"),
    path("partners/fit/", fit.who_fits, name="fit"),
    path("partners/shortlists/", shortlists.shortlists, name="shortlists"),
    path("partners/shortlists/keep/", shortlists.keep, name="keep"),
    path("partner-shortlists/<str:shortlist_key>/", shortlists.shortlist, name="shortlist"),
    path("partner-shortlists/<str:shortlist_key>/anew/", shortlists.work_out, name="work_out"),
    path("partner-shortlists/<str:shortlist_key>/rename/", shortlists.rename, name="rename_shortlist"),
    path("partner-shortlists/<str:shortlist_key>/close/", shortlists.close, name="close_shortlist"),
    path("partner-shortlists/<str:shortlist_key>/notes/", shortlists.note, name="note"),
    path("partner-shortlists/<str:shortlist_key>/decide/", shortlists.decide, name="decide_on"),
    path("partner-shortlists/<str:shortlist_key>/table.csv", shortlists.export, name="export_shortlist"),
    path("partner-shortlist-notes/<str:note_key>/remove/", shortlists.remove_note, name="remove_note"),
    path("partners/views/", saved.directory_views, name="views"),
    path("partner-views/<str:view_key>/rename/", saved.rename_view, name="rename_view"),
    path("partner-views/<str:view_key>/delete/", saved.delete_view, name="delete_view"),
    path("partner-views/<str:view_key>/restore/", saved.restore_view, name="restore_view"),
    path("partners/follow-ups/", directory.follow_ups, name="follow_ups"),
    path("partners/duplicates/", duplicates.duplicates, name="duplicates"),
    path("partners/<str:key>/merge/", duplicates.merge, name="merge"),
    path("partners/<str:key>/apart/", duplicates.apart, name="apart"),
    path("partner-merges/<str:merge_key>/undo/", duplicates.part, name="part"),
    path("partners/import/", importing.upload, name="import"),
    path("partner-imports/<str:import_key>/", importing.take_over, name="take_over"),
    path("partner-imports/<str:import_key>/undo/", importing.undo, name="undo_import"),
    path("partners/sources/", sources.sources, name="sources"),
    path("partners/sources/new/", sources.new_source, name="new_source"),
    path("partner-sources/<str:source_key>/", sources.edit_source, name="edit_source"),
    path("partners/export.csv", directory.export, name="export"),
    path("partners/<str:key>/", knowing.partner, name="partner"),
    path("partners/<str:key>/edit/", directory.edit_partner, name="edit"),
    path("partners/<str:key>/archive/", directory.archive, name="archive"),
    path("partners/<str:key>/log/", knowing.log, name="log"),
    path("partners/<str:key>/contacts/", knowing.add_contact, name="add_contact"),
    path("partners/<str:key>/capabilities/", knowing.add_capability, name="add_capability"),
    path("partners/<str:key>/preferences/", knowing.preferences, name="preferences"),
    path("partner-contacts/<str:contact_key>/remove/", knowing.remove_contact, name="remove_contact"),
    path("partner-contacts/<str:contact_key>/card.vcf", knowing.contact_card, name="contact_card"),
    path("partner-contacts/<str:contact_key>/invite/", knowing.invite, name="invite"),
    path("partner-capabilities/<str:capability_key>/remove/", knowing.remove_capability, name="remove_capability"),
    path("partner-log/<str:entry_key>/done/", knowing.done, name="done"),
    path("partner/", guests.own, name="own"),
    path("partner/<str:own_key>/preferences/", guests.state_preferences, name="state_preferences"),
    path("partner/<str:own_key>/capabilities/", guests.state_capability, name="state_capability"),
    path("partner-statements/<str:statement_key>/remove/", guests.take_back, name="take_back"),
]
