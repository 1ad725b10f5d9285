"""Messages of scenarios: operators, scenarios, incentives, grants, redemptions, statements."""

from dataclasses import dataclass

from contracts.benefits import Benefit
from contracts.districts import DistrictCode
from contracts.fields import (
    CityCode,
    Count,
    EntityTag,
    Fen,
    Identifier,
    Moment,
    MonthName,
    Positive,
    Pseudonym,
    Reason,
    Slug,
    Tier,
    Title,
    Token,
)
from contracts.rules import Conditions, Limit, Quota, QuotaCount
from contracts.wire import command, event, reply
from contracts.words import (
    Category,
    Funding,
    GrantState,
    IncentiveState,
    OnCorrection,
    OnWithdrawal,
    ScenarioKind,
    UsageFact,
    VersionState,
)

# --- catalogue -----------------------------------------------------------------------------


@reply("scenarios.operator.record.v1")
@dataclass(frozen=True, kw_only=True)
class OperatorRecord:
    """Who runs scenarios in this city."""

    operator_id: Slug
    name: Title
    name_en: Title


@command("scenarios.operator.register.v1", reply=OperatorRecord)
@dataclass(frozen=True, kw_only=True)
class RegisterOperator:
    """Admit an operator."""

    operator_id: Slug
    name: Title
    name_en: Title


@reply("scenarios.scenario.record.v1")
@dataclass(frozen=True, kw_only=True)
class ScenarioRecord:
    """A place where credit is used."""

    scenario_id: Slug
    operator_id: Slug
    name: Title
    name_en: Title
    category: Category
    district: DistrictCode | None = None
    kind: ScenarioKind = ScenarioKind.INCENTIVE


@command("scenarios.scenario.register.v1", reply=ScenarioRecord)
@dataclass(frozen=True, kw_only=True)
class RegisterScenario:
    """Register a scenario of one's own."""

    scenario_id: Slug
    operator_id: Slug
    name: Title
    name_en: Title
    category: Category
    district: DistrictCode | None = None
    kind: ScenarioKind = ScenarioKind.INCENTIVE


@dataclass(frozen=True, kw_only=True)
class IncentiveTerms:
    """What an incentive asks and gives.

    `quota` bounds the number of grants, `budget_fen` the money they may cost in all: each grant
    reserves its most (`Discount.cap_fen`, `Voucher.face_fen`); `quotas` bound grants or money by
    period and district.  A grant may be used for `grant_days` days and never longer than the
    recognition behind it.  A redemption can be reversed for `reversible_minutes`.  With
    `on_withdrawal` call_back a grant ends `notice_days` after its recognition.
    """

    title: Title
    title_en: Title
    benefit: Benefit
    minimum_tier: Tier
    per_holder: Limit
    quota: Limit | None = None
    budget_fen: Fen | None = None
    on_withdrawal: OnWithdrawal = OnWithdrawal.REVOKE_OPEN
    offered_until: Moment | None = None
    grant_days: Positive = 30
    on_correction: OnCorrection = OnCorrection.RESTORE
    conditions: Conditions | None = None
    quotas: tuple[Quota, ...] = ()
    funding: Funding = Funding.HOST_OPERATOR
    reversible_minutes: Count = 0
    notice_days: Count = 0


@reply("scenarios.incentive.record.v1")
@dataclass(frozen=True, kw_only=True)
class IncentiveRecord(IncentiveTerms):
    """The newest version of an incentive; `version` grows with every change of its terms.

    `state` is where the incentive stands on the whole, `version_state` where this version does.
    Since `published_at` this version is published; it is in force from then or from `offered_from`,
    whichever is later.
    """

    incentive_id: Slug
    version: Positive
    scenario_id: Slug
    offered_from: Moment
    state: IncentiveState = IncentiveState.PUBLISHED
    version_state: VersionState = VersionState.PUBLISHED
    published_at: Moment | None = None
    hold: bool = False


