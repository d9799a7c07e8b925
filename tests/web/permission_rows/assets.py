"""The addresses of assets: whoever is on duty reads the register, the hospital's officer keeps it, prints its codes."""

from __future__ import annotations

from collections.abc import Callable

from tests.people import MONDAY_NINE
from tests.web.permission_rows.kit import Row, Scene, request_path, some
from yingxu.ground import actions as ground
from yingxu.ground.actions import NewAsset
from yingxu.ground.actor import engine

READERS = some("clerk company_clerk plumber porter leader line_manager manager lift_manager officer director auditor")
KEEPERS = some("officer")


def _lift(scene: Scene, *, has_code: bool = False) -> str:
    place, setup = scene.house.places["S-L3"], engine("setup")
    lift = NewAsset(code="LIFT-3", name="3号梯", class_code="lift", line_code="ELV", place_id=place)
    ground.add_assets(site_id=scene.house.site_id, assets=(lift,), actor=setup, at=MONDAY_NINE)
    if has_code:
        ground.print_asset_codes(
            site_id=scene.house.site_id,
            asset_codes=("LIFT-3",),
            codes="keep",
            layout="tag",
            actor=setup,
            at=MONDAY_NINE,
        )
    return "/house/asset/LIFT-3"


def _path(tail: str = "", *, has_code: bool = False) -> Callable[[Scene], str]:
    return lambda scene: _lift(scene, has_code=has_code) + tail


def _printing(scene: Scene) -> str:
    _lift(scene)
    return "/house/assets/print"


ROWS: dict[str, tuple[Row, ...]] = {
    "assets": (Row(request_path("house/assets"), READERS | some("away")),),
    "new_asset": (Row(request_path("house/assets/new"), some("officer line_manager away")),),
    "asset": (
        Row(_path(), READERS),
        Row(
            _path(),
            KEEPERS,
            method="post",
            ok=(302,),
            stranger=(403,),
            refused=(403, 404, 422),
            data=lambda scene: {"name": "三号梯", "class": "lift", "place": "S-L3", "state": "in_use"},
        ),
    ),
    "print_asset_codes": (
        Row(
            _printing,
            KEEPERS,
            method="post",
            ok=(200,),
            stranger=(403,),
            refused=(403, 404, 422),
            data=lambda scene: {"layout": "tag", "codes": "keep", "asset": ["LIFT-3"]},
        ),
    ),
    "revoke_asset_code": (
        Row(
            _path("/revoke", has_code=True),
            KEEPERS,
            method="post",
            ok=(302,),
            stranger=(403,),
            refused=(403, 404, 422),
            data=lambda scene: {"reason": "丢失"},
        ),
    ),
}
