"""Facts of the ground."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from yingxu.ground.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class SiteSetUp(Fact):
    """A site exists and is being set up."""

    kind: ClassVar[str] = "ground.site.set_up"
    subject_kind: ClassVar[str] = "site"
    code: str


@dataclass(frozen=True, kw_only=True)
class SiteOpened(Fact):
    """The hospital opened its site; publishing is its own matter from now on."""

    kind: ClassVar[str] = "ground.site.opened"
    subject_kind: ClassVar[str] = "site"


@dataclass(frozen=True, kw_only=True)
class PlacesAdded(Fact):
    """Places joined the tree."""

    kind: ClassVar[str] = "ground.place.added"
    subject_kind: ClassVar[str] = "site"
    n_places: int


@dataclass(frozen=True, kw_only=True)
class QrIssued(Fact):
    """Codes were issued for places; an earlier code of the same place is revoked."""

    kind: ClassVar[str] = "ground.qr.issued"
    subject_kind: ClassVar[str] = "site"
    n_codes: int


@dataclass(frozen=True, kw_only=True)
class QrPrinted(Fact):
    """A sheet of codes was printed; ``codes``: those that hang already (keep) or new ones (renew)."""

    kind: ClassVar[str] = "ground.qr.printed"
    subject_kind: ClassVar[str] = "site"
    n_codes: int
    n_new: int
    layout: str
    codes: str
    first_place: str


@dataclass(frozen=True, kw_only=True)
class PlaceChanged(Fact):
    """A place is called, stands or counts otherwise; ``changed``: field -> [before, after]."""

    kind: ClassVar[str] = "ground.place.changed"
    subject_kind: ClassVar[str] = "place"
    changed: dict[str, list[Any]]


@dataclass(frozen=True, kw_only=True)
class PlaceClosed(Fact):
    """A place and what lies in it can no longer be asked for."""

    kind: ClassVar[str] = "ground.place.closed"
    subject_kind: ClassVar[str] = "place"
    reason: str
    n_places: int
    n_codes: int


@dataclass(frozen=True, kw_only=True)
class PlaceReopened(Fact):
    """A place can be asked for again."""

    kind: ClassVar[str] = "ground.place.reopened"
    subject_kind: ClassVar[str] = "place"


@dataclass(frozen=True, kw_only=True)
class AssetsAdded(Fact):
    """Assets are known, each at its place."""

    kind: ClassVar[str] = "ground.asset.added"
    subject_kind: ClassVar[str] = "site"
    n_assets: int


@dataclass(frozen=True, kw_only=True)
class AssetChanged(Fact):
    """An asset is called, stands or serves otherwise; ``changed``: field -> [before, after]."""

    kind: ClassVar[str] = "ground.asset.changed"
    subject_kind: ClassVar[str] = "asset"
    changed: dict[str, list[Any]]


@dataclass(frozen=True, kw_only=True)
class AssetCodeRevoked(Fact):
    """The code that hung on an asset works no longer."""

    kind: ClassVar[str] = "ground.asset.code_revoked"
    subject_kind: ClassVar[str] = "asset"
    reason: str


@dataclass(frozen=True, kw_only=True)
class TableImported(Fact):
    """A table was uploaded and carried out."""

    kind: ClassVar[str] = "ground.table.imported"
    subject_kind: ClassVar[str] = "import"
    table: str
    file_name: str
    n_rows: int


@dataclass(frozen=True, kw_only=True)
class TableTakenBack(Fact):
    """What a table brought was taken back; nothing depended on it. ``keys``: kind of row -> keys."""

    kind: ClassVar[str] = "ground.table.taken_back"
    subject_kind: ClassVar[str] = "import"
    table: str
    file_name: str
    n_rows: int
    keys: dict[str, list[Any]] = field(default_factory=dict, metadata={"recorded": False})


@dataclass(frozen=True, kw_only=True)
class QrRevoked(Fact):
    """A printed code no longer works."""

    kind: ClassVar[str] = "ground.qr.revoked"
    subject_kind: ClassVar[str] = "place"
    reason: str


@dataclass(frozen=True, kw_only=True)
class PartyJoined(Fact):
    """A party is known at the site."""

    kind: ClassVar[str] = "ground.party.joined"
    subject_kind: ClassVar[str] = "party"
    code: str
    party_kind: str


@dataclass(frozen=True, kw_only=True)
class ContractSigned(Fact):
    """A company has a duty at a line and place for a period."""

    kind: ClassVar[str] = "ground.contract.signed"
    subject_kind: ClassVar[str] = "contract"
    number: str
    line_code: str


@dataclass(frozen=True, kw_only=True)
class AccountOpened(Fact):
    """A person can sign in."""

    kind: ClassVar[str] = "ground.account.opened"
    subject_kind: ClassVar[str] = "account"
    roles: tuple[str, ...]
    #: The team in which the person works or which he or she leads, where a role says one.
    team_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class AccountClosed(Fact):
    """A person can no longer sign in."""

    kind: ClassVar[str] = "ground.account.closed"
    subject_kind: ClassVar[str] = "account"


@dataclass(frozen=True, kw_only=True)
class PasswordReset(Fact):
    """Somebody got a new password from an administrator; the old one is worth nothing."""

    kind: ClassVar[str] = "ground.account.password_reset"
    subject_kind: ClassVar[str] = "account"


@dataclass(frozen=True, kw_only=True)
class PersonChanged(Fact):
    """A person is called, or can be called, otherwise; which fields, never what they say."""

    kind: ClassVar[str] = "ground.account.changed"
    subject_kind: ClassVar[str] = "account"
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RoleEnded(Fact):
    """An account holds a role no longer, or only until then."""

    kind: ClassVar[str] = "ground.role.ended"
    subject_kind: ClassVar[str] = "account"
    role: str
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class FirstPasswordsListed(Fact):
    """The first passwords of people who never signed in were handed out as a list."""

    kind: ClassVar[str] = "ground.account.first_passwords_listed"
    subject_kind: ClassVar[str] = "site"
    n_people: int


@dataclass(frozen=True, kw_only=True)
class RoleGranted(Fact):
    """An account holds a role, within a scope, for a time."""

    kind: ClassVar[str] = "ground.role.granted"
    subject_kind: ClassVar[str] = "account"
    role: str
    ends_at: datetime | None
    team_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class TokenMade(Fact):
    """A machine may call, within scopes; or a program in the name of a person."""

    kind: ClassVar[str] = "ground.token.made"
    subject_kind: ClassVar[str] = "token"
    scopes: tuple[str, ...]
    account_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class TokenRevoked(Fact):
    """A machine's token no longer works."""

    kind: ClassVar[str] = "ground.token.revoked"
    subject_kind: ClassVar[str] = "token"