@command("scenarios.incentive.publish.v1", reply=IncentiveRecord)
@dataclass(frozen=True, kw_only=True)
class PublishIncentive(IncentiveTerms):
    """Submit an incentive in a scenario of one's own, or a new version of it, for review.

    It is published once the city has accepted it; with `hold`, when its operator says so after.
    """

    incentive_id: Slug
    scenario_id: Slug
    operator_id: Slug
    offered_from: Moment | None = None
    hold: bool = False
    seen: EntityTag | None = None


@event("scenarios.incentive.published.v1")
@dataclass(frozen=True, kw_only=True)
class IncentivePublished(IncentiveTerms):
    """A version of an incentive is published: on offer under these terms.

    It is in force from `published_at` or `offered_from`, whichever is later, and takes the place of
    every version that is not in force by then.  `district` is where its scenario is.
    """

    incentive_id: Slug
    version: Positive
    scenario_id: Slug
    scenario_name: Title
    scenario_name_en: Title
    operator_id: Slug
    category: Category
    offered_from: Moment
    district: DistrictCode | None = None
    published_at: Moment | None = None


# --- grants --------------------------------------------------------------------------------


@reply("scenarios.grant.record.v1")
@dataclass(frozen=True, kw_only=True)
class GrantRecord:
    """A grant as its holder sees it; `pass_token` is what an operator redeems while it is open."""

    grant_id: Identifier
    incentive_id: Slug
    incentive_version: Positive
    scenario_id: Slug
    benefit: Benefit
    state: GrantState
    uses_left: Count
    issued_at: Moment
    until: Moment
    pass_token: Token | None
    ended_reason: Reason | None = None
    pass_until: Moment | None = None
    left_fen: Fen | None = None
    recall_reason: Reason | None = None
    recall_ends_at: Moment | None = None


@reply("scenarios.grant.records.v1")
@dataclass(frozen=True, kw_only=True)
class GrantRecords:
    """Grants of one holder, newest first."""

    grants: tuple[GrantRecord, ...]
    next: Identifier | None = None


@command("scenarios.grant.issue.v1", reply=GrantRecord)
@dataclass(frozen=True, kw_only=True)
class IssueGrant:
    """Take an incentive; `recognition_id` is the recognition the caller's session rests on.

    `district` is where it is to be used, for incentives that ask or count it.
    """

    grant_id: Identifier
    holder: Pseudonym
    recognition_id: Identifier
    incentive_id: Slug
    district: DistrictCode | None = None


@command("scenarios.grant.show.v1", reply=GrantRecord)
@dataclass(frozen=True, kw_only=True)
class ShowGrant:
    """Ask for one grant of a holder."""

    grant_id: Identifier
    holder: Pseudonym


@command("scenarios.grant.list.v1", reply=GrantRecords)
@dataclass(frozen=True, kw_only=True)
class ListGrants:
    """Ask for the grants of a holder, newest first (at most 100), those that follow one."""

    holder: Pseudonym
    after: Identifier | None = None


@reply("scenarios.redemption.record.v1")
@dataclass(frozen=True, kw_only=True)
class RedemptionRecord:
    """One use of a grant: what the operator owes the bearer of the pass, and charges them.

    What was not measured is null.  `left_fen` is what is left of a voucher; a deposit that is
    waived can be called until `held_until`.  `pay_by` is of a benefit to pay later, `valid_until`
    of a certificate.
    """

    redemption_id: Identifier
    incentive_id: Slug
    scenario_id: Slug
    benefit: Benefit
    uses_left: Count
    redeemed_at: Moment
    given_fen: Fen = 0
    charged_fen: Fen | None = None
    given_minutes: Count | None = None
    charged_minutes: Count | None = None
    waived_fen: Fen | None = None
    left_fen: Fen | None = None
    reversible_until: Moment | None = None
    held_until: Moment | None = None
    pay_by: Moment | None = None
    valid_until: Moment | None = None


