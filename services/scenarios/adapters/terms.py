"""The terms of a version in the columns of its row."""

from typing import Any

from sqlalchemy import Row

from contracts.words import Funding, OnCorrection, OnWithdrawal, Period
from services.scenarios.domain.incentive import Terms
from services.scenarios.domain.limits import Limit


def terms_columns(terms: Terms) -> dict[str, Any]:
    """Return the columns of a version's row that say its terms."""
    said = dict(vars(terms))
    per_holder, quota = said.pop("per_holder"), said.pop("quota")
    return {
        **said,
        "holder_count": per_holder.count,
        "holder_period": per_holder.period,
        "quota_count": quota and quota.count,
        "quota_period": quota and quota.period,
    }


def read_terms(row: Row[Any]) -> Terms:
    """Read the terms of a version's row."""
    quota = None
    if row.quota_count is not None:
        quota = Limit(count=row.quota_count, period=Period(row.quota_period))
    return Terms(
        title=row.title,
        title_en=row.title_en,
        benefit=row.benefit,
        minimum_tier=row.minimum_tier,
        per_holder=Limit(count=row.holder_count, period=Period(row.holder_period)),
        quota=quota,
        budget_fen=row.budget_fen,
        on_withdrawal=OnWithdrawal(row.on_withdrawal),
        offered_from=row.offered_from,
        offered_until=row.offered_until,
        grant_days=row.grant_days,
        on_correction=OnCorrection(row.on_correction),
        conditions=row.conditions,
        quotas=row.quotas or (),
        funding=Funding(row.funding),
        reversible_minutes=row.reversible_minutes,
        notice_days=row.notice_days,
    )
