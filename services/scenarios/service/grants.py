"""Grants on the bus: taken, reserved, used, ended, and why each was decided."""

from nameko.timer import timer

from contracts import corrections as corrected
from contracts import decisions as decided
from contracts import passes as shown
from contracts import quotas as reserved
from contracts import recognition as told
from contracts import scenarios as asked
from services.plumbing.entrypoints import answers, hears
from services.scenarios.handlers import (
    corrections,
    decisions,
    expiry,
    forgetting,
    grants,
    recalls,
    recognitions,
    redemptions,
    reservations,
    reversals,
)
from services.scenarios.service.given import Given

EXPIRY_SECONDS = 30
RELEASE_SECONDS = 5  # others wait for what an overdue reservation holds
FORGET_SECONDS = 3600


class GrantEntrypoints(Given):
    """What holders and operators do with grants, and what becomes of them by events and time."""

    @answers(asked.IssueGrant)
    def issue_grant(self, command: asked.IssueGrant) -> asked.GrantRecord:
        return grants.issue_grant(
            command,
            uow=self.uow,
            city=self.settings.city,
            passes=self.passes,
            now=self.clock(),
        )

    @answers(reserved.ReserveGrant)
    def reserve_grant(self, command: reserved.ReserveGrant) -> reserved.ReservationRecord:
        return reservations.reserve_grant(
            command,
            uow=self.uow,
            city=self.settings.city,
            minutes=self.settings.reservation_minutes,
            now=self.clock(),
        )

    @answers(reserved.ConfirmReservation)
    def confirm_reservation(self, command: reserved.ConfirmReservation) -> asked.GrantRecord:
        return reservations.confirm_reservation(
            command,
            uow=self.uow,
            city=self.settings.city,
            passes=self.passes,
            now=self.clock(),
        )

    @answers(reserved.CancelReservation)
    def cancel_reservation(self, command: reserved.CancelReservation) -> reserved.ReservationRecord:
        return reservations.cancel_reservation(command, uow=self.uow, now=self.clock())

    @answers(reserved.ShowReservation)
    def show_reservation(self, command: reserved.ShowReservation) -> reserved.ReservationRecord:
        return reservations.show_reservation(command, uow=self.uow, now=self.clock())

    @answers(asked.ShowGrant)
    def show_grant(self, command: asked.ShowGrant) -> asked.GrantRecord:
        return grants.show_grant(command, uow=self.uow, passes=self.passes, now=self.clock())

    @answers(asked.ListGrants)
    def list_grants(self, command: asked.ListGrants) -> asked.GrantRecords:
        return grants.list_grants(command, uow=self.uow, passes=self.passes, now=self.clock())

    @answers(asked.RedeemPass)
    def redeem_pass(self, command: asked.RedeemPass) -> asked.RedemptionRecord:
        return redemptions.redeem_pass(
            command,
            uow=self.uow,
            city=self.settings.city,
            passes=self.passes,
            now=self.clock(),
        )

    @answers(decided.ExplainDecision)
    def explain_decision(self, command: decided.ExplainDecision) -> decided.DecisionRecord:
        return decisions.explain_decision(command, uow=self.uow)

    @answers(decided.ListDecisions)
    def list_decisions(self, command: decided.ListDecisions) -> decided.DecisionRecords:
        return decisions.list_decisions(command, uow=self.uow)

    @answers(shown.ReverseRedemption)
    def reverse_redemption(self, command: shown.ReverseRedemption) -> shown.ReversalRecord:
        return reversals.reverse_redemption(
            command, uow=self.uow, city=self.settings.city, now=self.clock()
        )

    @answers(shown.RecallGrant)
    def recall_grant(self, command: shown.RecallGrant) -> shown.RecallRecord:
        return recalls.recall_grant(
            command, uow=self.uow, city=self.settings.city, now=self.clock()
        )

    @answers(shown.CallDeposit)
    def call_deposit(self, command: shown.CallDeposit) -> shown.DepositRecord:
        return reversals.call_deposit(
            command, uow=self.uow, city=self.settings.city, now=self.clock()
        )

    @answers(shown.ShowPassKeys)
    def show_pass_keys(self, command: shown.ShowPassKeys) -> shown.PassKeySet:
        return redemptions.show_pass_keys(command, city=self.settings.city, passes=self.passes)

    @hears(told.ScoreRecognised, together=True)
    def on_score_recognised(self, event: told.ScoreRecognised) -> None:
        recognitions.on_score_recognised(
            event, uow=self.uow, city=self.settings.city, now=self.clock()
        )

    @hears(told.RecognitionEnded)
    def on_recognition_ended(self, event: told.RecognitionEnded) -> None:
        recognitions.on_recognition_ended(
            event, uow=self.uow, city=self.settings.city, now=self.clock()
        )

    @hears(corrected.RecognitionRevised)
    def on_recognition_revised(self, event: corrected.RecognitionRevised) -> None:
        corrections.on_recognition_revised(
            event, uow=self.uow, city=self.settings.city, now=self.clock()
        )

    @hears(corrected.RecognitionSuspended)
    def on_recognition_suspended(self, event: corrected.RecognitionSuspended) -> None:
        corrections.on_recognition_suspended(event, uow=self.uow, now=self.clock())

    @hears(corrected.RecognitionResumed)
    def on_recognition_resumed(self, event: corrected.RecognitionResumed) -> None:
        corrections.on_recognition_resumed(
            event, uow=self.uow, city=self.settings.city, now=self.clock()
        )

    @timer(interval=EXPIRY_SECONDS)
    def expire_grants(self) -> None:
        expiry.expire_grants(uow=self.uow, city=self.settings.city, now=self.clock())

    @timer(interval=EXPIRY_SECONDS)
    def release_holds(self) -> None:
        reversals.release_holds(uow=self.uow, now=self.clock())

    @timer(interval=RELEASE_SECONDS)
    def expire_reservations(self) -> None:
        reservations.expire_reservations(uow=self.uow, now=self.clock())

    @timer(interval=FORGET_SECONDS, eager=True)
    def forget_counters(self) -> None:
        forgetting.forget_counters(uow=self.uow, now=self.clock())

    @timer(interval=FORGET_SECONDS, eager=True)
    def forget_refusals(self) -> None:
        forgetting.forget_refusals(
            uow=self.uow, kept_days=self.settings.refused_decision_days, now=self.clock()
        )

    @timer(interval=FORGET_SECONDS, eager=True)
    def forget_decisions(self) -> None:
        decisions.forget_decisions(
            uow=self.uow,
            kept_days=self.settings.decision_days,
            refused_days=self.settings.refused_decision_days,
            now=self.clock(),
        )
