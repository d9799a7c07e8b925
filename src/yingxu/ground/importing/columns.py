"""What the columns of uploaded tables are called, in both languages, and what can be wrong with a row."""

from __future__ import annotations

from yingxu.ground.importing.asset_columns import ASSETS
from yingxu.ground.importing.part_columns import PARTS
from yingxu.ground.importing.shape import Column, Fault, Read

__all__ = ["ABOUT_PEOPLE", "COLUMNS", "Column", "Fault", "Read", "lengths", "missing", "names_of", "parts"]

PLACES = (
    Column(
        "code",
        "编码",
        "Code",
        True,
        "S-07-W",
        "全院唯一，以后不再改",
        "Once in the hospital; never changes",
        ("地点编码",),
    ),
    Column(
        "parent",
        "上级编码",
        "Parent code",
        False,
        "S-07",
        "最上级留空",
        "Empty for the top",
        ("上级", "所属编码", "父级编码"),
    ),
    Column(
        "kind",
        "类型",
        "Kind",
        True,
        "病区",
        "院区、楼宇、楼层、科室、病区、房间、床位、点位",
        "campus, building, floor, department, ward, room, bed, point",
        ("地点类型",),
    ),
    Column("name", "名称", "Name", True, "骨科病区", "大家平时怎么叫", "As people call it", ("地点名称",)),
    Column("name_en", "英文名", "English name", False, "Orthopaedic ward", "可不填", "Optional", ("英文名称",)),
    Column(
        "place_class",
        "区域类别",
        "Class",
        False,
        "ward",
        "关键临床区、急诊区、病区……不填随上级",
        "Empty takes the parent's",
        ("分类", "类别"),
    ),
    Column(
        "aliases", "别名", "Aliases", False, "7号病区;七楼骨科", "多个用分号隔开", "Several with semicolons", ("俗称",)
    ),
    Column(
        "floor_no",
        "楼层号",
        "Floor number",
        False,
        "7",
        "地下用负数",
        "Negative below ground",
        ("层号", "楼层", "floor"),
    ),
)
PEOPLE = (
    Column(
        "username",
        "账号",
        "Account",
        True,
        "zhangsan",
        "登录名，全系统唯一",
        "Sign-in name, once",
        ("登录名", "用户名", "工号"),
    ),
    Column("name", "姓名", "Name", True, "张三", "", ""),
    Column("name_en", "英文名", "English name", False, "Zhang San", "可不填", "Optional"),
    Column("phone", "电话", "Phone", False, "8123", "", "", ("手机", "手机号", "联系电话", "分机")),
    Column("badge", "胸牌号", "Badge", False, "A0012", "可不填", "Optional", ("工牌号",)),
    Column(
        "roles",
        "角色",
        "Roles",
        True,
        "作业人员",
        "报修人、调度员、作业人员、班组长、条线主管、项目经理、后勤处管理员、后勤处长、监督员、审计；多个用分号隔开",
        "RQ, DK, WK, TL, LM, PM, HO, HD, VS, AU; several with semicolons",
        ("岗位角色",),
    ),
    Column(
        "party",
        "单位",
        "Company",
        False,
        "某某后勤服务公司",
        "外包公司名称；医院职工留空",
        "Empty for the hospital's own",
        ("公司", "所属单位"),
    ),
    Column(
        "team",
        "班组",
        "Team",
        False,
        "维修班",
        "作业人员和班组长必填",
        "Needed for workers and team leaders",
        ("所属班组",),
    ),
    Column(
        "lines",
        "条线",
        "Service lines",
        False,
        "给排水;供配电照明",
        "班组服务的条线",
        "What the team serves",
        ("服务条线",),
    ),
    Column(
        "place",
        "所属地点",
        "Place",
        False,
        "S-07-W",
        "报修人和监督员的科室编码或名称",
        "Requester's department",
        ("科室", "部门", "地点编码"),
    ),
)
CATALOGUE = (
    Column(
        "code",
        "编码",
        "Code",
        True,
        "own.flags",
        "小写字母、数字和点",
        "Lower-case letters, digits, dots",
        ("项目编码",),
    ),
    Column("line", "条线", "Service line", True, "综合", "条线名称或代码", "Name or code of the line", ("服务条线",)),
    Column("name", "名称", "Name", True, "升国旗", "", "", ("项目名称", "服务项目")),
    Column("name_en", "英文名", "English name", False, "Raise the flag", "可不填", "Optional", ("英文名称",)),
    Column(
        "priority",
        "默认级别",
        "Default urgency",
        False,
        "一般",
        "特急、紧急、一般、预约",
        "P1, P2, P3, P4",
        ("级别", "优先级"),
    ),
    Column(
        "limit_h",
        "完成时限",
        "Done within (hours)",
        True,
        "24",
        "小时",
        "Hours",
        ("完成时限小时", "时限", "done within"),
    ),
    Column("minutes", "工时", "Minutes of work", False, "30", "分钟", "Minutes", ("工时分钟", "minutes")),
)
_PERSON = Column(
    "person",
    "人员",
    "Person",
    True,
    "王水工",
    "账号、胸牌号或姓名；同名的人写账号",
    "Account, badge or name; people of the same name by account",
    ("姓名", "账号", "工号", "胸牌号", "name", "account"),
)
CERTIFICATES = (
    _PERSON,
    Column(
        "kind",
        "证书",
        "Certificate",
        True,
        "特种作业操作证—低压电工",
        "名称或代码",
        "Name or code",
        ("证书名称", "证种"),
    ),
    Column("number", "证书编号", "Number", True, "T330106199001010011", "", "", ("编号", "证号", "证书号")),
    Column("scope", "准操项目", "Scope", False, "低压电工作业", "可不填", "Optional", ("范围", "作业项目")),
    Column("issued_on", "发证日期", "Issued on", False, "2024-05-01", "年-月-日", "Year-month-day", ("初领日期",)),
    Column(
        "valid_to",
        "有效期至",
        "Valid to",
        False,
        "2030-04-30",
        "最后一天",
        "The last day",
        ("有效期", "到期日期", "失效日期"),
    ),
    Column(
        "review_due",
        "复审日期",
        "Review due",
        False,
        "2027-04-30",
        "最迟哪天复审",
        "The last day for it",
        ("应复审日期",),
    ),
)
SKILLS = (
    _PERSON,
    Column("skill", "技能", "Skill", True, "给排水", "名称或代码；每行一项", "Name or code; one a row", ("技能名称",)),
    Column("level", "级别", "Level", True, "2", "0 到 4；0 是取消", "0 to 4; 0 takes it away", ("等级", "技能等级")),
)
DUTIES = (
    _PERSON,
    Column("on", "日期", "Day", True, "2026-03-02", "当班那天", "The day on which it begins", ("当班日期", "date")),
    Column("from", "上班", "From", True, "08:00", "", "", ("开始", "上班时间", "开始时间")),
    Column(
        "to",
        "下班",
        "To",
        True,
        "17:00",
        "早于上班就是次日",
        "Earlier than From: the next day",
        ("结束", "下班时间", "结束时间"),
    ),
    Column(
        "break",
        "休息",
        "Break",
        False,
        "12:00-12:30",
        "可不填；多段用分号",
        "Optional; several with semicolons",
        ("午休", "休息时间"),
    ),
    Column(
        "kind",
        "班别",
        "Kind",
        False,
        "上班",
        "上班、值班、听班；不填就是上班",
        "At work, standing by, on call; empty: at work",
        ("班种", "类型", "班制"),
    ),
)
#: Columns that only flat lists of rooms have -> their names.
FLAT = {"building": ("楼宇", "楼栋", "楼名", "building"), "room": ("房间", "房间号", "房间名称", "room")}
#: Table -> its columns.
COLUMNS: dict[str, tuple[Column, ...]] = {
    "places": PLACES,
    "people": PEOPLE,
    "catalogue": CATALOGUE,
    "assets": ASSETS,
    "parts": PARTS,
    "certificates": CERTIFICATES,
    "skills": SKILLS,
    "duties": DUTIES,
}
#: Tables on what makes somebody fit to be sent.
ABOUT_PEOPLE = ("certificates", "skills", "duties")


