"""What column names mean, in English and Chinese. Rules on words, not a list of known systems."""

# ruff: noqa: E501  a pattern is easier to check on one line
from __future__ import annotations

import re

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[a-z]+|\d+")

WHEN = frozenset(
    ["at", "on", "dt", "date", "time", "datetime", "timestamp", "ts", "utc", "local", "when", "day", "d", "t", "and"]
)
#: Words that name the thing logged, and so add nothing to a column's meaning.
THING = frozenset(
    [
        "case",
        "request",
        "ticket",
        "incident",
        "job",
        "order",
        "work",
        "wo",
        "issue",
        "complaint",
        "service",
        "sr",
        "call",
        "problem",
        "fault",
        "task",
        "record",
        "sys",
        "u",
        "the",
        "of",
        "is",
        "was",
        "actual",
        "log",
        "requests",
        "id",
        "maintenance",
        "repair",
        "inquiry",
        "enquiry",
        "customer",
        "event",
        "demand",
    ]
)
_SPOKEN: dict[str, dict[str, int]] = {
    "target": dict.fromkeys(["target", "targeted", "due", "deadline"], 0)
    | dict.fromkeys(["sla", "promised", "promise", "committed", "commitment", "goal", "limit"], 1)
    | dict.fromkeys(["required", "expected", "expiry", "expires", "expiration", "must"], 2)
    | dict.fromkeys(["planned", "scheduled", "estimated"], 4),
    "updated": dict.fromkeys(["updated", "modified", "changed", "update", "edited", "activity", "changes", "mod"], 0),
    "first_action": dict.fromkeys(
        ["responded", "response", "respond", "acknowledged", "acknowledgement", "acknowledge", "ack", "first"], 0
    )
    | dict.fromkeys(["arrived", "arrive", "arrival", "onsite", "attended", "accepted", "accept"], 1)
    | dict.fromkeys(["assigned", "assign", "dispatched", "dispatch", "started"], 2),
    "closed": dict.fromkeys(["closed", "close", "closing", "closure"], 0)
    | dict.fromkeys(["completed", "complete", "completion", "finished", "finish", "done", "fixed"], 1)
    | dict.fromkeys(["resolved", "resolution", "solved", "ended", "end", "restored"], 2),
    "opened": dict.fromkeys(["opened", "open", "opening"], 0)
    | dict.fromkeys(
        [
            "reported",
            "report",
            "requested",
            "submitted",
            "submission",
            "submit",
            "received",
            "raised",
            "registered",
            "initiated",
        ],
        1,
    )
    | dict.fromkeys(["created", "creation", "create", "logged", "entered", "entry", "added"], 2)
    | dict.fromkeys(["start", "begin"], 5),
}
_EARLY = frozenset(
    ["response", "respond", "responded", "acknowledge", "acknowledgement", "first", "arrival", "start", "ack"]
)

#: Chinese time columns: (role, rank, pattern); the first line of a role that matches gives its rank.
_ZH_TIMES = [
    ("target", 0, r"要求.*完|应完|应办结|承诺|截止|时限|限期|限时|到期|规定|最晚|目标"),
    ("target", 3, r"要求|应到|计划|预计|期望|约定|应响应"),
    ("closed", 0, r"完成|完工|修复|修好|办结|竣工|解决|处理完|恢复"),
    ("closed", 2, r"结束|结单|关闭|关单|销单|结案"),
    ("closed", 4, r"归档"),
    ("first_action", 0, r"首次|响应|应答"),
    ("first_action", 1, r"到场|到达|到位|签到|接单|抢单"),
    ("first_action", 2, r"受理|派单|派工|分派|开始"),
    ("opened", 0, r"报修|报障|报事|报告"),
    ("opened", 1, r"申报|申请|上报|提交|诉求|来电|下单|发起|接报|提出|请求|呼叫|投诉"),
    ("opened", 2, r"创建|建单|登记|录入|生成|新建|记录"),
    ("opened", 3, r"受理|接收|接听"),
    ("opened", 4, r"发生|开始"),
    ("updated", 0, r"更新|修改|变更|流转|操作"),
]
_ZH_EARLY = re.compile(r"响应|到场|到达|接单|首次")

_CATEGORY = frozenset(
    ["category", "type", "subject", "reason", "class", "classification", "line", "topic", "kind", "trade", "discipline"]
)
_ZH_CATEGORY = re.compile(r"条线|专业|类别|类型|分类|大类|中类|小类|子类|工种|种类|业务|服务项|服务线|科目|事项类")
_ZH_OTHER_CATEGORY = re.compile(
    r"地点|位置|区域|人员|用户|客户|渠道|来源|优先|紧急|状态|评价|满意|费用|部门|科室|关闭|完成|结|原因"
)

