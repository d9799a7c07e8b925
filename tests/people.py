"""The same people in every test: a right person, a colleague, a stranger for each role, at a small hospital.

`furnish` builds a site with the house's own verbs; `House` names what a test needs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from yingxu.ground import actions as ground
from yingxu.ground import queries as ground_queries
from yingxu.ground.actions import NewAccount, NewHolding, NewPlace
from yingxu.ground.actor import Actor, engine
from yingxu.ground.models import Account, Party, Place, Site
from yingxu.standards import actions as standards
from yingxu.team import actions as team
from yingxu.team.actions import NewMember
from yingxu.team.models import Team

#: Monday morning, as in the acceptance scenarios (domain 8): 2025-03-03 09:00 in Shanghai.
MONDAY_NINE = datetime(2025, 3, 3, 1, 0, tzinfo=UTC)
SETUP_AT = datetime(2025, 1, 1, tzinfo=UTC)

PLACES = (
    NewPlace("HQ", "", "campus", "本部院区", "Main campus"),
    NewPlace("S", "HQ", "building", "外科楼", "Surgical tower", aliases=("1号楼",)),
    NewPlace("S4", "S", "floor", "4楼", "4F", floor_no=4),
    NewPlace("S4-ICU", "S4", "ward", "ICU", "ICU", place_class="critical", aliases=("重症",)),
    NewPlace("S7", "S", "floor", "7楼", "7F", floor_no=7),
    NewPlace("S7-ORT", "S7", "ward", "骨科", "Orthopaedics", place_class="ward"),
    NewPlace("S7-ORT-ST", "S7-ORT", "room", "护士站", "Nurses' station"),
    NewPlace("S7-ORT-WC", "S7-ORT", "room", "卫生间", "Bathroom"),
    NewPlace("S-L3", "S", "point", "3号梯", "Lift 3"),
    NewPlace("N", "HQ", "building", "内科楼", "Medical tower", aliases=("2号楼",)),
    NewPlace("N5", "N", "floor", "5楼", "5F", floor_no=5),
    NewPlace("N5-RES", "N5", "ward", "呼吸科", "Respiratory", place_class="ward"),
)


@dataclass
class House:
    """A furnished site: its keys, and its people by name."""

    site_id: int
    code: str
    places: dict[str, int] = field(default_factory=dict)
    parties: dict[str, int] = field(default_factory=dict)
    teams: dict[str, int] = field(default_factory=dict)
    accounts: dict[str, int] = field(default_factory=dict)
    prefix: str = ""

    def actor(self, name: str) -> Actor:
        """Return a person as an actor, with what he or she holds now."""
        account = ground_queries.account_with_holdings(self.accounts[name])
        assert account is not None
        return ground_queries.actor_of_account(account)


def furnish(code: str = "demo", *, prefix: str = "") -> House:
    """Build the small hospital with the house's verbs. ``prefix`` keeps account names apart between sites."""
    setup, at = engine("setup"), SETUP_AT
    site = ground.set_up_site(
        code=code, name="演示医院", name_en="Demo hospital", desk_phone="6666", actor=setup, at=at
    )
    ground.add_places(site_id=site.id, places=PLACES, actor=setup, at=at)
    parties = {
        name: ground.add_party(site_id=site.id, code=name, kind=kind, name=said, actor=setup, at=at).id
        for name, kind, said in (
            ("hospital", "hospital", "演示医院"),
            ("jia", "company", "甲保障"),
            ("yi", "company", "乙梯业"),
            ("equipment", "department", "设备科"),
        )
    }
    for party, line, number in (("jia", "", "JIA-2025"), ("yi", "ELV", "YI-2025")):
        ground.sign_contract(
            site_id=site.id,
            party_id=parties[party],
            number=number,
            name=number,
            from_on=date(2025, 1, 1),
            to_on=None,
            line_code=line,
            actor=setup,
            at=at,
        )
    standards.install_library(site_id=site.id, holidays=(), actor=setup, at=at)
    house = House(site.id, code, parties=parties, prefix=prefix)
    house.places = dict(Place.objects.filter(site_id=site.id).values_list("code", "id"))
    house.teams = {
        name: team.make_team(
            site_id=site.id, party_id=parties[party], code=name, name=said, line_codes=lines, actor=setup, at=at
        ).id
        for name, party, said, lines in (
            ("repair", "jia", "维修班", ("PLB", "ELE", "FUR", "BLD", "HVA")),
            ("escort", "jia", "运送班", ("ESC", "DLV")),
            ("lift", "yi", "电梯班", ("ELV",)),
        )
    }
    _people(house)
    ground.open_site(site_id=site.id, actor=setup, at=at)
    return house


