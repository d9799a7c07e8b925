"""The addresses of setting up and of furniture: the site stands open here, so the hospital's officer keeps it."""

from __future__ import annotations

from uuid import uuid4

from tests.people import MONDAY_NINE
from tests.web.permission_rows.kit import PUBLIC, Row, Scene, request_path, some
from yingxu.ground import actions as ground
from yingxu.ground.actor import engine

#: Who keeps places, codes and the catalogue of an open site; ``away`` is an officer of another one.
KEEPERS = some("officer away")
#: Who keeps accounts.
CLERKS_OF_PEOPLE = some("administrator")
SETTING_UP = some("officer administrator director away")
ASKS_AHEAD = some(
    "nurse other_nurse clerk company_clerk leader line_manager manager lift_manager officer director away"
)
NOBODY: frozenset[str] = frozenset()


def _person(tail: str = "") -> object:
    return lambda scene: f"/house/people/{scene.house.accounts['nurse']}{tail}"


def _post(path: object, allowed: frozenset[str], data: dict[str, object], ok: tuple[int, ...] = (302,)) -> Row:
    return Row(path, allowed, method="post", ok=ok, stranger=(403,), refused=(403, 404, 422), data=lambda scene: data)  # type: ignore[arg-type]


def _with_code(scene: Scene) -> str:
    ground.issue_tokens(site_id=scene.house.site_id, place_codes=["S7-ORT-WC"], actor=engine("setup"), at=MONDAY_NINE)
    return "/house/places/S7-ORT-WC/revoke"


ROWS: dict[str, tuple[Row, ...]] = {
    "setup": (Row(request_path("setup"), SETTING_UP),),
    "setup_site": (_post(request_path("setup/site"), NOBODY, {}, ok=(422,)),),
    "setup_lines": (Row(request_path("setup/lines"), KEEPERS),),
    "setup_contract": (_post(request_path("setup/contract"), KEEPERS, {"party": "", "number": ""}),),
    "setup_open": (_post(request_path("setup/open"), some("officer director away"), {}),),
    "first_passwords": (_post(request_path("setup/first-passwords"), CLERKS_OF_PEOPLE, {}, ok=(200,)),),
    "upload": (
        Row(request_path("setup/upload/places"), KEEPERS),
        Row(request_path("setup/upload/people"), CLERKS_OF_PEOPLE),
        Row(request_path("setup/upload/catalogue"), KEEPERS),
    ),
    "template": (Row(request_path("setup/template/places.csv"), KEEPERS),),
    "take_back_import": (_post(lambda scene: f"/setup/imports/{uuid4()}/take-back", NOBODY, {}),),
    "places": (Row(request_path("house/places"), KEEPERS),),
    "new_place": (Row(request_path("house/places/new"), KEEPERS),),
    "place": (Row(request_path("house/places/S7-ORT"), some("officer")),),
    "close_place": (_post(request_path("house/places/S7-ORT-WC/close"), some("officer"), {"reason": "改建"}),),
    "revoke_place_code": (_post(_with_code, some("officer"), {"reason": "丢失"}),),
    "reopen_place": (_post(request_path("house/places/S7-ORT-WC/reopen"), some("officer"), {}),),
    "people": (Row(request_path("house/people"), CLERKS_OF_PEOPLE),),
    "new_person": (Row(request_path("house/people/new"), CLERKS_OF_PEOPLE),),
    "person": (Row(_person(), CLERKS_OF_PEOPLE),),  # type: ignore[arg-type]
    "add_role": (_post(_person("/role"), CLERKS_OF_PEOPLE, {"role": "VS", "place": "S7-ORT"}),),
    "end_role": (_post(_person(f"/role/{uuid4()}/end"), NOBODY, {}),),
    "reset_password": (_post(_person("/password"), CLERKS_OF_PEOPLE, {}, ok=(200,)),),
    "close_person": (_post(_person("/close"), CLERKS_OF_PEOPLE, {}),),
    "catalogue": (Row(request_path("house/catalogue"), KEEPERS),),
    "catalogue_item": (Row(request_path("house/catalogue/plb.faucet"), some("officer")),),
    "move_item": (
        _post(request_path("house/catalogue/plb.faucet/move"), some("officer"), {"to": "held", "notice": "停水"}),
    ),
    "codes": (Row(request_path("house/codes"), KEEPERS),),
    "print_codes": (
        _post(
            request_path("house/codes/print"),
            some("officer"),
            {"layout": "tag", "codes": "keep", "place": ["S7-ORT"]},
            ok=(200,),
        ),
    ),
    "type_code": (Row(request_path("q"), **PUBLIC),),
    "recurring": (Row(request_path("recurring"), ASKS_AHEAD),),
    "stop_recurring": (_post(lambda scene: f"/recurring/{uuid4()}/stop", NOBODY, {}),),
    "leave_out_recurring": (_post(lambda scene: f"/recurring/{uuid4()}/leave-out", NOBODY, {"from": "2030-01-01"}),),
    "go_on_recurring": (_post(lambda scene: f"/recurring/{uuid4()}/go-on", NOBODY, {}),),
    "patient": (_post(request_path("requests/{request}/patient"), some("plumber"), {}, ok=(200,)),),
}
