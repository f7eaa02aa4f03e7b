"""Addresses of terms and agreements."""

from django.urls import path

from permea.agreements import views
from permea.agreements.views import agreements, chooser, deadlines, ip, publications, renewals, signing

app_name = "agreements"
urlpatterns = [
    path("terms/", views.terms_list, name="list"),
    path("terms/standard/", views.standard, name="standard"),
    path("terms/<str:key>/", views.terms, name="terms"),
    path("terms/<str:key>/new-version/", views.revise, name="revise"),
    path("agreements/", agreements.agreements, name="all"),
    path("agreements/new/", agreements.new, name="new"),
    path("agreements/deadlines/", deadlines.deadlines, name="deadlines"),
    path("agreements/<str:key>/", agreements.agreement, name="agreement"),
    path("agreements/<str:key>/clauses/", agreements.clauses, name="clauses"),
    path("agreements/<str:key>/offer/", agreements.offer, name="offer"),
    path("agreements/<str:key>/drop/", agreements.drop, name="drop"),
    path("agreements/<str:key>/pack.zip", agreements.pack, name="pack"),
    path("agreements/<str:key>/deadlines/new/", deadlines.new_obligation, name="new_obligation"),
    path("agreements/<str:key>/ip/", ip.ip, name="ip"),
    path("rights/", ip.rights, name="rights"),
    path("my/agreements/<str:key>/ip/", ip.ip_guest, name="ip_guest"),
    path("my/agreements/<str:key>/ip/new/", ip.ip_new, name="ip_new"),
    path("my/agreements/<str:key>/ip/<str:entry_key>/", ip.ip_entry, name="ip_entry"),
    path("my/agreements/<str:key>/ip/<str:entry_key>/edit/", ip.ip_edit, name="ip_edit"),
    path("my/agreements/<str:key>/ip/<str:entry_key>/withdraw/", ip.ip_withdraw, name="ip_withdraw"),
    path("my/agreements/<str:key>/ip/<str:entry_key>/accept/<str:version_key>/", ip.ip_accept, name="ip_accept"),
    path("my/agreements/", signing.mine, name="mine"),
    path("agreement/<str:key>/", signing.guest, name="guest"),
    path("agreement/<str:key>/text/", signing.text, name="text"),
    path("agreement/<str:key>/code/<str:version_key>/", signing.code, name="code"),
    path("agreement/<str:key>/sign/<str:version_key>/", signing.sign, name="sign"),
    path("agreement/<str:key>/end/", signing.end, name="end"),
    path("agreement/<str:key>/renew/", renewals.renew, name="renew"),
    path("agreement/<str:key>/deadlines/", deadlines.obligations, name="obligations"),
    path("agreement/<str:key>/deadlines/<str:obligation_key>/", deadlines.obligation, name="obligation"),
    path("agreement/<str:key>/publications/", publications.publications, name="publications"),
    path("agreement/<str:key>/publications/new/", publications.new_publication, name="new_publication"),
    path("agreement/<str:key>/publications/<str:publication_key>/", publications.publication, name="publication"),
    path(
        "agreement/<str:key>/publications/<str:publication_key>/file/",
        publications.publication_file,
        name="publication_file",
    ),
    path("my/deadlines/", deadlines.my_deadlines, name="my_deadlines"),
    path("my/deadlines/calendar/", deadlines.calendar_link, name="calendar_link"),
    path("calendar/deadlines/<str:token>.ics", deadlines.calendar_feed, name="calendar_feed"),
    path("choosing/", chooser.choosing, name="choosing"),
    path("choosing/<str:key>/", chooser.choosing_run, name="choosing_run"),
    path("choosing/<str:key>/again/", chooser.choosing_again, name="choosing_again"),
    path("choosing/<str:key>/draft/", chooser.choosing_draft, name="choosing_draft"),
    path("choosing/<str:key>/term-sheet.md", chooser.choosing_sheet, name="choosing_sheet"),
    path("choose/<str:key>/", chooser.choose, name="choose"),
    path("choose/<str:key>/again/", chooser.choose_again, name="choose_again"),
    path("choose/<str:key>/term-sheet.md", chooser.choose_sheet, name="choose_sheet"),
]
