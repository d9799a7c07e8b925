"""What can be evidence of demand, found by what people call it, within what the actor may see."""

from __future__ import annotations

from uuid import UUID

from yingxu.demand.models import Request
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.improve.models import Outlook, TextGroup
from yingxu.voice.models import Heard, Remark

#: Sorts of evidence: a request by its number; a voice, a finding, a group of texts, a line's figure by its uid or code.
SOURCES = ("request", "voice", "finding", "group", "outlook")

Source = Request | Heard | Remark | TextGroup | Outlook


def _uid(said: str) -> UUID:
    try:
        return UUID(said)
    except ValueError:
        raise NotFound(kind="evidence", name=said) from None


def source_named(actor: Actor, site_id: int, source: str, name: str) -> Source:
    """Return what is called so. Refuses: Malformed, NotFound (to who may not see it too). Budget: one query."""
    name = name.strip()
    found: Source | None = None
    if source == "request":
        seen = Request.objects.filter(authority.visible(actor), site_id=site_id)
        by_uid = len(name) == 36 and "-" in name
        found = seen.filter(uid=_uid(name)).first() if by_uid else seen.filter(number=name).first()
    elif source == "voice":
        heard = Heard.objects.filter(authority.visible(actor, "voice.read"), site_id=site_id, quarantine="")
        found = heard.filter(uid=_uid(name)).first()
    elif source == "finding" and authority.may(actor, "finding.read", where=Where(site_id)):
        found = Remark.objects.filter(site_id=site_id, uid=_uid(name)).first()
    elif source == "group" and authority.may(actor, "report.read", where=Where(site_id)):
        newest = TextGroup.objects.filter(site_id=site_id).order_by("-made_on")
        rank = int(name) if name.isascii() and name.isdigit() and len(name) < 4 else -1
        found = newest.filter(rank=rank).first() if rank >= 0 else newest.filter(uid=_uid(name)).first()
    elif source == "outlook" and authority.may(actor, "report.read", where=Where(site_id, line_code=name)):
        found = Outlook.objects.filter(site_id=site_id, line_code=name).order_by("-made_on").first()
    elif source not in SOURCES:
        raise Malformed(field="source", problem="unknown")
    if found is None:
        raise NotFound(kind="evidence", name=name)
    return found
