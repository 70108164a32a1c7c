"""The words around a date that tell what it is: when it happened, when it will, or only background.

Each pattern is tried on the few characters before a date (`_BEFORE`, at their end) or behind it (`_AFTER`).
Both scripts stand side by side, since a dump may mix them.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class NumberedEvent(NamedTuple):
    """An event that bears a number and comes at fixed intervals, so that its number tells its year."""

    pattern: re.Pattern[str]
    number: int
    """A number …"""
    year: int
    """… and the year of the event that bears it."""
    every: int
    """Years."""


# An event takes place, it is not only spoken of.
HELD = re.compile(r"(?:召开|召開|举行|舉行|开幕|開幕|闭幕|閉幕|落幕|揭幕)(?!前|在即|之前|后|後)")

_COUNT = r"(?P<n>\d{1,3}|[一二三四五六七八九十]{1,3})"

# Public knowledge that no page states and every reader has. The year is that of the opening.
NUMBERED_EVENTS = (
    NumberedEvent(
        re.compile(rf"(?:越南共产党|越南共產黨|越共)第?{_COUNT}(?:次全国代表大会|次全國代表大會|大(?![会會]))"),
        6,
        1986,
        5,
    ),
    NumberedEvent(
        re.compile(rf"(?:中国共产党|中國共產黨|中共)第?{_COUNT}(?:次全国代表大会|次全國代表大會|大(?![会會]))"),
        12,
        1982,
        5,
    ),
)

# 将于8月12日: announced, so it bounds the story's day from above and is not it.
FUTURE_BEFORE = re.compile(
    r"(?:将|將|拟|擬|定|计划|計劃|預定|预定|预计|預計|有望|可望|料|即将|即將)(?:会|會)?(?:于|於|在|自|从|從|至|到|于本|於本)?(?:\s|今年|明年|\()?$"
)
# 面向8月12日, 距8月12日还有: a day that the story waits for.
AWAITED_BEFORE = re.compile(
    r"(?:面向|迎接|迎来|迎來|距离|距離|距|安排[在于於]|排[到在]|选在|選在|定在|备战|備戰|筹备|籌備|倒计时|倒計時"
    r"|(?:时间|時間|日期|期限)(?:定)?(?:为|為|是|在|：|:)|截止(?:日期|时间|時間)?(?:为|為|至|到|是)?)\s?$"
)
FUTURE_AFTER = re.compile(
    r"即将|即將|(?:[上下]午|晚(?:上|间)?|起|\d{1,2}[时時点]\S{0,4})?[，,]?(?:将|將)(?!军|軍|领|領|士|官|近|信)"
)
# 8月12日的会议推迟: planned, and not so; 8月12日宣布推迟会议 is what happened.
POSTPONED_AFTER = re.compile(
    r"(?:(?!宣布|宣佈|决定|決定|通报|通報|表示|公告|通知|发布|發布|称|稱|说|說)[^\s，。；,;]){0,16}?"
    r"(?:推迟|推遲|延期|改期|顺延|順延|押后|押後|延后|延後)"
)
# Somewhere in the story: the day that its lede gives may be the one that was planned first.
POSTPONED = re.compile(r"(?:推迟|推遲|延期|改期|顺延|順延|押后|押後|延后|延後)[^\s，。；,;]{0,6}?[至到]")
ANNOUNCED_AFTER = re.compile(
    r"[^\s，。；,;]{0,12}?(?:宣布|宣佈|决定|決定|通报|通報|表示|公告|通知|发布|發布|称|稱|说|說)"
)
# 截至8月17日, 自8月1日: a state reached by or since then.
SINCE_BEFORE = re.compile(r"(?:自|自从|自從|截至|截止|截止到|迄|直到|直至|至|到)(?:[于於到])?\s?$")
SINCE_AFTER = re.compile(r"(?:[上下]午|凌晨|零时)?(?:起|以来|以來|至今|为止|為止|开始施行|前)")
# 去年8月12日, 每年8月12日, 1945年8月12日成立的: told as background.
PAST_BEFORE = re.compile(
    r"(?:年前的?|年后的?|年後的?|周年前|去年|上年|前年|早在|此前|曾于|曾於|曾在|曾|根据|根據|依据|依據|按照|依照|上[届屆次][^\s\d，。；,;]{0,4}|每年|历年|歷年|当年|當年|原定|原定于|生于|生於|出生于|逝世于|成立于|成立於|创立于|建于|始于|史上|始建于|明年|後年|后年|次年|翌年)(?:的)?\s?$"
)
FOUNDING_AFTER = re.compile(
    r"(?:[^\s\d，。；,;]{0,6}?)(?:成立|诞生|誕生|诞辰|誕辰|出生|逝世|去世|建交|创办|創辦|创立|創立|创刊|創刊|建立|建国|建國|建党|建黨|独立|獨立|解放|起义|起義|爆发|爆發|牺牲|犧牲|开国|革命|奠基|始建|统一|統一|通车|通車|立国|复交|復交|(?:公布|發布|发布)的(?!最新|数据|數據|统计|統計|报告|報告|数字|數字|民调|民調|调查|調查|声明|聲明|消息|公报|公報|通报|通報)|颁布的|頒布的|颁发的|印发的|签发的|第\d+号|第\d+號|发生的|通过的|签署的|簽署的|生效|开埠)"
)
FOUNDING_BEFORE = re.compile(
    r"(?:成立|创立|創立|建立|创刊|創刊|创办|創辦|建交|诞生|誕生|始建|建成|独立|獨立|解放|落成|开播|開播|开馆|開館|建校|建社)[于於]?\s?$"
)
ANNIVERSARY = re.compile(r"(?P<n>\d{1,4}|[一二三四五六七八九十百]{1,4})\s?(?:周年|週年|周歲|周岁)")


def has_anniversary(text: str) -> bool:
    """Tell, at little cost, whether `ANNIVERSARY` could match."""
    return "周" in text or "週" in text


# 8月12日至17日…圆满闭幕: the story belongs to the end of the range.
FINISHED = re.compile(
    r"闭幕(?!式将)|閉幕(?!式將)|落幕|圆满结束|圓滿結束|已结束|已結束|已(?:经)?圆满|结束了?(?:对|對|为期|為期)|圆满成功|圓滿成功|谢幕|謝幕|收官|闭会|閉會|落下帷幕|降下帷幕"
)

# 据统计，8月1日至20日…同比增长: figures of days that are over.
COUNTED = re.compile(r"统计|統計|累计|累計|同比|环比|環比")

# 一年后, 距今十年, 70周年: the date may be the one that the story looks back on.
ELAPSED = re.compile(
    # One letter of a class first: so the search jumps from one to the next.
    r"[\d一二两兩三四五六七八九十百多数數几幾半至距周週](?:(?<![至距周週])(?:多|余|餘)?(?:年|个月|個月|天|日)(?:之?[后後前]|以?[来來])|(?<=[至距])今|(?<=[周週])年)"
)

# Words that set a full date apart from the day on which the story is told: it may be one that the story looks back on.
ATTRIBUTE_AFTER = re.compile(
    r"[^，。；,;对對向与與同]{0,8}?的(?![^，。；,;]{0,24}?(?:上|中|期间|期間|现场|現場|显示|顯示|指出))"
)
NOWADAYS = re.compile(
    r"近日|日前|昨[日天]|今[日天]|本周|本週|本月|如今|目前|现在|現在|最近|近期|至今|此后|此後|后来|後來|当年|當年|当时|當時|年过去|个月过去|個月过去"
)
# At the head of a sentence further on.
NOW = re.compile(r"[如现現而][今在](?:(?<=^..)|(?<=[。！？]..))")
TOLD_BEFORE = re.compile(
    r"(?:回忆|回憶|讲述|講述|展出|陈列|陳列|包括|记录|記錄|记载|記載|纪念|紀念|悼念|描绘|描繪|想起|记得|記得|重温|重溫|不忘|曾|曾经|曾經)[^，。；,;]{0,16}$"
)
TOLD_AFTER = re.compile(
    r"[^，。；,;]{0,16}?(?:说起|說起|谈起|談起|讲起|講起|那天|那一天|那晚|首次|第一次|开馆|開館|开业|開業|开园|開園|竣工|落成|投产|投產"
    r"|加入|入世|被捕|潜逃|潛逃|失踪|失蹤|生于|入伍|入党|上任|就任|停水|停电|倒闭|关闭|以来|以來)"
)

# How a year that stands alone is meant.
YEAR_PAST_BEFORE = re.compile(
    r"(?:自从|自從|自|从|從|早在|于|於|继|繼|较|較|比|截至|此前|曾于|曾|成功(?:举办|舉辦)|举办了|舉辦了|获得|荣获|獲得)\s?$"
)
YEAR_PAST_AFTER = re.compile(
    r"(?:[^\s\d，。；,;]{0,10}?(?:以来|以來|相比|同期|成功|曾|已|举办过|舉辦過|期间(?!将)|期間)|(?:底|末|初|春|夏|秋|冬)?(?:就|便|已|曾)|[^\s\d，。；,;]{0,8}了)"
)
YEAR_FUTURE_BEFORE = re.compile(
    r"(?:(?<!截)(?<!截止)[到至]|力争|力爭|争取|爭取|预计|預計|将于|將於|将在|將在|将从|将自|拟于|计划于|計劃於|定于|展望|面向|迎接|筹备|籌備|力促|迈向|邁向|有望(?:于|在)?|可望(?:于|在)?|预期)\s?$"
)
YEAR_FUTURE_AFTER = re.compile(
    r"(?:[前]|年底前|[^\s\d，。；,;]{0,4}之前|[^\s\d，。；,;和与與及]{0,14}?(?:做准备|作准备|做準備|作準備|做好准备|目标|目標|愿景|願景|预测|預測|前景|展望|将|將|计划$))"
)
# 2018年…展览: a label of what is going on; none of these words stands between year and name.
LABEL_AFTER = re.compile(
    r"(?![以之至起初末底前后後来來时時间間中内內里的,，。、；)）”\s]|上半|下半|第[一二三四1-4]季|[和与與及同])"
)
LABEL_BEFORE = re.compile(
    r"(?:[于於自从從到至较較比早曾和与與及、为為继繼期—-]|截至|此前|暨|过去|目前|备战|備戰|筹备|籌備|筹办|籌辦|申办|申辦|迎接|角逐|冲击|衝擊|候选|預選|预选|面向|展望)\s?$"
)

# 2018年工作总结 is held in the first weeks of 2019, 2019年任务部署 in the last of 2018 or the first of 2019.
REVIEW_BEFORE = re.compile(r"(?:总结|總結|回顾|回顧|盘点|盤點)\s?$")
REVIEW = re.compile(
    r"[^\s\d，。；,;]{0,12}?(?:总结|總結|回顾|回顧|述职|表彰|年报|年報|年度报告|全年|统计数据|统计公报|GDP|经济社会数据|经济增长)"
)
OUTLOOK = re.compile(
    r"[^\s\d，。；,;]{0,12}?(?:任务|任務|部署|工作计划|工作計劃|预算|預算|展望|前景|计划|計劃|指标|指標|工作方向)"
)
STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
SPRING_FEAST = re.compile(
    rf"(?:[{STEMS}][{BRANCHES}]年?|农历|農曆)?(?:春节|春節|新春|春运|春運|元宵)(?![^\s，。；,;]{0, 6}(?:相比|同期))"
)
NEXT_YEAR_FEAST = re.compile(r"[^\s\d，。；,;]{0,4}?(?:春节|春節|新年|新春|春运|春運|元旦|农历新年)")

ADOPTED = re.compile(
    r"通过|通過|批准|核准|签署|簽署|签订|簽訂|发布|發佈|發布|公布|公佈|启动|啟動|颁布|頒布|出台|制定|制訂|一致同意|印发|印發|推出"
)
ALREADY = re.compile(r"(?:此前|已|曾|去年|前年)[^\s\d，。；,;]{0,6}(?:通过|通過|批准|签署|簽署|公布|发布|颁布|出台)")
PLAN_AFTER = re.compile(
    r"(?:阶段|階段|年度|期间|期間|时期|任期|財年)?[^。！？；]{0,28}?(?:计划|計劃|规划|規劃|战略|戰略|方向|方案|纲要|綱要|议程|議程|行动|行動|协议|協議|协定|框架|目标|目標|任务|任務|项目|路线图|路線圖)"
)
STATISTIC_BEFORE = re.compile(r"(?:较|較|比|与|與|同|于|於|在|是|为|為|属|屬|的|自)\s?$")

HALF_YEAR = re.compile(r"(上|下)半年")
MONTHS_OF = re.compile(
    r"(?:前|头)\s?(\d{1,2}|[一二三四五六七八九十]{1,2})\s?个?個?月|(?:1|一)(?:月)?(?:[-–—~～]|至|到)(\d{1,2}|[一二三四五六七八九十]{1,2})\s?月"
)
QUARTER = re.compile(r"(?:第\s?)?([一二三四1-4])季度?")

# 2018-2019学年 begins in autumn.
SCHOOL_YEAR = re.compile(r"\s?(?:学年|學年)")
# 截至2018年7月底: figures are told soon after.
AS_OF = re.compile(r"(?:截至|截止|截止到|到|刚刚过去的|剛剛過去的)\s?$")
# The sixty names of years; the month tells whether the feast before or the one to come is meant.
SEXAGENARY = re.compile(
    rf"(?P<name>[{STEMS}][{BRANCHES}])(?:[鼠牛虎兔龙龍蛇马馬羊猴鸡雞狗猪豬])?(?P<feast>年?(?:春节|春節|新春|新年|农历新年)|年|迎春)"
)

CHAIRS = re.compile(r"[^，。；,;曾]{0,10}?(?:担任|擔任|轮任|輪任)[^，。；,;]{0,20}?(?:主席|东道|東道)")
# 以迎接…60周年: still to come.
TO_COME = re.compile(r"(?:迎接|面向|喜迎|筹备|籌備|即将|即將|迈向|邁向|前夕)[^。；]{0,40}$")
SINCE_EVENT = re.compile(r"(?:自|从|從|自从)[^。；]{0,40}$")
SINCE_END = re.compile(r"[^。；，,]{0,16}(?:以来|以來|至今)")
DURATION = re.compile(
    r"(?<![\d第近])(?P<n>\d{1,2}|[一二两兩三四五六七八九十]{1,2})(?P<more>多|余|餘)?年(?P<more2>多|余)?(?:来|來|以来|以來|间|的时间)"
)
PERIOD = re.compile(
    r"每(?P<n>[一二两兩三四五]|\d)?年(?:举办|舉辦|举行|舉行|召开|召開|一|举)[^\s\d，。；,;]{0,3}?(?:一[次届屆]|1[次届])?"
)
PREVIOUS = re.compile(r"(?:上一?[届屆次]|前一[届屆次]|第\s?(?P<n>\d{1,3}|[一二三四五六七八九十]{1,4})\s?[届屆次])")
THIS_YEAR = re.compile(r"(?P<which>今年|本年度|去年|前年|明年)\s?(?:[（(]\s?(?:即)?|即|，即|是)\s?$")
WEEKDAY = re.compile(r"\s?[（(]?\s?(?:星期|周|週|礼拜|禮拜)\s?([一二三四五六日天])")
WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
