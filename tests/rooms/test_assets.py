"""Assets: the register keeps what is maintained; codes follow it to its place; requests keep what they are about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.people import MONDAY_NINE, House
from tests.rooms.requests import ask
from tests.rooms.test_work_loop import sent
from yingxu.demand import actions as demand
from yingxu.demand import queries as demand_queries
from yingxu.demand.likely import likely
from yingxu.ground import actions as ground
from yingxu.ground import queries
from yingxu.ground.actions import NewAsset
from yingxu.ground.models import Asset, Entry, PlaceToken
from yingxu.ground.queries import AssetFilter
from yingxu.ground.queries.codes import mark_of, marks_of_places
from yingxu.ground.refusals import InUse, Malformed, NotAllowed, NotFound
from yingxu.standards import library
from yingxu.standards import queries as standards
from yingxu.web.mywork.sheet import where_of
from yingxu.work import actions as work
from yingxu.work import hands
from yingxu.work.models import Job

pytestmark = pytest.mark.django_db
AT = MONDAY_NINE


def lift(house: House, code: str = "LIFT-3", **more: object) -> NewAsset:
    given: dict[str, object] = {
        "name": "3号电梯",
        "class_code": "lift",
        "line_code": "ELV",
        "place_id": house.places["S-L3"],
    }
    return NewAsset(code=code, **{**given, **more})  # type: ignore[arg-type]


def added(house: House, *assets: NewAsset) -> None:
    ground.add_assets(site_id=house.site_id, assets=assets or (lift(house),), actor=house.actor("officer"), at=AT)


def printed(house: House, *codes: str, manner: str = "keep") -> str:
    sheet = ground.print_asset_codes(
        site_id=house.site_id,
        asset_codes=codes or ("LIFT-3",),
        codes=manner,
        layout="tag",
        actor=house.actor("officer"),
        at=AT,
    )
    return sheet.codes[0].token


def test_an_asset_stands_at_its_place_with_its_class_and_supplier(house: House) -> None:
    added(house, lift(house, serial="NX-1", party_id=house.parties["yi"], in_service_on=date(2015, 3, 1)))
    row = queries.asset_by_code(house.actor("clerk"), house.site_id, "LIFT-3")
    assert (row.name, row.class_code, row.place_code, row.party_name, row.serial, row.state, row.token) == (
        "3号电梯",
        "lift",
        "S-L3",
        "乙梯业",
        "NX-1",
        "in_use",
        "",
    )
    assert Entry.objects.filter(kind="ground.asset.added", site_id=house.site_id).count() == 1


def test_a_line_s_manager_keeps_the_assets_of_the_line(house: House) -> None:
    plumbing = house.actor("line_manager")
    tank = lift(house, "TANK-1", name="水箱", class_code="water_tank", line_code="PLB")
    ground.add_assets(site_id=house.site_id, assets=(tank,), actor=plumbing, at=AT)
    with pytest.raises(NotAllowed):
        ground.add_assets(site_id=house.site_id, assets=(lift(house),), actor=plumbing, at=AT)
    added(house)
    with pytest.raises(NotAllowed):  # not by calling a lift a tank either
        ground.change_asset(site_id=house.site_id, asset=replace(tank, code="LIFT-3"), actor=plumbing, at=AT)


def test_only_those_who_keep_the_furniture_keep_the_register(house: House) -> None:
    for name in ("clerk", "manager", "plumber", "nurse", "administrator"):
        with pytest.raises(NotAllowed):
            ground.add_assets(site_id=house.site_id, assets=(lift(house),), actor=house.actor(name), at=AT)
    with pytest.raises(NotAllowed):
        queries.asset_page(house.actor("nurse"), house.site_id, AssetFilter())
    assert not Asset.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"state": "broken"}, "state"),
        ({"serial": "x" * 65}, "serial"),
        ({"class_code": ""}, "class_code"),
    ],
)
def test_what_is_wrong_with_an_asset_is_named(house: House, wrong: dict[str, object], field: str) -> None:
    with pytest.raises(Malformed) as refused:
        added(house, lift(house, **wrong))
    assert refused.value.field == field


def test_a_code_is_there_once(house: House) -> None:
    added(house)
    with pytest.raises(Malformed):
        added(house)
    with pytest.raises(Malformed):
        added(house, lift(house, "B-1"), lift(house, "B-1"))
    asset = Asset.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Asset(site_id=house.site_id, code="LIFT-3", name="x", class_code="lift", place_id=asset.place_id).save()


def test_a_place_or_supplier_of_another_hospital_is_unknown(house: House) -> None:
    with pytest.raises(NotFound):
        added(house, lift(house, place_id=1))
    with pytest.raises(NotFound):
        added(house, lift(house, party_id=1))


def test_a_code_follows_its_asset_and_a_place_keeps_its_own(house: House) -> None:
    added(house)
    own = ground.issue_tokens(site_id=house.site_id, place_codes=["S-L3"], actor=house.actor("officer"), at=AT)
    token = printed(house)
    assert printed(house) == token  # printed again, it is the same
    assert queries.live_token(house.site_id, "S-L3") == own.tokens[0].token
    ground.change_asset(
        site_id=house.site_id, asset=lift(house, place_id=house.places["S7"]), actor=house.actor("officer"), at=AT
    )
    row = queries.qr_of_token(token)
    assert (row.place.code, row.asset.code if row.asset else "") == ("S7", "LIFT-3")
    assert queries.qr_of_token(own.tokens[0].token).asset is None
    changed = Entry.objects.get(kind="ground.asset.changed").facts["changed"]
    assert changed == {"place": ["S-L3", "S7"]}
    assert mark_of(token) in marks_of_places(house.site_id, ["S7"])["S7"]  # scanning it proves an arrival there


def test_a_code_can_be_withdrawn_and_printed_anew(house: House) -> None:
    added(house)
    first = printed(house)
    second = printed(house, manner="renew")
    assert first != second
    with pytest.raises(NotFound):
        queries.qr_of_token(first)
    ground.revoke_asset_code(site_id=house.site_id, code="LIFT-3", reason="丢失", actor=house.actor("officer"), at=AT)
    with pytest.raises(NotFound):
        queries.qr_of_token(second)
    with pytest.raises(NotFound):
        ground.revoke_asset_code(
            site_id=house.site_id, code="LIFT-3", reason="丢失", actor=house.actor("officer"), at=AT
        )
    assert queries.qr_of_token(printed(house)).asset is not None


def test_a_retired_asset_is_asked_about_no_more(house: House) -> None:
    added(house)
    token = printed(house)
    ground.change_asset(site_id=house.site_id, asset=lift(house, state="retired"), actor=house.actor("officer"), at=AT)
    with pytest.raises(NotFound):
        queries.qr_of_token(token)
    with pytest.raises(NotFound):
        printed(house)
    with pytest.raises(NotFound):
        queries.asset_to_ask_about(house.site_id, "LIFT-3")
    page = queries.asset_page(house.actor("clerk"), house.site_id, AssetFilter())
    assert page.n == 0
    assert queries.asset_page(house.actor("clerk"), house.site_id, AssetFilter(state="retired")).n == 1


def test_the_register_is_searched_filtered_and_paged_in_two_statements(house: House) -> None:
    beds = [
        lift(house, f"BED-{n:02}", name=f"{n}床", class_code="bed", place_id=house.places["S7-ORT"])
        for n in range(1, 8)
    ]
    added(house, lift(house, serial="NX-77"), *beds)
    clerk = house.actor("clerk")
    first = queries.asset_page(clerk, house.site_id, AssetFilter(class_code="bed"), limit=5)
    rest = queries.asset_page(clerk, house.site_id, AssetFilter(class_code="bed"), after=first.next, limit=5)
    assert [row.code for row in (*first.rows, *rest.rows)] == [f"BED-{n:02}" for n in range(1, 8)]
    assert (first.n, rest.next) == (7, "")
    assert [row.code for row in queries.asset_page(clerk, house.site_id, AssetFilter(words="NX-77 电梯")).rows] == [
        "LIFT-3"
    ]
    assert queries.asset_page(clerk, house.site_id, AssetFilter(below="S7")).n == 7
    printed(house, "BED-01")
    assert queries.asset_page(clerk, house.site_id, AssetFilter(without_code=True)).n == 7
    with CaptureQueriesContext(connection) as asked:
        queries.asset_page(clerk, house.site_id, AssetFilter(words="床"))
    assert len(asked) == 2


def test_a_request_keeps_its_asset_for_desk_and_register(house: House) -> None:
    added(house)
    qr = queries.qr_of_token(printed(house))
    assert qr.asset is not None
    raised = demand.raise_request(
        site_id=house.site_id,
        channel="qr",
        text="电梯停了",
        item_code="elv.stopped",
        place_id=qr.place.id,
        asset_id=qr.asset.id,
        actor=queries.actor_of_qr(qr),
        at=AT,
    )
    clerk = house.actor("clerk")
    detail = demand_queries.request_detail(clerk, raised.id)
    assert (detail.asset_code, detail.asset_name, detail.place_code) == ("LIFT-3", "3号电梯", "S-L3")
    ask(house, text="另一件")
    with CaptureQueriesContext(connection) as asked:
        page = demand_queries.requests_of_asset(clerk, house.site_id, qr.asset.id)
    assert len(asked) == 1
    assert [row.id for row in page.rows] == [raised.id]
    assert demand_queries.requests_of_asset(house.actor("other_nurse"), house.site_id, qr.asset.id).rows == ()


def test_whoever_is_sent_knows_which_lift_and_its_code_proves_that_he_is_there(house: House) -> None:
    added(house)
    token = printed(house)
    qr = queries.qr_of_token(token)
    raised = demand.raise_request(
        site_id=house.site_id,
        channel="qr",
        text="门关不上",
        item_code="elv.door",
        place_id=qr.place.id,
        asset_id=qr.asset.id if qr.asset else None,
        actor=queries.actor_of_qr(qr),
        at=AT,
    )
    job = sent(house, Job.objects.get(request_id=raised.key), "lift_fitter")
    fitter = house.actor("lift_fitter")
    [row] = hands.jobs_in_hand(fitter)
    assert (row.asset_code, row.asset_name) == ("LIFT-3", "3号电梯")
    assert where_of(row) == "外科楼 3号梯 · 3号电梯 LIFT-3"
    work.accept_job(job_id=job.uid, actor=fitter, at=AT + timedelta(minutes=2))
    work.arrive_at_job(job_id=job.uid, actor=fitter, at=AT + timedelta(minutes=9), qr_token=token)
    job.refresh_from_db()
    assert job.arrival_proof == "qr"


def test_its_timeline_is_paged(house: House) -> None:
    added(house)
    asset_id = queries.asset_to_ask_about(house.site_id, "LIFT-3")[0].id
    officer = house.actor("officer")
    ids = [
        demand.raise_request(
            site_id=house.site_id,
            channel="desk",
            text=f"第{n}次",
            place_id=house.places["S-L3"],
            asset_id=asset_id,
            actor=house.actor("clerk"),
            at=AT + timedelta(minutes=n),
        ).id
        for n in range(5)
    ]
    first = demand_queries.requests_of_asset(officer, house.site_id, asset_id, limit=3)
    rest = demand_queries.requests_of_asset(officer, house.site_id, asset_id, cursor=first.next, limit=3)
    assert [row.id for row in (*first.rows, *rest.rows)] == ids[::-1]
    assert rest.next is None
    with pytest.raises(Malformed):
        demand_queries.requests_of_asset(officer, house.site_id, asset_id, cursor="zzz")


def test_what_is_asked_about_its_class_is_offered_first(house: House) -> None:
    catalogue = standards.catalogue(house.site_id)
    bare = likely("", catalogue, asset_class="lift")
    assert [row.code for row in bare.items][:3] == ["elv.trapped", "elv.stopped", "elv.door"]
    vague = likely("不动了", catalogue, asset_class="lift")
    assert vague.items[0].line_code == "ELV"
    english = likely("the door does not close", catalogue, asset_class="lift")
    assert english.items[0].code == "elv.door"
    other = likely("旁边卫生间马桶堵了", catalogue, asset_class="lift")
    assert "plb.toilet" in [row.code for row in other.items]
    assert likely("", catalogue, place_class="ward") == likely("", catalogue, place_class="ward", asset_class="nothing")


def test_every_class_of_the_library_proposes_items_that_are_there() -> None:
    items, lines = library.by_code("items"), library.by_code("lines")
    for row in library.rows("asset_classes"):
        assert row["line"] in lines, row
        assert all(code in items for code in row["items"].split(";") if code), row


def test_an_upload_of_assets_is_taken_back_only_while_nothing_depends_on_it(house: House) -> None:
    officer = house.actor("officer")

    def noted(code: str) -> object:
        added(house, lift(house, code))
        return ground.note_import(
            site_id=house.site_id,
            table="assets",
            file_name="a.csv",
            sha256="0" * 64,
            n_rows=1,
            keys={"asset": [Asset.objects.get(code=code).pk]},
            actor=officer,
            at=AT,
        ).id

    free, held = noted("FREE"), noted("HELD")
    printed(house, "HELD")
    ground.take_back_import(import_id=free, actor=officer, at=AT)  # type: ignore[arg-type]
    with pytest.raises(InUse), transaction.atomic():
        ground.take_back_import(import_id=held, actor=officer, at=AT)  # type: ignore[arg-type]
    assert list(Asset.objects.values_list("code", flat=True)) == ["HELD"]
    assert PlaceToken.objects.filter(asset__code="HELD", revoked_at=None).count() == 1