def names_of(table: str) -> dict[str, str]:
    """Return the names by which the columns of a table are known (lower case) -> code."""
    found: dict[str, str] = {}
    for column in COLUMNS[table]:
        for name in (column.code, column.name, column.name_en, *column.also):
            found.setdefault(name.partition("(")[0].strip().lower(), column.code)
    if table == "places":  # a flat list of rooms, see importing.flat
        for code, also in FLAT.items():
            for name in also:
                found.setdefault(name, code)
    return found


def parts(said: str) -> tuple[str, ...]:
    """Return the parts of a cell that holds several: by semicolons, commas of both kinds, 、 or bars."""
    for mark in "；，,、|/":
        said = said.replace(mark, ";")
    return tuple(part.strip() for part in said.split(";") if part.strip())


def lengths(number: int, cells: dict[str, str], limits: dict[str, int]) -> list[Fault]:
    """Return the cells that are too long."""
    return [
        Fault(number, code, "too_long", cells[code][:30], str(limit))
        for code, limit in limits.items()
        if len(cells.get(code, "")) > limit
    ]


def missing(number: int, cells: dict[str, str], table: str) -> list[Fault]:
    """Return the cells that must be filled and are not."""
    return [
        Fault(number, column.code, "missing")
        for column in COLUMNS[table]
        if column.is_needed and not cells.get(column.code)
    ]
