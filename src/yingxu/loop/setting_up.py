"""Setting up: an upload that is taken back takes its rows of every room with it."""

from __future__ import annotations

from yingxu.ground.events import AccountOpened, RoleGranted, TableTakenBack
from yingxu.ground.ledger import Reactions
from yingxu.ground.unit import Unit
from yingxu.standards import reactions as standards
from yingxu.team import reactions as team
from yingxu.work.reactions import opening as stock


def _leave_teams(fact: TableTakenBack, unit: Unit) -> None:
    team.take_back_teams(account_ids=fact.keys.get("account", ()), team_ids=fact.keys.get("team", ()), unit=unit)


def _take_back_items(fact: TableTakenBack, unit: Unit) -> None:
    standards.take_back_items(item_ids=fact.keys.get("item", ()), unit=unit)


def _join_when_opened(fact: AccountOpened, unit: Unit) -> None:
    team.join_by_role(account_id=fact.subject_id, site_id=fact.site_id, team_id=fact.team_id, is_new=True, unit=unit)


def _join_when_granted(fact: RoleGranted, unit: Unit) -> None:
    team.join_by_role(account_id=fact.subject_id, site_id=fact.site_id, team_id=fact.team_id, is_new=False, unit=unit)


def _take_back_people(fact: TableTakenBack, unit: Unit) -> None:
    team.take_back_certificates(keys=fact.keys.get("certificate", ()), unit=unit)
    team.take_back_duties(made=fact.keys.get("duty", ()), ended=fact.keys.get("duty_replaced", ()), unit=unit)
    team.take_back_standing(changed=fact.keys.get("standing", ()), unit=unit)


def _take_back_stock(fact: TableTakenBack, unit: Unit) -> None:
    stock.take_back_stock(
        lots=fact.keys.get("lot", ()),
        minimums=fact.keys.get("minimum", ()),
        parts=fact.keys.get("part", ()),
        unit=unit,
    )


REACTIONS: Reactions = {
    AccountOpened: (_join_when_opened,),
    RoleGranted: (_join_when_granted,),
    TableTakenBack: (_leave_teams, _take_back_items, _take_back_people, _take_back_stock),
}