#: Other roles: (role, rank, pattern on the words joined by single spaces), tried in order.
_ENGLISH = [
    (
        "id",
        0,
        r"(?:(?:case|ticket|request|incident|work|wo|job|order|unique|sr|service|enquiry|inquiry|record|call|report|complaint|task|sys|log) )*(?:id|number|no|num|nr|key|ref|reference)(?: (?:number|no|id))?|incident|ticket|work order|case|wo",
    ),
    (
        "kept",
        0,
        r"on ?time|in time|within sla|made sla|met sla|sla (?:met|made|kept|ok|achieved|status|result)|kept|target met|met target|is on ?time|timely",
    ),
    (
        "kept",
        1,
        r"(?:is |sla |was )?(?:overdue|late|breached|breach|missed|violated)|sla (?:breached|violation|missed)|has breached",
    ),
    (
        "status",
        0,
        r"(?:case |incident |ticket |request |order |work order |sr )?(?:status|state)|event|activity|concept name",
    ),
    ("priority", 0, r"priority|(?:case |ticket )?priority(?: level| code)?"),
    ("priority", 1, r"urgency|severity"),
    (
        "channel",
        0,
        r"source|channel|contact type|(?:open data )?channel type|method received|received via|origin|intake(?: method)?|contact method|report(?:ed|ing)? (?:via|source|method)|request source|case source|submission (?:type|method|channel)",
    ),
    (
        "department",
        0,
        r"(?:assignment|assigned|support|resolver|owner) group|(?:owner|responsible|assigned|handling|servicing) (?:department|team|agency|unit|crew)|department|team|crew|workgroup|trade team|responsible (?:department|team|agency)",
    ),
    ("department", 1, r"agency(?: responsible)?|dept|department name|agency name|division|group|unit|assigned to team"),
    ("department", 3, r"queue|vendor|contractor|assigned to"),
    (
        "place",
        0,
        r"location|place|(?:incident|case|service|request|problem|site|full) (?:address|location)|address|room|location name|place name",
    ),
    (
        "place",
        2,
        r"location street name|street address|room (?:number|no|name)|building(?: name)?|site(?: name)?|ward name|facility(?: name)?|block",
    ),
    ("place", 4, r"street(?: name)?|floor|area|neighbou?rhood|zone|unit number"),
    ("place", 6, r"borough|district|city|region|ward|campus|cmdb ci"),
    (
        "item",
        0,
        r"item|sub ?category|sub ?type|descriptor|(?:service|request|problem|fault) (?:item|code|detail)|detail type|sub ?reason|symptom|type detail|u symptom",
    ),
    (
        "text",
        0,
        r"(?:short |full |case |problem |request |issue |fault |incident |service |complaint )?(?:description|descr|desc|text|narrative)|details|(?:request|problem|case|complaint) details",
    ),
    ("text", 1, r"(?:case |ticket |request )?(?:title|summary)|subject line|comments|notes|remarks|message|body"),
    ("reopens", 0, r"re ?open(?:ed|s)?(?: count| times)?|times reopened"),
    ("reassignments", 0, r"re ?assign(?:ed|ment|ments)?(?: count)?|hops|hop count"),
    ("sequence", 0, r"sys mod count|mod count|version|revision|sequence|event no|event number|step no|seq"),
]
_CHINESE = [
    (
        "id",
        0,
        r"(?:工单|报修|报修单|单据|服务|任务|事件|受理|申请|维修|订单|派工单|诉求|案件)(?:单)?(?:编?号|号码|ID|id)|单号|流水号|编号|工单",
    ),
    ("id", 3, r"序号|ID|id"),
    ("kept", 0, r".*(?:及时|按时|准时|达标|按期|时限内).*"),
    ("kept", 1, r".*(?:超时|逾期|超期|延误).*"),
    ("status", 0, r".*状态|环节|节点|活动|动作"),
    ("priority", 0, r".*(?:优先级|紧急程度|紧急度|紧急级别|优先|缓急|急慢).*|级别|等级"),
    ("channel", 0, r".*(?:渠道|来源|途径).*|(?:报修|受理|申报|接报|上报|提交)方式"),
    (
        "department",
        0,
        r".*(?:班组|责任部门|处理部门|维修部门|承办|责任单位|维修单位|处理单位|服务单位|施工单位|维修组|工程组|外包).*",
    ),
    ("department", 2, r"部门|.*部门(?:名称)?"),
    ("department", 4, r"科室|.*科室(?:名称)?"),
    ("place", 0, r".*(?:地点|位置|地址|房间|房号|病房|点位|场所).*"),
    ("place", 3, r".*(?:楼栋|楼宇|楼层|区域|院区|大楼|建筑).*"),
    ("place", 5, r".*(?:病区|科室|报修部门|申请部门|申报部门|需求部门).*"),
    ("item", 0, r".*(?:服务项目|维修项目|报修项目|小类|子类|细类|二级|三级|故障类型|故障现象|事项|项目).*"),
    ("text", 0, r".*(?:描述|内容|详情|诉求|问题|现象).*"),
    ("text", 2, r".*(?:标题|主题|说明|摘要|备注).*"),
    ("reopens", 0, r".*(?:重开|返工|返修|重启)(?:次数|数)?"),
    ("reassignments", 0, r".*(?:转派|改派|转单)(?:次数|数)?"),
]
_ENGLISH_RULES = [(role, rank, re.compile(pattern)) for role, rank, pattern in _ENGLISH]
_CHINESE_RULES = [(role, rank, re.compile(pattern)) for role, rank, pattern in _CHINESE]
_AFTERWARDS = re.compile(r"resolution|closure|closing|closed|close|resolved|完成|处理|结果|关闭|评价|回访|维修说明")

