"""Messages of passes: their keys; reversals, recalls, deposits that are called."""

from dataclasses import dataclass

from contracts.fields import (
    CityCode,
    Count,
    Fen,
    Identifier,
    Moment,
    Positive,
    Reason,
    Slug,
)
from contracts.public_keys import PublicKey
from contracts.wire import command, event, reply
from contracts.words import Funding, RecallReason


@reply("scenarios.pass.keys.v1")
@dataclass(frozen=True, kw_only=True)
class PassKeySet:
    """By which keys to check passes of a city: a JWK set (RFC 7517 §5)."""

    city: CityCode
    keys: tuple[PublicKey, ...]


@command("scenarios.pass.show_keys.v1", reply=PassKeySet)
@dataclass(frozen=True, kw_only=True)
class ShowPassKeys:
    """Ask for the public keys of passes."""


@reply("scenarios.redemption.reversal.v1")
@dataclass(frozen=True, kw_only=True)
class ReversalRecord:
    """A redemption was taken back: what it had given is the grant's again."""

    reversal_id: Identifier
    redemption_id: Identifier
    incentive_id: Slug
    returned_fen: Fen
    reversed_at: Moment


@command("scenarios.redemption.reverse.v1", reply=ReversalRecord)
@dataclass(frozen=True, kw_only=True)
class ReverseRedemption:
    """Take a redemption of one's own back, within the time its incentive allows."""

    reversal_id: Identifier
    redemption_id: Identifier
    operator_id: Slug


@reply("scenarios.deposit.record.v1")
@dataclass(frozen=True, kw_only=True)
class DepositRecord:
    """What became of a waived deposit."""

    redemption_id: Identifier
    incentive_id: Slug
    waived_fen: Fen
    called_fen: Fen
    called_at: Moment


@command("scenarios.deposit.call.v1", reply=DepositRecord)
@dataclass(frozen=True, kw_only=True)
class CallDeposit:
    """Ask for some of a waived deposit after all, or for none: then it is given back."""

    redemption_id: Identifier
    operator_id: Slug
    called_fen: Fen


@reply("scenarios.grant.recall_record.v1")
@dataclass(frozen=True, kw_only=True)
class RecallRecord:
    """A recall of a grant: until `ends_at` it can be used."""

    grant_id: Identifier
    incentive_id: Slug
    reason: Reason
    recalled_at: Moment
    ends_at: Moment


@command("scenarios.grant.recall.v1", reply=RecallRecord)
@dataclass(frozen=True, kw_only=True)
class RecallGrant:
    """Recall an open grant after a notice: its operator's, or any by the city (null)."""

    grant_id: Identifier
    operator_id: Slug | None
    reason: RecallReason
    notice_days: Positive


@event("scenarios.redemption.reversed.v1")
@dataclass(frozen=True, kw_only=True)
class RedemptionReversed:
    """A redemption was taken back: `value_fen` is what it had given; the grant has its use again.

    The grant is open again unless it has ended otherwise since.
    """

    grant_id: Identifier
    redemption_id: Identifier
    incentive_id: Slug
    scenario_id: Slug
    operator_id: Slug
    home: CityCode
    attestation_id: Identifier
    value_fen: Fen
    funding: Funding | None
    uses_left: Count
    reversed_at: Moment


@event("scenarios.grant.recalled.v1")
@dataclass(frozen=True, kw_only=True)
class GrantRecalled:
    """An open grant ends at `ends_at`, with notice; until then it can be used.

    `recalled` counts its recalls, this one in; `value_fen` is what it still holds of the budget.
    """

    grant_id: Identifier
    incentive_id: Slug
    scenario_id: Slug
    operator_id: Slug
    home: CityCode
    attestation_id: Identifier
    value_fen: Fen
    funding: Funding | None
    reason: Reason
    recalled: Positive
    recalled_at: Moment
    ends_at: Moment


@event("scenarios.grant.kept.v1")
@dataclass(frozen=True, kw_only=True)
class GrantKept:
    """A recall was taken back before its end, as what it was for was corrected."""

    grant_id: Identifier
    incentive_id: Slug
    scenario_id: Slug
    operator_id: Slug
    home: CityCode
    attestation_id: Identifier
    value_fen: Fen
    funding: Funding | None
    recalled: Positive
    kept_at: Moment
    until: Moment


@event("scenarios.deposit.called.v1")
@dataclass(frozen=True, kw_only=True)
class DepositCalled:
    """Of a waived deposit `value_fen` were asked for after all."""

    grant_id: Identifier
    redemption_id: Identifier
    incentive_id: Slug
    scenario_id: Slug
    operator_id: Slug
    home: CityCode
    attestation_id: Identifier
    value_fen: Fen
    funding: Funding | None
    called_at: Moment
