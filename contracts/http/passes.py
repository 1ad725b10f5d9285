"""Bodies of passes: shown, redeemed, reversed, recalled."""

from dataclasses import dataclass

from contracts.fields import Count, Days, Fen, Identifier, Moment, Token
from contracts.words import RecallReason


@dataclass(frozen=True, kw_only=True)
class PassAnswer:
    """A pass of one's grant, to be shown before `until`; the next request gets another."""

    grant_id: Identifier
    pass_token: Token
    until: Moment


@dataclass(frozen=True, kw_only=True)
class RedemptionBody:
    """The pass as it was shown, and what is to be reckoned."""

    pass_token: Token
    amount_fen: Fen | None = None
    minutes: Count | None = None


@dataclass(frozen=True, kw_only=True)
class ReversalBody:
    """Which redemption is taken back."""

    redemption_id: Identifier


@dataclass(frozen=True, kw_only=True)
class RecallBody:
    """Why a grant is recalled, and how many days its holder may use it still."""

    reason: RecallReason
    notice_days: Days


@dataclass(frozen=True, kw_only=True)
class DepositBody:
    """How much of a waived deposit is called; 0 gives it back."""

    called_fen: Fen
