"""The way around: which screens there are, and which of them somebody may open."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.setting_up import is_any_being_set_up
from yingxu.web.inside import kept


@dataclass(frozen=True)
class Screen:
    """One entry of the navigation. ``action`` is the act that opens it; empty: everybody, without signing in too."""

    name: str
    label: str | Promise
    icon: str
    action: str
    #: Address name of a small number beside the entry, asked for by the open page.
    count: str = ""
    #: Heading above the entry; entries of one heading stand together.
    group: str | Promise = ""


@dataclass(frozen=True)
class Entry:
    """A screen as the shell shows it."""

    label: str | Promise
    icon: str
    url: str
    is_here: bool
    count_url: str = ""
    #: Set on the first entry under a heading.
    group: str | Promise = ""


LOOP, STANDARDS, VOICES, FIGURES, HOUSE = "", _("Standards"), _("Voices"), _("Figures"), _("The house")

#: In the order of the menu, by heading.
SCREENS = (
    Screen("web:ask", _("Ask for service"), "message-plus", "request.create"),
    Screen("web:my_requests", _("Our requests"), "clipboard-list", "request.create"),
    Screen("web:desk", _("Desk"), "headset", "queue.read"),
    Screen("web:team_board", _("Team board"), "users-group", "queue.read"),
    Screen("web:transport", _("Transport"), "route", "queue.read"),
    Screen("web:wall_here", _("Wall screen"), "presentation", "queue.read"),
    Screen("web:emergency", _("Emergencies"), "urgent", "emergency.read"),
    Screen("web:incidents", _("Incidents"), "alert-octagon", "incident.read"),
    Screen("web:unanswered", _("Unanswered"), "bell-ringing", "unanswered.read", count="web:unanswered_count"),
    Screen("web:requests", _("Requests"), "list-details", "queue.read"),
    Screen("web:messages", _("What came in"), "inbox", "message.read", count="web:messages_count"),
    Screen("web:lists", _("Lists of requests"), "upload", "request.create"),
    Screen("web:findings", _("Findings"), "eye", "inspection.find_fault"),
    Screen("web:my_work", _("My work"), "tools", "job.perform"),
    Screen("web:phone_reports", _("Phone reports"), "device-mobile", "report.read", count="web:phone_reports_count"),
    Screen("web:lookahead", _("Looking ahead"), "calendar", "lookahead.read", count="web:lookahead_count"),
    Screen("web:promise_board", _("Promise board"), "shield-check", ""),
    # standards
    Screen("web:standards", _("Service standards"), "clipboard-check", "report.read", group=STANDARDS),
    Screen("web:handbook", _("My handbook"), "book-2", "handbook.read", count="web:handbook_count", group=STANDARDS),
    Screen("web:handbook_people", _("Who has read it"), "checks", "handbook.oversee", group=STANDARDS),
    Screen("web:calendars", _("Service hours"), "calendar", "standard.draft", group=STANDARDS),
    Screen("web:studies", _("Can we keep it?"), "hourglass", "report.read", group=STANDARDS),
    Screen("web:proposals", _("Tighter or looser"), "adjustments", "report.read", group=STANDARDS),
    Screen("web:ladder", _("Warning ladder"), "bell-ringing", "ladder.read", group=STANDARDS),
    # voices
    Screen("web:boxes", _("Suggestion boxes"), "inbox", "box.look", group=VOICES),
    Screen("web:surveys", _("Surveys"), "clipboard-list", "survey.read", group=VOICES),
    Screen("web:stands", _("Rating stands"), "mood-happy", "stand.read", group=VOICES),
    Screen("web:supervisors", _("Volunteer supervisors"), "user-check", "supervisor.read", group=VOICES),
    Screen("web:remarks", _("Findings and opinions"), "message-question", "finding.read", group=VOICES),
    Screen("web:forums", _("Monthly forum"), "users-group", "forum.look", group=VOICES),
    Screen("web:voices", _("Voices"), "message-question", "voice.read", count="web:voices_count", group=VOICES),
    Screen("web:apart", _("Held apart"), "flag", "apart.read", group=VOICES),
    Screen("web:my_voices", _("Say what you think"), "message", "voice.speak", group=VOICES),
    Screen("web:callbacks", _("Call-backs"), "phone-call", "callback.read", count="web:callbacks_count", group=VOICES),
    Screen("web:peers", _("Peer checks"), "checks", "peer.list", count="web:peers_count", group=VOICES),
    Screen("web:checks", _("Checks on the spot"), "clipboard-check", "check.read", group=VOICES),
    # figures
    Screen("web:what_ifs", _("What if"), "history", "report.read", group=FIGURES),
    Screen("web:figures", _("Demand analysis"), "chart-bar", "report.read", group=FIGURES),
    Screen("web:perfect", _("Perfect service"), "star", "report.read", group=FIGURES),
    Screen("web:ratings", _("Ratings"), "mood-smile", "rating.read_aggregate", group=FIGURES),
    Screen("web:coverage", _("Blind spots"), "map-pins", "report.read", group=FIGURES),
    Screen("web:backlog", _("Backlog"), "hourglass", "report.read", group=FIGURES),
    Screen("web:projects", _("Improvement projects"), "adjustments", "project.read", group=FIGURES),
    Screen("web:costs", _("Costs"), "coin", "cost.read", group=FIGURES),
    # the house
    Screen("web:outside", _("Outside work"), "tools", "job.send_outside", group=HOUSE),
    Screen("web:stores", _("Parts and stores"), "packages", "store.read", group=HOUSE),
    Screen("web:who_can", _("Who can be sent"), "user-check", "certificate.look", group=HOUSE),
    Screen("web:claims", _("Jobs to claim"), "hand-stop", "job.claim", group=HOUSE),
    Screen("web:along", _("To go along"), "users", "job.go_along", group=HOUSE),
    Screen("web:ways", _("Walking times"), "walk", "way_time.read", group=HOUSE),
    Screen("web:recurring", _("Again and again"), "calendar", "request.create_recurring", group=HOUSE),
    Screen("web:desk_learning", _("What reading learned"), "history", "triage.manage", group=HOUSE),
    Screen("web:setup", _("First hour"), "clipboard-check", "account.manage", group=HOUSE),
    Screen("web:places", _("Places"), "map-pins", "place.manage", group=HOUSE),
    Screen("web:assets", _("Assets"), "elevator", "asset.read", group=HOUSE),
    Screen("web:people", _("People"), "users", "account.manage", group=HOUSE),
    Screen("web:catalogue", _("Catalogue"), "list-details", "catalogue.manage", group=HOUSE),
    Screen("web:codes", _("Printed codes"), "qrcode", "token.manage", group=HOUSE),
    Screen("web:notices_channels", _("Channels for notices"), "message", "delivery.read", group=HOUSE),
    Screen("web:doors", _("Doors"), "login", "door.read", group=HOUSE),
    Screen("web:webhooks", _("Webhooks"), "send", "webhook.manage", group=HOUSE),
    Screen("web:help", _("Help"), "help-circle", "", group=HOUSE),
)

#: The page that a role opens on, the first that fits.
_FIRST = (
    ("DK", "web:desk"),
    ("WK", "web:my_work"),
    ("EX", "web:my_work"),
    ("TL", "web:desk"),
    ("LM", "web:desk"),
    ("PM", "web:desk"),
    ("HO", "web:promise_board"),
    ("HD", "web:promise_board"),
    ("AU", "web:promise_board"),
    ("AD", "web:setup"),
)


@cache
def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _covers(address: str, path: str) -> bool:
    """Return whether a page lies under an address."""
    return path == address or path.startswith(f"{address.rstrip('/')}/")


def menu(actor: Actor | None, path: str) -> list[Entry]:
    """Return the screens that the actor may open; None is somebody who has not signed in."""
    entries: list[Entry] = []
    setting_up = _is_setting_up(actor)
    heading: str | Promise = ""
    for screen in SCREENS:
        address = _address(screen.name)
        is_open = not screen.action or (
            actor is not None and authority.may_anywhere(actor, screen.action, is_being_set_up=setting_up)
        )
        if screen.name == "web:setup" and actor is not None and _may_open_house(actor):
            is_open = True
        if address and is_open:
            count_url = _address(screen.count) if screen.count else ""
            group = screen.group if screen.group != heading else ""
            heading = screen.group
            entries.append(Entry(screen.label, screen.icon, address, _covers(address, path), count_url, group))
    return entries


def _is_setting_up(actor: Actor | None) -> bool:
    """Tell whether the actor is an administrator of a site that is not open yet. Budget: one query, kept a while."""
    if actor is None or "AD" not in actor.roles:
        return False
    sites = frozenset(held.site_id for held in actor.holdings)
    return kept("setting_up", sites, lambda: is_any_being_set_up(actor))


def _may_open_house(actor: Actor) -> bool:
    """Tell whether a hospital waits for this officer's word to be opened. Budget: one query, kept a while."""
    if not authority.may_anywhere(actor, "site.open"):
        return False
    sites = frozenset(held.site_id for held in actor.holdings)
    return kept("setting_up", sites, lambda: is_any_being_set_up(actor))


