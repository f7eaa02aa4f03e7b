"""Writing people."""

from permea.people.services.erasure import drop_unproven, erase_person
from permea.people.services.invitations import (
    accept_invitation,
    first_owner_link,
    found_as_newcomer,
    found_by_invitation,
    invite,
    invite_guest,
    join_by_link,
    resend_invitation,
    withdraw_invitation,
)
from permea.people.services.links import person_of_link, sign_in_link
from permea.people.services.memberships import (
    change_role,
    drop_organisations,
    end_membership,
    found_organisation,
    note_organisation,
)
from permea.people.services.persons import (
    confirm_address,
    drop_ended_sessions,
    give_consent,
    register_person,
    sign_out_elsewhere,
    update_profile,
    welcome_person,
)
from permea.people.services.tokens import issue_token, revoke_token, use_token

__all__ = [
    "accept_invitation",
    "change_role",
    "confirm_address",
    "drop_ended_sessions",
    "drop_organisations",
    "drop_unproven",
    "end_membership",
    "erase_person",
    "first_owner_link",
    "found_as_newcomer",
    "found_by_invitation",
    "found_organisation",
    "give_consent",
    "invite",
    "invite_guest",
    "issue_token",
    "join_by_link",
    "note_organisation",
    "person_of_link",
    "register_person",
    "resend_invitation",
    "revoke_token",
    "sign_in_link",
    "sign_out_elsewhere",
    "update_profile",
    "use_token",
    "welcome_person",
    "withdraw_invitation",
]
