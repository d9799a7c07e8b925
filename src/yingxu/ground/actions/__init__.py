"""The verbs of the ground."""

from yingxu.ground.actions.delivering import Message, Sent, send_due
from yingxu.ground.actions.filing import Kept, keep_photos
from yingxu.ground.actions.house import (
    Added,
    Issued,
    IssuedToken,
    Made,
    NewPlace,
    add_party,
    add_places,
    issue_tokens,
    open_site,
    revoke_token,
    set_up_site,
    sign_contract,
)
from yingxu.ground.actions.people import (
    NewAccount,
    NewHolding,
    Opened,
    Secret,
    grant_role,
    make_token,
    open_accounts,
    revoke_api_token,
)
from yingxu.ground.actions.sign_in import Knocked, forget_tries, sign_in, sign_out

__all__ = [
    "Added",
    "Issued",
    "IssuedToken",
    "Kept",
    "Knocked",
    "Made",
    "Message",
    "NewAccount",
    "NewHolding",
    "NewPlace",
    "Opened",
    "Secret",
    "Sent",
    "add_party",
    "add_places",
    "forget_tries",
    "grant_role",
    "issue_tokens",
    "keep_photos",
    "make_token",
    "open_accounts",
    "open_site",
    "revoke_api_token",
    "revoke_token",
    "send_due",
    "set_up_site",
    "sign_contract",
    "sign_in",
    "sign_out",
]