@cache
def _places() -> tuple[tuple[str, str, str], ...]:
    """Return each screen's name and address, and how the addresses under it begin."""
    known = ((screen.name, _address(screen.name)) for screen in SCREENS)
    return tuple((name, address, f"{address.rstrip('/')}/") for name, address in known if address)


_drawn: dict[tuple[frozenset[str] | None, bool, bool, tuple[str, ...], str], SafeString] = {}


def menu_html(actor: Actor | None, path: str) -> SafeString:
    """Return the menu as it stands on a page; drawn once for each set of roles, place in the menu and language."""
    here = tuple(name for name, address, under in _places() if path == address or path.startswith(under))
    roles = actor.roles if actor is not None else None
    waits = actor is not None and _may_open_house(actor)
    key = (roles, _is_setting_up(actor), waits, here, get_language() or "")
    drawn = _drawn.get(key)
    if drawn is None:
        drawn = _drawn[key] = render_to_string("web/ui/menu.html", {"menu": menu(actor, path)})
    return drawn


def first_page(actor: Actor) -> str:
    """Return the address of the page that the actor's role opens on; who may open the house, on what is left to do."""
    if _may_open_house(actor):
        return _address("web:setup")
    for role, name in _FIRST:
        if role in actor.roles and _address(name):
            return _address(name)
    return _address("web:ask")