@command("scenarios.pass.redeem.v1", reply=RedemptionRecord)
@dataclass(frozen=True, kw_only=True)
class RedeemPass:
    """Use a grant once, by its pass, at an operator's own scenario.

    `amount_fen` is the base price, the sum to pay or the deposit, `minutes` those of the ride or
    the stay, as the benefit is reckoned; without them it gives its most.
    """

    redemption_id: Identifier
    operator_id: Slug
    pass_token: Token
    amount_fen: Fen | None = None
    minutes: Count | None = None


@event("scenarios.grant.issued.v1")
@dataclass(frozen=True, kw_only=True)
class GrantIssued:
    """A holder has a grant.

    `period_issued` of the quota's `quota_period` and `holder_issued` of the holder's
    `holder_period` count this grant in, so a reader can tell what is left; so do `counts`, of which
    those with the highest `count_number` hold.  While it is open it bars what it `excludes`.
    """

    grant_id: Identifier
    incentive_id: Slug
    scenario_id: Slug
    operator_id: Slug
    holder: Pseudonym
    home: CityCode
    attestation_id: Identifier
    value_fen: Fen
    holder_period: str
    holder_issued: Positive
    quota_period: str | None
    period_issued: Count
    budget_left_fen: Fen | None
    issued_at: Moment
    until: Moment
    funding: Funding | None = None
    count_number: Count = 0
    counts: tuple[QuotaCount, ...] = ()
    excludes: tuple[Slug, ...] = ()


@event("scenarios.grant.redeemed.v1")
@dataclass(frozen=True, kw_only=True)
class GrantRedeemed:
    """A grant was used once."""

    grant_id: Identifier
    redemption_id: Identifier
    incentive_id: Slug
    scenario_id: Slug
    operator_id: Slug
    home: CityCode
    attestation_id: Identifier
    value_fen: Fen
    uses_left: Count
    redeemed_at: Moment
    funding: Funding | None = None


@event("scenarios.grant.ended.v1")
@dataclass(frozen=True, kw_only=True)
class GrantEnded:
    """A grant ended without being used up: `state` is revoked or expired.

    `restored` counts how often it had been restored before.
    """

    grant_id: Identifier
    incentive_id: Slug
    scenario_id: Slug
    operator_id: Slug
    home: CityCode
    attestation_id: Identifier
    value_fen: Fen
    state: GrantState
    reason: Reason
    ended_at: Moment
    restored: Count = 0
    funding: Funding | None = None


# --- statements ----------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class StatementLine:
    """One fact about one grant; who pays is what the terms said when the grant was issued."""

    line_id: Identifier
    grant_id: Identifier
    attestation_id: Identifier
    incentive_id: Slug
    fact: UsageFact
    value_fen: Fen
    at: Moment
    funding: Funding | None = None


@reply("scenarios.statement.drawn.v1")
@dataclass(frozen=True, kw_only=True)
class Statement:
    """What was granted in `host` on attestations of `home` in one month (host calendar).

    Both cities draw it from their own records; equal `digest`s mean equal lines.  A grant that was
    restored counts as revoked as well, as often as it was; a redemption that was reversed counts as
    redeemed as well.  What was given is `redeemed_fen` - `reversed_fen` + `called_fen`.
    """

    period: MonthName
    home: CityCode
    host: CityCode
    issued: Count
    redeemed: Count
    expired: Count
    revoked: Count
    redeemed_fen: Fen
    digest: str
    lines: tuple[StatementLine, ...]
    truncated: bool = False
    restored: Count = 0
    reversed: Count = 0
    recalled: Count = 0
    kept: Count = 0
    called: Count = 0
    reversed_fen: Fen = 0
    called_fen: Fen = 0


@command("scenarios.statement.draw.v1", reply=Statement)
@dataclass(frozen=True, kw_only=True)
class DrawStatement:
    """Ask for the statement of a month between this city and another."""

    period: MonthName
    home: CityCode
    host: CityCode