def _people(house: House) -> None:
    site, jia, yi = house.site_id, house.parties["jia"], house.parties["yi"]

    def held(role: str, **scope: int | str | None) -> NewHolding:
        return NewHolding(role=role, site_id=site, **scope)  # type: ignore[arg-type]

    teams, places = house.teams, house.places
    people = {
        "nurse": ("李护士", held("RQ", place_id=places["S7-ORT"])),
        "other_nurse": ("赵护士", held("RQ", place_id=places["N5-RES"])),
        "clerk": ("张调度", held("DK")),
        "other_clerk": ("孙调度", held("DK")),
        "company_clerk": ("甲窗口", held("DK", party_id=jia)),
        "plumber": ("王水工", held("WK", party_id=jia, team_id=teams["repair"])),
        "electrician": ("陈电工", held("WK", party_id=jia, team_id=teams["repair"])),
        "porter": ("周运送", held("WK", party_id=jia, team_id=teams["escort"])),
        "lift_fitter": ("吴梯工", held("WK", party_id=yi, team_id=teams["lift"])),
        "leader": ("刘班长", held("TL", party_id=jia, team_id=teams["repair"])),
        "line_manager": ("郑主管", held("LM", party_id=jia, line_code="PLB")),
        "manager": ("钱经理", held("PM", party_id=jia)),
        "lift_manager": ("冯经理", held("PM", party_id=yi)),
        "officer": ("何科员", held("HO")),
        "director": ("高处长", held("HD")),
        "supervisor": ("秦监督", held("VS", place_id=places["S7-ORT"])),
        "auditor": ("审计员", held("AU")),
        "administrator": ("管理员", held("AD")),
        "contractor": ("外厂师傅", held("EX")),
        "family": ("家属", held("PF")),
    }
    opened = ground.open_accounts(
        site_id=site,
        people=[
            NewAccount(username=f"{house.prefix}{name}", name=said, phone="13800000000", holdings=(holding,))
            for name, (said, holding) in people.items()
        ],
        actor=engine("setup"),
        at=SETUP_AT,
        prepared_password="!",
    )
    house.accounts = dict(zip(people, opened.keys, strict=True))
    members = {
        "plumber": ("repair", (("plumbing", 2),)),
        "electrician": ("repair", (("electrical", 2),)),
        "porter": ("escort", (("escort", 2),)),
        "lift_fitter": ("lift", (("lift_repair", 3),)),
        "leader": ("repair", (("plumbing", 3),)),
    }
    team.join_teams(
        site_id=site,
        members=[
            NewMember(house.accounts[name], teams[group], skills, is_present=True)
            for name, (group, skills) in members.items()
        ],
        actor=engine("setup"),
        at=SETUP_AT,
    )


def find_house(code: str) -> House | None:
    """Return a furnished site that stands in the database already."""
    site = Site.objects.filter(code=code).first()
    if site is None:
        return None
    house = House(site.pk, code)
    house.places = dict(Place.objects.filter(site_id=site.pk).values_list("code", "id"))
    house.parties = dict(Party.objects.filter(site_id=site.pk).values_list("code", "id"))
    house.teams = dict(Team.objects.filter(site_id=site.pk).values_list("code", "id"))
    house.accounts = dict(Account.objects.values_list("username", "id"))
    return house