@dataclass(frozen=True, kw_only=True)
class SignedIn(Fact):
    """A person came in."""

    kind: ClassVar[str] = "ground.account.signed_in"
    subject_kind: ClassVar[str] = "account"


@dataclass(frozen=True, kw_only=True)
class SignedOut(Fact):
    """A person left."""

    kind: ClassVar[str] = "ground.account.signed_out"
    subject_kind: ClassVar[str] = "account"


@dataclass(frozen=True, kw_only=True)
class SignInLocked(Fact):
    """Too many wrong passwords for one account: nobody gets in under its name for a while."""

    kind: ClassVar[str] = "ground.account.sign_in_locked"
    subject_kind: ClassVar[str] = "account"
    n_wrong: int


@dataclass(frozen=True, kw_only=True)
class SubscriptionMade(Fact):
    """An outside system is told of what is recorded here."""

    kind: ClassVar[str] = "ground.subscription.made"
    subject_kind: ClassVar[str] = "subscription"
    name: str


@dataclass(frozen=True, kw_only=True)
class SubscriptionChanged(Fact):
    """What an outside system is told of, where, or whether, was changed; perhaps its secret was renewed."""

    kind: ClassVar[str] = "ground.subscription.changed"
    subject_kind: ClassVar[str] = "subscription"
    name: str
    is_on: bool
    is_secret_new: bool


@dataclass(frozen=True, kw_only=True)
class NoticesSet(Fact):
    """Somebody said when and how he or she wants to be told."""

    kind: ClassVar[str] = "ground.notices.set"
    subject_kind: ClassVar[str] = "account"
    quiet_from: str
    quiet_to: str
    digest_at: str
    channels: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class HouseNoticesSet(Fact):
    """The house's quiet hours and its message gateway were set."""

    kind: ClassVar[str] = "ground.notices.house_set"
    subject_kind: ClassVar[str] = "site"
    quiet_from: str
    quiet_to: str
    digest_at: str
    has_gateway: bool
