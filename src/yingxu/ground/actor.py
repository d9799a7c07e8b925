"""Who acts: a person, a machine's token, a printed QR code, a private link, an outside company's link, or an engine."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Held:
    """A role as held: where it holds. ``None`` and empty mean no limit in that dimension."""

    role: str
    site_id: int | None = None
    party_id: int | None = None
    line_code: str = ""
    place_path: str = ""
    place_id: int | None = None
    team_id: int | None = None


@dataclass(frozen=True)
class Actor:
    """An actor with what he or she holds. ``kind``: person, token, qr, link, outside, engine."""

    kind: str
    id: int | None
    name: str
    holdings: tuple[Held, ...] = ()
    #: The account in whose name this actor acts, when that is another's.
    behalf_id: int | None = None
    language: str = ""
    #: By a token of one's own: the acts that its scopes let through. None: every act that the holdings allow.
    acts: frozenset[str] | None = None

    @property
    def key(self) -> str:
        """The actor's identity for command ids."""
        return f"{self.kind}:{self.id or 0}"

    @property
    def account_id(self) -> int | None:
        """The account's key, for persons."""
        return self.id if self.kind == "person" else None

    @property
    def roles(self) -> frozenset[str]:
        """Codes of the roles held anywhere."""
        return frozenset(held.role for held in self.holdings)

    def on_behalf_of(self, account_id: int) -> Actor:
        """Return this actor acting in another person's name; both names are kept."""
        return replace(self, behalf_id=account_id)


def engine(name: str) -> Actor:
    """Return one of the house's own engines: ``clock``, ``replay``, ``demo`` …; see ``roles/engines.csv``."""
    return Actor(kind="engine", id=None, name=name, holdings=(Held(role=name),))
