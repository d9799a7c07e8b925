"""Every sentence of the report, in Chinese and English, and how its numbers are written. ``{name}`` are facts."""

from __future__ import annotations

from dataclasses import dataclass

# ruff: noqa: E501  a sentence is easier to proof-read on one line

LOCALES = ("zh", "en")

# fmt: off
#: key -> (Chinese, English)
PHRASES: dict[str, tuple[str, str]] = {
    "title": ("服务承诺评估报告", "Service promise assessment"),
    "subtitle": ("{name} · {start} 至 {end} · {n} 个请求", "{name} · {start} to {end} · {n} requests"),
    "made_by": ("由“应需”根据一份服务记录自动生成；时间按 {timezone}，未结请求按 {now} 判断。", "Made by Yingxu from one service log; times are those of {timezone}, open requests are judged as of {now}."),
    "page": ("第 {page} 页 共 {pages} 页", "Page {page} of {pages}"),
    "all_lines": ("全部请求", "All requests"),
    "no_line": ("（未注明）", "(not stated)"),
    "comma": ("、", ", "),
    "interval": ("95% 区间 {low}–{high}", "95\u00a0% interval {low}–{high}"),
    # at a glance
    "h_glance": ("一眼看懂", "At a glance"),
    "f_requests": ("请求", "Requests"),
    "f_requests_note": ("平均每天 {per_day} 个", "{per_day} a day on average"),
    "f_attainment": ("承诺兑现率", "Promises kept"),
    "f_no_promise": ("记录中没有承诺时限", "the log states no promise"),
    "f_response_first_action": ("首次行动用时（中位数）", "Time to first action (median)"),
    "f_response_closed": ("办结用时（中位数）", "Time to closing (median)"),
    "f_response_note": ("九成在 {p90}以内", "nine of ten within {p90}"),
    "f_late": ("已过时限仍未办结", "Open past their target"),
    "f_late_note": ("截至 {now}", "as of {now}"),
    # promises
    "h_promises": ("承诺了什么，兑现了多少", "What was promised, and what was kept"),
    "p_target": ("{n} 个请求中有 {with_target} 个写明了时限（{share}）。其中 {kept} 个按时办结，{broken} 个超时办结，{running_late} 个已过时限仍未办结，{running} 个尚在时限之内。", "Of {n} requests {with_target} ({share}) state a target. {kept} of them were closed in time, {broken} were closed late, {running_late} are open past their target, and {running} are open with their target ahead."),
    "p_flag": ("记录没有写明时限，只有“{column}”一栏的结论；以下按这一栏在每个请求最后一次更新时的值统计：{kept} 个兑现，{broken} 个未兑现，{running_late} 个未办结且已判为超时，{running} 个未办结。", "The log states no targets, only a verdict in '{column}'. Counted by that verdict as of each request's last event: {kept} kept, {broken} broken, {running_late} open and already judged late, {running} open."),
    "p_attainment": ("承诺兑现率为 {share}（{interval}，共 {due} 个到期承诺）。未办结而已过时限的算作未兑现，尚未到期的不计入。", "{share} of the promises were kept ({interval}, {due} promises due). A request open past its target counts as not kept; one not yet due is not counted."),
    "p_none": ("记录中没有时限，也没有是否及时的结论，因此无法说明承诺兑现了多少。可以说的是用时和需求。", "The log states neither targets nor whether they were met, so nothing can be said about promises kept. What can be said is how long things took and when they were asked for."),
    "p_response_first_action": ("从提出到首次行动，中位数为 {median}，九成在 {p90}以内，平均 {mean}（{n} 个请求）。", "From asking to the first action it took {median} in the median, {p90} for nine of ten, {mean} on average ({n} requests)."),
    "p_response_closed": ("从提出到办结，中位数为 {median}，九成在 {p90}以内，平均 {mean}（{n} 个已办结请求）。", "From asking to closing it took {median} in the median, {p90} for nine of ten, {mean} on average ({n} closed requests)."),
    "p_reopens": ("{n} 个请求（{share}）在关闭后又被重开。", "{n} requests ({share}) were reopened after closing."),
    "p_reassignments": ("{n} 个请求（{share}）至少转派过一次。", "{n} requests ({share}) were reassigned at least once."),
    "kept": ("按时办结", "kept"),
    "broken": ("超时办结", "closed late"),
    "running_late": ("过期未结", "open past target"),
    "running": ("尚在时限内", "open, target ahead"),
    "c_promises": ("承诺的去向", "Where the promises stand"),
    "c_promises_desc": ("{kept} 个按时办结，{broken} 个超时办结，{running_late} 个过期未结，{running} 个尚在时限内。", "{kept} kept, {broken} closed late, {running_late} open past target, {running} open with target ahead."),
    # gap
    "h_gap": ("差距在哪里", "Where the gap is"),
    "g_lead": ("“差距”是各条线请求数乘以未兑现率：它说的是如果每个请求都有承诺，大约有多少人会等空。差距最大的是 {names}，合计占全部差距的 {share}。先改这里，见效最大。", "The gap of a line is its requests times the share not kept: about how many people waited in vain if every request carried a promise. The largest gaps are {names}; together they are {share} of the whole. Mending these first changes most."),
    "g_one": ("各请求没有可用的分类，因此只能给出总的差距。", "The log has no usable categories, so the gap can only be stated as a whole."),
    "g_none": ("没有承诺就没有差距可算；下表按请求数列出各条线的用时。", "Without promises there is no gap to compute; the table lists the lines by their number of requests."),
    "c_gap": ("差距最大的条线（请求数，细线为 95% 区间）", "Lines with the largest gap (requests; thin line: 95\u00a0% interval)"),
    "c_gap_desc": ("按差距从大到小：{items}。", "From the largest gap: {items}."),
    "t_line": ("条线", "Line"),
    "t_n": ("请求", "Requests"),
    "t_kept": ("兑现率", "Kept"),
    "t_interval": ("95% 区间", "95\u00a0% interval"),
    "t_gap": ("差距", "Gap"),
    "t_median": ("中位用时", "Median"),
    "t_p90": ("九成以内", "Nine of ten"),
    "t_more": ("另有 {n} 条线，见 report.json。", "{n} more lines are in report.json."),
    # demand
    "h_demand": ("什么时候来，会来多少", "When requests come, and how many will"),
    "d_when": ("平均每天 {per_day} 个请求。最忙的一小时是 {hour}，占全天的 {hour_share}；一周中最忙的是{weekday}（{weekday_share}），最少的是{quiet}（{quiet_share}）。", "{per_day} requests a day on average. The busiest hour is {hour} with {hour_share} of the day; the busiest weekday is {weekday} ({weekday_share}), the quietest {quiet} ({quiet_share})."),
    "d_when_days": ("平均每天 {per_day} 个请求。一周中最忙的是{weekday}（{weekday_share}），最少的是{quiet}（{quiet_share}）。记录只有日期，看不出一天中的时段。", "{per_day} requests a day on average. The busiest weekday is {weekday} ({weekday_share}), the quietest {quiet} ({quiet_share}). The log states days only, so nothing can be said about hours."),
    "d_one_week": ("平均每天 {per_day} 个请求。最忙的一小时是 {hour}，占 {hour_share}。记录不足一周，看不出星期的规律。", "{per_day} requests a day on average. The busiest hour is {hour} with {hour_share}. The log covers less than a week, so nothing can be said about weekdays."),
    "d_forecast": ("今后 14 天（{start} 至 {end}）预计共约 {total} 个请求；最多的一天是 {peak_on}，约 {peak} 个（95% 区间 {low}–{high}）。预测考虑星期规律和近期水平，不考虑节假日。", "In the next 14 days ({start} to {end}) about {total} requests are to be expected; the busiest day is {peak_on} with about {peak} (95\u00a0% interval {low}–{high}). The forecast knows weekdays and the recent level, not holidays."),
    "d_no_forecast": ("记录不足两周，不做预测。", "The log covers less than two whole weeks: no forecast."),
    "c_hour": ("一天之中（占比，按小时）", "By hour of day (share)"),
    "c_weekday": ("一周之中（占比）", "By weekday (share)"),
    "c_hour_desc": ("从 0 时到 23 时每小时的占比：{items}。", "Share of each hour from 0 to 23: {items}."),
    "c_weekday_desc": ("周一到周日的占比：{items}。", "Shares from Monday to Sunday: {items}."),
    "c_forecast": ("今后 14 天每天的请求（阴影为 95% 区间）", "Requests a day in the next 14 days (band: 95\u00a0% interval)"),
    "c_forecast_desc": ("每天的预计请求数：{items}。", "Expected requests a day: {items}."),
    # drift
    "h_drift": ("哪几周不寻常", "Which weeks were unlike the others"),
    "w_lead": ("控制图把偶然的起落和值得追问的变化分开。图中虚线是控制限，圆点标出越限或连续偏离的周。", "A control chart tells chance from change. Dashed lines are control limits; dots mark weeks beyond them or runs to one side."),
    "w_few": ("完整的周不足 8 个，不画控制图。", "Fewer than 8 whole weeks: no control charts."),
    "w_calm": ("各周之间的起落都在偶然范围之内。", "All weeks are within what chance explains."),
    "w_trial": ("周数少于 20，控制限为试用限。", "With fewer than 20 weeks the limits are trial limits."),
    "w_more": ("另有 {n} 条信号，见 report.json。", "{n} more signals are in report.json."),
    "c_drift_share": ("每周兑现率 · {line}", "Promises kept by week · {line}"),
    "c_drift_volume": ("每周请求数 · {line}", "Requests by week · {line}"),
    "c_drift_desc": ("{n} 周，平均 {mean}，{signals} 周有信号。", "{n} weeks, mean {mean}, signals in {signals} of them."),
    "drift_share": ("“{line}”的兑现率", "Promises kept, {line}"),
    "drift_volume": ("“{line}”的请求数", "Requests, {line}"),
    "drift_1_high": ("{what}在 {week} 这一周为 {value}，高于控制上限 {limit}（平均 {mean}）。", "{what}: {value} in the week of {week}, above the upper control limit of {limit} (mean {mean})."),
    "drift_1_low": ("{what}在 {week} 这一周为 {value}，低于控制下限 {limit}（平均 {mean}）。", "{what}: {value} in the week of {week}, below the lower control limit of {limit} (mean {mean})."),
    "drift_2_high": ("{what}从 {since} 这一周起连续 9 周高于平均 {mean}：水平已经变了。", "{what}: nine weeks in a row above the mean of {mean} from the week of {since}: the level has changed."),
    "drift_2_low": ("{what}从 {since} 这一周起连续 9 周低于平均 {mean}：水平已经变了。", "{what}: nine weeks in a row below the mean of {mean} from the week of {since}: the level has changed."),
    "drift_3_high": ("{what}从 {since} 到 {week} 连续 6 周上升，由 {start} 升到 {value}。", "{what}: rising six weeks in a row from {since} to {week}, from {start} to {value}."),
    "drift_3_low": ("{what}从 {since} 到 {week} 连续 6 周下降，由 {start} 降到 {value}。", "{what}: falling six weeks in a row from {since} to {week}, from {start} to {value}."),
    "drift_5_high": ("{what}在 {since} 到 {week} 的 3 周里有 2 周明显偏高（最近 {value}，平均 {mean}）。", "{what}: two of the three weeks from {since} to {week} clearly high (latest {value}, mean {mean})."),
    "drift_5_low": ("{what}在 {since} 到 {week} 的 3 周里有 2 周明显偏低（最近 {value}，平均 {mean}）。", "{what}: two of the three weeks from {since} to {week} clearly low (latest {value}, mean {mean})."),
    # repeats
    "h_repeat": ("反复出现的地方", "Places where it happens again"),
    "r_lead": ("同一地点、同一条线在 {days} 天内出现 3 次及以上的共 {n} 处；下面是最多的几处。反复报修往往说明上次没有修到根上，也可能是多人报了同一件事，或地点是默认值，值得到现场看一眼。", "{n} places had the same line three times or more within {days} days; these had most. Repeats often mean that the cause was not mended; they may also be several people telling of one thing, or a default address. Worth a look on site."),
    "r_capped": ("同一地点、同一条线在 {days} 天内出现 3 次及以上的地方很多，report.json 列出最多的 {n} 处，下面是前几处。反复报修往往说明上次没有修到根上，也可能是多人报了同一件事，或地点是默认值，值得到现场看一眼。", "Many places had the same line three times or more within {days} days; report.json lists the {n} with most, these come first. Repeats often mean that the cause was not mended; they may also be several people telling of one thing, or a default address. Worth a look on site."),
    "r_none": ("没有同一地点、同一条线在 {days} 天内出现 3 次及以上的情况。", "No place had the same line three times or more within {days} days."),
    "r_no_place": ("记录没有可用的地点，看不出哪里反复。", "The log has no usable places, so repeats cannot be seen."),
    "t_place": ("地点", "Place"),
    "t_times": ("次数", "Times"),
    "t_since": ("自", "Since"),
    # suggestions
    "h_promise": ("可以怎样承诺", "What could be promised"),
    "s_lead": ("按这份记录，下列时限是九成请求能够做到的，可作为向科室公开承诺的起点。它描述的是过去的能力，不等于应有的标准。", "By this log nine of ten requests would have met these times; they are where a public promise could start. They describe what was achieved, not what ought to be."),
    "s_closed": ("{line}：九成请求在 {time}内办结（按本记录为 {share}，{n} 个请求）。", "{line}: nine of ten requests closed within {time} (in this log {share} of {n})."),
    "s_first_action": ("{line}：九成请求在 {time}内有人行动（按本记录为 {share}，{n} 个请求）。", "{line}: nine of ten requests acted on within {time} (in this log {share} of {n})."),
    "s_too_long": ("其中超过 {limit}的不宜对外承诺：先清积压，再谈时限（{names}）。", "Times beyond {limit} are no promise to publish: clear the backlog first ({names})."),
    "s_left_out": ("没有给出建议的条线：满期可判的请求不足 20 个，或未办结的太多（{names}）。", "No suggestion for lines with fewer than 20 requests old enough to judge, or with too many still open ({names})."),
    "s_none": ("没有足够的已办结请求可以提出建议。", "There are not enough closed requests to suggest promises."),
    # limits
    "h_limits": ("这份记录说不出什么", "What this log cannot say"),
    "l_no_first_action": ("没有首次响应或到场时间：看不出人等了多久才有人理，只能看到办结。", "No time of first answer or arrival: how long people waited for somebody to come cannot be seen, only the closing."),
    "l_no_confirmation": ("没有提出人的确认：“已关闭”不等于“已修好”。", "No confirmation by the person who asked: 'closed' is not 'fixed'."),
    "l_confirmation_unused": ("“{column}”一栏可能是提出人的评价，本报告没有使用。", "'{column}' may hold what the asker thought of it; this report does not use it."),
    "l_without_target": ("{n} 个请求（{share}）没有时限，不计入兑现率。", "{n} requests ({share}) have no target and count nowhere in promises kept."),
    "l_flag_only": ("没有时限本身，无法核对“{column}”的结论，也看不出承诺的是多久。", "Without the targets themselves the verdict in '{column}' cannot be checked, nor is it known what was promised."),
    "l_no_promise": ("没有时限，也没有是否及时的结论：兑现率无从谈起。", "Neither targets nor verdicts: promises kept cannot be stated."),
    "l_target_empty": ("有“{column}”一栏，但从未填写。", "There is a column '{column}', but it is never filled in."),
    "l_target_before_opened": ("{n} 个请求的时限早于提出时间（首见第 {row} 行）：照记录统计，但这些时限不可信。", "{n} requests have a target before their opening (first in row {row}): counted as recorded, but such targets cannot be trusted."),
    "l_closed_before_opened": ("{n} 个请求的办结早于提出（首见第 {row} 行）：计入兑现，不计入用时。", "{n} requests were closed before they were opened (first in row {row}): counted for promises, left out of durations."),
    "l_first_action_before_opened": ("{n} 个请求的首次行动早于提出（首见第 {row} 行）：不计入用时。", "{n} requests have their first action before the opening (first in row {row}): left out of durations."),
    "l_flag_contradicts_times": ("{n} 个请求的及时标志与时间不符（首见第 {row} 行）：以时间为准。", "{n} requests carry a flag that contradicts their times (first in row {row}): the times decide."),
    "l_closed_state_without_time": ("{n} 个请求状态为已结但没有办结时间（首见第 {row} 行）：按未结处理。", "{n} requests are in a closed state without a closing time (first in row {row}): treated as open."),
    "l_open_state_with_time": ("{n} 个请求有办结时间但状态仍未结（首见第 {row} 行）：按已结处理。", "{n} requests have a closing time but are still in an open state (first in row {row}): treated as closed."),
    "l_skipped_by_clock_change": ("{n} 行的时间落在夏令时跳过的一小时里（首见第 {row} 行）：已顺延。", "{n} rows state a time in the hour that the clock change skips (first in row {row}): moved forward."),
    "l_unreadable": ("{n} 处时间无法读出或明显不实，按未填处理。", "{n} times could not be read or are implausible; they count as not stated."),
    "l_rejected": ("{n} 行没有可用的提出时间或列数不符，未采用。", "{n} rows have no usable opening time or the wrong number of cells and were left out."),
    "l_batch_closing": ("{n} 个请求（{share}）与至少 {size} 个其他请求在同一分钟关闭：多半是批量或自动关单，办结时间晚于真正做完的时间。", "{n} requests ({share}) were closed in the same minute as at least {size} others: probably in bulk or by rule, so that the work was done before its closing time."),
    "l_unused_time": ("还有“{columns}”，未使用；办结按“{closed}”计。要改用，请在映射文件中指定。", "'{columns}' is there too and was not used; closing is by '{closed}'. A map can choose otherwise."),
    "l_no_pauses": ("没有暂停记录：等料、等科室配合的时间也算在用时里。", "No pauses are recorded: waiting for parts or for access counts as time taken."),
    "l_no_reopens": ("看不出返修：同一件事关了再报，在这里是两个请求。", "Rework cannot be seen: the same fault closed and reported again is two requests here."),
    "l_still_open": ("{n} 个请求在记录结束时仍未办结；它们的用时还不知道，用时统计因此偏短。", "{n} requests were still open when the log ends; how long they will take is unknown, so durations look shorter than they are."),
    "l_no_line": ("没有可用的分类，看不出哪条线好、哪条线差。", "No usable categories: lines cannot be told apart."),
    "l_place_missing": ("{share} 的请求没有写地点。", "{share} of the requests state no place."),
    "l_target_by_day": ("时限只有日期：当天之内办结都算按时。", "Targets are dates without a time: closing on that day counts as kept."),
    "l_closed_by_day": ("办结只有日期：不足一天的用时看不出来，并且偏短。", "Closings are dates without a time: durations under a day cannot be seen, and all look shorter than they are."),
    "l_days_only": ("只有日期，没有时刻：用时以天计，当天办结的显示为 0。", "Days only, no time of day: durations are in whole days, and what was closed on its day shows as 0."),
    "l_order_assumed": ("日期的日、月先后无法从数据判定，按{order}读取。", "The data do not prove whether day or month comes first; read as {order}."),
    "order_dmy": ("日在前", "day first"),
    "order_mdy": ("月在前", "month first"),
    # method
    "h_method": ("怎么算的", "How it was computed"),
    "m_rows": ("文件 {read} 行，采用 {used} 行，未采用 {rejected} 行。", "{read} rows in the file, {used} used, {rejected} rejected."),
    "m_cases": ("一个请求有多行，共 {cases} 个请求；各项取该请求最后一次更新的值。", "Several rows a request: {cases} requests, each value as of the request's last event."),
    "m_shares": ("占比的区间是 95% 的 Wilson 区间；分位数用线性内插；控制图为 XmR 图（数量）和按 Laney 放宽的 p 图（占比），采用 Nelson 规则 1、2、3、5。", "Intervals of shares are 95\u00a0% Wilson intervals; quantiles interpolate linearly; control charts are XmR (volume) and p-charts widened after Laney (shares), with Nelson's rules 1, 2, 3 and 5."),
    "m_columns": ("各栏的识别", "Columns as they were found"),
    "m_reasons": ("异常的行", "Rows with findings"),
    "t_role": ("含义", "Meaning"),
    "t_column": ("栏名", "Column"),
    "t_by": ("依据", "Found by"),
    "by_map": ("映射文件", "map"),
    "by_name": ("栏名", "name"),
    "by_content": ("内容", "content"),
    "t_reason": ("情况", "Finding"),
    "t_rows": ("行数", "Rows"),
    "t_first_row": ("首见行", "First row"),
    "t_used": ("是否采用", "Used"),
    "yes": ("采用", "used"),
    "no": ("未采用", "rejected"),
    # reasons
    "x_opened_missing": ("没有提出时间", "no opening time"),
    "x_opened_unreadable": ("提出时间无法读出", "opening time not readable"),
    "x_opened_implausible": ("提出时间明显不实", "opening time implausible"),
    "x_too_many_cells": ("比表头多出单元格", "more cells than the header"),
    "x_id_missing": ("没有编号", "no identifier"),
    "x_id_repeated": ("编号重复而提出时间不同", "identifier repeated with another opening"),
    "x_target_unreadable": ("时限无法读出", "target not readable"),
    "x_target_implausible": ("时限明显不实", "target implausible"),
    "x_closed_unreadable": ("办结时间无法读出", "closing time not readable"),
    "x_closed_implausible": ("办结时间明显不实", "closing time implausible"),
    "x_first_action_unreadable": ("首次行动时间无法读出", "time of first action not readable"),
    "x_first_action_implausible": ("首次行动时间明显不实", "time of first action implausible"),
    "x_skipped_by_clock_change": ("时间被夏令时跳过，已顺延", "time skipped by the clock change, moved forward"),
    "x_target_before_opened": ("时限早于提出", "target before opening"),
    "x_closed_before_opened": ("办结早于提出", "closed before opening"),
    "x_first_action_before_opened": ("首次行动早于提出", "first action before opening"),
    "x_flag_contradicts_times": ("及时标志与时间不符", "flag contradicts the times"),
    "x_flag_unreadable": ("及时标志无法读出", "flag not readable"),
    "x_closed_state_without_time": ("状态已结而无办结时间", "closed state without a closing time"),
    "x_open_state_with_time": ("有办结时间而状态未结", "closing time with an open state"),
    # roles
    "role_id": ("编号", "identifier"),
    "role_opened": ("提出时间", "opened"),
    "role_target": ("时限", "target"),
    "role_closed": ("办结时间", "closed"),
    "role_first_action": ("首次行动", "first action"),
    "role_kept": ("是否及时", "kept"),
    "role_line": ("条线", "line"),
    "role_item": ("项目", "item"),
    "role_place": ("地点", "place"),
    "role_department": ("部门", "department"),
    "role_channel": ("渠道", "channel"),
    "role_priority": ("优先级", "priority"),
    "role_text": ("内容", "text"),
    "role_updated": ("更新时间", "updated"),
    "role_status": ("状态", "state"),
    "role_sequence": ("序次", "sequence"),
    "role_reopens": ("重开次数", "reopens"),
    "role_reassignments": ("转派次数", "reassignments"),
    "weekdays": ("周一 周二 周三 周四 周五 周六 周日", "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
    "weekdays_short": ("一 二 三 四 五 六 日", "Mon Tue Wed Thu Fri Sat Sun"),
    "u_same_day": ("当天", "the same day"),
    "u_seconds": ("{n} 秒", "{n} s"),
    "u_minutes": ("{n} 分钟", "{n} min"),
    "u_hours": ("{n} 小时", "{n} h"),
    "u_days": ("{n} 天", "{n} days"),
    "u_day": ("{n} 天", "{n} day"),
}
# fmt: on


@dataclass(frozen=True)
class Voice:
    """Says a phrase in one language: ``voice("p_none")``."""

    locale: str = "zh"
    knows_days_only: bool = False

    def __call__(self, key: str, **facts: object) -> str:
        """Return the phrase with its facts filled in."""
        return PHRASES[key][LOCALES.index(self.locale)].format(**facts)

    def number(self, value: float) -> str:
        """Write a count or a mean: whole numbers from 100 on, one decimal below unless it is whole."""
        if value >= 100 or float(value).is_integer():
            return f"{value:,.0f}"
        return f"{value:.1f}" if value >= 0.1 or value == 0 else f"{value:.2g}"

    def percent(self, share: float) -> str:
        """Write a share of 0..1 as per cent with one decimal."""
        return f"{share * 100:.1f}%" if self.locale == "zh" else f"{share * 100:.1f}\u00a0%"

    def duration(self, seconds: float | None) -> str:
        """Write a duration in the unit that people would use for it."""
        if seconds is None:
            return "—"
        if self.knows_days_only and seconds < 86_400:
            return self("u_same_day")
        for limit, unit, size in ((90, "u_seconds", 1), (5400, "u_minutes", 60), (172_800, "u_hours", 3600)):
            if seconds < limit:
                return self(unit, n=self.number(round(seconds / size, 1) if size > 1 else round(seconds)))
        return self("u_days", n=self.number(round(seconds / 86_400, 1)))

    def minutes(self, minutes: int) -> str:
        """Write a promised time."""
        if minutes < 120 and minutes % 60:
            return self("u_minutes", n=minutes)
        if minutes < 2880 and minutes != 1440:
            return self("u_hours", n=self.number(minutes / 60))
        return self("u_day" if minutes == 1440 else "u_days", n=minutes // 1440)

    def interval(self, share: dict[str, float]) -> str:
        """Write the 95 % interval of a share."""
        return self("interval", low=self.percent(share["low"]), high=self.percent(share["high"]))
