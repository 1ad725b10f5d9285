"""How each counter of the plan is called, and how it is computed, for people."""

from collections.abc import Mapping
from typing import Final

from contracts.problems import Text
from contracts.words import PlanCounter

TITLES: Final[Mapping[PlanCounter, Text]] = {
    PlanCounter.NEW_SCENARIOS: Text("New scenarios this year", "本年新增信用场景"),
    PlanCounter.DISTRICTS: Text("Districts that reached their target", "达标区、县（市）数"),
    PlanCounter.CITIES_ONLINE: Text("Cities online", "上线站点城市"),
    PlanCounter.USES: Text("Uses of incentives", "激励措施使用次数"),
    PlanCounter.SPECIAL_REPORTS: Text("Fields with special credit reports", "专项信用报告覆盖领域"),
    PlanCounter.OBJECTIONS_IN_TIME: Text("Objections closed in time", "按期办结的异议"),
}

COMPUTED: Final[Mapping[PlanCounter, Text]] = {
    PlanCounter.NEW_SCENARIOS: Text(
        "Scenarios whose first incentive came on offer in the year, up to the day.",
        "截至当日，本年内首次推出激励措施的信用场景数。",
    ),
    PlanCounter.DISTRICTS: Text(
        "Districts with at least 5 categories or 15 measures on offer at the end of the day.",
        "当日终了时，信用场景类别达 5 个或激励措施达 15 项的区、县（市）数。",
    ),
    PlanCounter.CITIES_ONLINE: Text(
        "Cities online by the alliance's roster at the end of the day, this one included.",
        "当日终了时，联盟成员名册中处于上线状态的城市数（含本城市）。",
    ),
    PlanCounter.USES: Text(
        "Redemptions up to the day, less those that were taken back, by category.",
        "截至当日的核销次数（扣除撤回），按场景类别统计。",
    ),
    PlanCounter.SPECIAL_REPORTS: Text(
        "Fields in which a special report took the place of a certificate, up to the day; where"
        " numbers are rounded, only fields with at least one step of reports.",
        "截至当日，以专项信用报告替代证明的领域数；分领域为报告份数。数值取整公布时，"
        "仅计报告份数不少于一个取整单位的领域。",
    ),
    PlanCounter.OBJECTIONS_IN_TIME: Text(
        "Of the objections due by the day, those that were closed by their deadline.",
        "截至当日应办结的异议中，按期办结的件数。",
    ),
}
