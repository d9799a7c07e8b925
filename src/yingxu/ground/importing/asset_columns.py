"""The columns of a table of assets."""

from __future__ import annotations

from yingxu.ground.importing.shape import Column

ASSETS = (
    Column(
        "code",
        "设备编号",
        "Asset code",
        True,
        "LIFT-S-1",
        "全院唯一，以后不再改",
        "Once in the hospital; never changes",
        ("编号", "编码", "资产编号", "设备编码", "资产编码"),
    ),
    Column(
        "name", "名称", "Name", True, "外科楼1号梯", "大家平时怎么叫", "As people call it", ("设备名称", "资产名称")
    ),
    Column("name_en", "英文名", "English name", False, "Lift S 1", "可不填", "Optional", ("英文名称",)),
    Column(
        "class",
        "设备类别",
        "Class",
        True,
        "电梯",
        "电梯、病床、水泵、冷水机组……类别名称或代码",
        "Name or code of the class: lift, hospital bed, water pump …",
        ("类别", "分类", "设备分类", "资产类别"),
    ),
    Column(
        "place",
        "所在地点",
        "Place",
        True,
        "S-L1",
        "地点编码或全名",
        "Code or full name of the place",
        ("地点", "安装位置", "存放地点", "地点编码", "位置"),
    ),
    Column("serial", "出厂编号", "Serial number", False, "NX-2015-0311", "可不填", "Optional", ("序列号", "serial")),
    Column(
        "state",
        "状态",
        "State",
        False,
        "在用",
        "在用、停用、报废；不填为在用",
        "in use, stopped, retired",
        ("使用状态",),
    ),
    Column(
        "party",
        "供应或维保单位",
        "Supplier or contractor",
        False,
        "乙梯业",
        "已登记的单位名称或代码",
        "Name or code of a party that is known",
        ("供应商", "维保单位", "厂家", "维保公司"),
    ),
    Column(
        "in_service_on",
        "启用日期",
        "In service from",
        False,
        "2015-03-01",
        "年-月-日",
        "Year-month-day",
        ("投用日期", "使用日期", "投入使用"),
    ),
)