TIME_ROLES = ("opened", "target", "closed", "first_action", "updated")


def words(name: str) -> list[str]:
    """Cut a column name into lower-case English words."""
    return _WORD.findall(_CAMEL.sub(" ", name).lower())


def is_chinese(name: str) -> bool:
    """Say whether a name is written in Chinese characters."""
    return any("\u4e00" <= letter <= "\u9fff" for letter in name)


def time_roles(name: str) -> dict[str, int]:
    """Return which time a column named so may hold, with a rank for each (0 is surest). Empty if its name does not say."""
    if is_chinese(name):
        return _chinese_times(name)
    told = set(words(name))
    for role in ("target", "updated", "first_action", "closed", "opened"):
        ranks = [_SPOKEN[role][word] for word in told if word in _SPOKEN[role]]
        if not ranks:
            continue
        rank = min(ranks)
        if role == "target" and told & _EARLY:
            rank += 5
        return {role: rank}
    if told and told <= WHEN | THING and told & WHEN:
        return {"opened": 8, "updated": 5}
    return {}


def _chinese_times(name: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for role, rank, pattern in _ZH_TIMES:
        if role not in found and re.search(pattern, name):
            found[role] = rank + (5 if role == "target" and _ZH_EARLY.search(name) else 0)
    if "target" in found:
        return {"target": found["target"]}
    if "updated" in found and len(found) == 1:
        return found
    found.pop("updated", None)
    if "closed" in found:
        return {"closed": found["closed"]}
    if not found and re.fullmatch(r"时间|日期|日期时间|时间戳", name):
        return {"opened": 8, "updated": 5}
    return found


def other_roles(name: str) -> dict[str, int]:
    """Return which other roles a column named so may have, with a rank for each (0 is surest)."""
    chinese = is_chinese(name)
    text = re.sub(r"[\s(（\[].*[)）\]]$", "", name).strip() if chinese else " ".join(words(name))
    found: dict[str, int] = {}
    for role, rank, pattern in _CHINESE_RULES if chinese else _ENGLISH_RULES:
        if role not in found and pattern.fullmatch(text):
            found[role] = rank
    if _AFTERWARDS.search(text):
        found.pop("text", None)
    if "kept" in found or "status" in found:
        return {role: rank for role, rank in found.items() if role in {"kept", "status"}}
    return found


def is_category(name: str) -> bool:
    """Say whether a name speaks of the kind of request, not of the kind of place, person or channel."""
    if is_chinese(name):
        return bool(_ZH_CATEGORY.search(name)) and not _ZH_OTHER_CATEGORY.search(name)
    told = words(name)
    kinds = [word for word in told if word in _CATEGORY]
    rest = {word for word in told if word not in _CATEGORY and not word.isdigit()}
    return bool(kinds) and rest <= THING | {"name", "level", "code", "main", "primary", "group"}


def is_afterwards(name: str) -> bool:
    """Say whether a column tells how a request ended, not what it asked for."""
    return bool(_AFTERWARDS.search(name.lower()))


def says_late(name: str) -> bool:
    """Say whether "yes" in a column named so means a broken promise."""
    if is_chinese(name):
        return bool(re.search(r"超时|逾期|超期|延误", name))
    return bool(set(words(name)) & {"overdue", "late", "breached", "breach", "missed", "violated", "violation"})


def stem(name: str) -> str:
    """Return a name without its words for date and time, to find the two halves of a moment."""
    if is_chinese(name):
        return re.sub(r"日期|时间|时刻|日|时", "", name)
    return " ".join(word for word in words(name) if word not in WHEN)
