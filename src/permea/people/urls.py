"""Addresses of people's pages, and those pages of allauth that this instance uses."""

from __future__ import annotations

from allauth.account import views as account
from django.urls import include, path

from permea.people.views import entrance, invitations, me, team

sign_in = entrance.SignInView.as_view()
pages = [
    path("welcome/", entrance.welcome, name="welcome"),
    path("privacy/", entrance.privacy, name="privacy"),
    path("account/link/<str:token>/", entrance.sign_in_link, name="sign_in_link"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("people/", team.team, name="team"),
    path("people/invite/", team.invite, name="invite"),
    path("people/invitations/<str:key>/resend/", team.resend, name="resend"),
    path("people/invitations/<str:key>/withdraw/", team.withdraw, name="withdraw"),
    path("people/<int:membership_id>/role/", team.change_role, name="change_role"),
    path("people/<int:membership_id>/end/", team.end, name="end"),
    path("me/", me.me, name="me"),
    path("me/data.json", me.my_data, name="my_data"),
    path("me/sessions/", me.sign_out_elsewhere, name="sign_out_elsewhere"),
    path("me/tokens/", me.tokens, name="tokens"),
    path("me/tokens/<str:key>/revoke/", me.revoke_token, name="revoke_token"),
    path("me/erase/", me.erase, name="erase"),
]
urlpatterns = [
    path("", include((pages, "people"))),
    path("account/login/", sign_in, name="account_login"),
    path("account/login/", sign_in, name="account_request_login_code"),
    path("account/login/code/", entrance.ConfirmView.as_view(), name="account_confirm_login_code"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("account/2fa/", include("allauth.mfa.urls")),
]
