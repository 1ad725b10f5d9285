"""What the operators of Hangzhou offer in the demo: items 31 to 33 of the 2024 work plan.

Benefits follow the plan and published offers; tiers, limits and budgets are illustrative.
"""

from typing import Any

MONTH, LIFETIME = "month", "lifetime"

BIKES, GYM, SCHOOL = "hz-public-bike", "hz-sports-venue", "hz-driving-school"

OPERATORS: dict[str, tuple[str, str]] = {
    BIKES: ("杭州公共自行车", "Hangzhou public bikes"),
    GYM: ("城北体育馆", "Chengbei sports hall"),
    SCHOOL: ("运河驾校", "Canal driving school"),
}

LATE_RETURN, FREE_RIDE = "hz-bike-late-return", "hz-bike-free-ride"
SPORTS, OPENING_DAY, LESSONS = "hz-sports-voucher", "hz-sports-opening-day", "hz-driving-discount"


def scenario(name: str, name_en: str, category: str) -> dict[str, Any]:
    return {"name": name, "name_en": name_en, "category": category}


def limit(count: int, period: str) -> dict[str, Any]:
    return {"count": count, "period": period}


OFFERS: tuple[tuple[str, dict[str, Any], dict[str, Any]], ...] = (
    (
        BIKES,
        scenario("小红车信用延时还", "Public bike, late return", "transport"),
        {
            "incentive_id": LATE_RETURN,
            "title": "信用延时还 120 分钟",
            "title_en": "120 minutes of late return",
            "benefit": {"type": "rental_extension", "minutes": 120},
            "minimum_tier": 3,
            "per_holder": limit(30, MONTH),
            "quota": limit(100_000, MONTH),
            "on_withdrawal": "keep_started",
        },
    ),
    (
        BIKES,
        scenario("共享单车信用免费骑行", "Shared bike, free rides", "transport"),
        {
            "incentive_id": FREE_RIDE,
            "title": "5 次 30 分钟免费骑行",
            "title_en": "Five free rides of 30 minutes",
            "benefit": {"type": "free_use", "uses": 5, "minutes_each": 30},
            "minimum_tier": 4,
            "per_holder": limit(1, MONTH),
            "quota": limit(20_000, MONTH),
            "on_withdrawal": "revoke_open",
        },
    ),
    (
        SCHOOL,
        scenario("学驾折扣优惠", "Driving-school discount", "driving_school"),
        {
            "incentive_id": LESSONS,
            "title": "学费九折，最多减 500 元",
            "title_en": "10 % off lessons, at most 500 yuan",
            "benefit": {"type": "discount", "percent_off": 10, "cap_fen": 50_000},
            "minimum_tier": 4,
            "per_holder": limit(1, LIFETIME),
            "budget_fen": 50_000_000,
            "on_withdrawal": "keep_started",
        },
    ),
    (
        GYM,
        scenario("信用+体育权益", "Sports benefit", "sports"),
        {
            "incentive_id": SPORTS,
            "title": "30 元运动券",
            "title_en": "A 30 yuan sports voucher",
            "benefit": {"type": "voucher", "face_fen": 3_000},
            "funding": "home_city",
            "minimum_tier": 3,
            "per_holder": limit(2, MONTH),
            "budget_fen": 100_000_000,
            "on_withdrawal": "revoke_open",
        },
    ),
    (
        GYM,
        scenario("开馆日免费体验", "Opening day, free try", "sports"),
        {
            "incentive_id": OPENING_DAY,
            "title": "开馆日免费体验（仅 1 份）",
            "title_en": "A free try on opening day (one in all)",
            "benefit": {"type": "free_use", "uses": 1},
            "minimum_tier": 3,
            "per_holder": limit(1, MONTH),
            "quota": limit(1, MONTH),
            "on_withdrawal": "revoke_open",
        },
    ),
)
