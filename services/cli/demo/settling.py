"""The chapter in which two cities settle: what is owed, on both sides, and the plan's counters.

The month that lasts is shown open; the one before, in which this alliance was not yet there, is
closed and agreed on.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.cli.demo.catalogue import SPORTS
from services.cli.demo.http import Answer
from services.cli.demo.operator import Operator
from services.cli.demo.partner import PartnerCity
from services.cli.demo.script import Script, eventually, summary
from services.cli.demo.visitor import Visitor
from services.cli.demo.world import FUZHOU, HANGZHOU, World

VOUCHER_FEN = 3_000
SMALLEST_CELL = 10  # as it is set without a setting
BUSY = 503  # the recognition is still on its way


def settle(script: Script, world: World, guest: Visitor, gym: Operator) -> None:
    """Use a voucher at the home city's expense; both cities know what is owed for it."""
    script.chapter("十一、城市间结算", "11. Settlement between two cities")
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    month = f"{now:%Y-%m}"
    before = f"{now.replace(day=1) - timedelta(days=1):%Y-%m}"
    grant, _seconds = eventually(lambda: guest.take(SPORTS), lambda taken: taken.status != BUSY)
    script.succeeds(
        "使用一张由归属城市承担的运动券",
        "A sports voucher, at the home city's expense, is used",
        gym.redeem(grant["pass_token"]) if grant.ok else grant,
    )
    fuzhou, hangzhou = PartnerCity(world, FUZHOU), PartnerCity(world, HANGZHOU)
    path = f"/v1/settlements/{month}"

    def both() -> tuple[Answer, Answer]:
        return fuzhou.get(HANGZHOU, path), hangzhou.get(FUZHOU, path)

    (host_side, home_side), _seconds = eventually(
        both, lambda pair: pair[0].ok and pair[1].ok and pair[0]["digest"] == pair[1]["digest"]
    )
    known = host_side.ok and home_side.ok
    script.expect(
        "两市各自计算：福州应付杭州，金额一致、方向相反",
        "Both compute it from their own records: what Fuzhou owes Hangzhou",
        held=known
        and host_side["digest"] == home_side["digest"]
        and host_side["net_fen"] == -home_side["net_fen"] >= VOUCHER_FEN,
        seen=f"{host_side['net_fen']} / {home_side['net_fen']} fen, {host_side['digest'][:16]}"
        if known
        else f"{summary(host_side)} / {summary(home_side)}",
    )
    here, there = world.administrator(HANGZHOU), world.administrator(FUZHOU)
    script.refused(
        "当月未结束：不能关账",
        "A month that lasts cannot be closed",
        here.put(f"{path}/cities/{FUZHOU}/closing"),
        "period_not_over",
    )
    closed = here.put(f"/v1/settlements/{before}/cities/{FUZHOU}/closing")
    there.put(f"/v1/settlements/{before}/cities/{HANGZHOU}/closing")
    compared = hangzhou.post(
        FUZHOU, f"/v1/settlements/{before}/comparison", {"digest": closed.body.get("digest")}
    )
    script.expect(
        "上月双方关账并核对：一致",
        "Both close the month before and compare: agreed",
        held=compared.ok and compared["state"] == "agreed",
        seen=compared["state"] if compared.ok else summary(compared),
    )
    own = gym.door.get(f"/v1/own-statements/{month}")
    script.expect(
        "场馆对账单：本市应付款项，明细不含持有人与归属城市",
        "The hall's own statement: what the city pays it, without holder or home",
        held=own.ok
        and own["due_fen"] >= VOUCHER_FEN
        and not {"holder", "home", "attestation_id"} & own["lines"][0].keys(),
        seen=f"{own['due_fen']} fen, {len(own['lines'])} lines" if own.ok else summary(own),
    )
    counters = world.door(HANGZHOU).get("/v1/counters")
    numbers = {each["counter"]: each for each in counters["counters"]} if counters.ok else {}
    script.expect(
        "年度指标：新增场景与上线城市对外公布，使用次数过少则不公布",
        "The plan's counters: scenarios and cities are told, few uses are not",
        held=bool(numbers)
        and numbers["new_scenarios"]["reached"]
        and numbers["cities_online"]["value"] >= len(world.cities)
        and (numbers["uses"]["value"] or SMALLEST_CELL) >= SMALLEST_CELL,
        seen=", ".join(f"{name} {each['value']}" for name, each in numbers.items())
        or summary(counters),
    )
