"""The read side as a nameko service: hears what decides about incentives."""

from nameko.timer import timer

from contracts.catalogue import IncentiveMoved
from contracts.corrections import (
    GrantRestored,
    RecognitionResumed,
    RecognitionRevised,
    RecognitionSuspended,
)
from contracts.erasures import HolderErased
from contracts.passes import GrantKept, GrantRecalled, RedemptionReversed
from contracts.quotas import GrantReserved, QuotaCounted
from contracts.recognition import RecognitionEnded, ScoreRecognised
from contracts.scenarios import GrantEnded, GrantIssued, GrantRedeemed, IncentivePublished
from services.gateway.adapters.unit_of_work import make_unit_of_work
from services.gateway.eligibility import corrections, forgetting, held, projector, quotas
from services.plumbing.database import empty_log
from services.plumbing.entrypoints import hears
from services.plumbing.providers import ClockProvider, DatabaseProvider, UnitOfWorkProvider

FORGET_SECONDS = 3600


class EligibilityService:
    """Each event and its effect are one transaction."""

    name = "eligibility"
    queue = "eligibility.events"
    linger = 0.04  # seconds

    uow = UnitOfWorkProvider(make_unit_of_work)
    clock = ClockProvider()
    database = DatabaseProvider()

    @hears(ScoreRecognised, together=True)
    def on_score_recognised(self, event: ScoreRecognised) -> None:
        with self.uow as uow:
            projector.recognise(uow.connection, event)
            uow.commit()

    @hears(RecognitionEnded, together=True)
    def on_recognition_ended(self, event: RecognitionEnded) -> None:
        with self.uow as uow:
            projector.end_recognition(uow.connection, event)
            uow.commit()

    @hears(RecognitionRevised, together=True)
    def on_recognition_revised(self, event: RecognitionRevised) -> None:
        with self.uow as uow:
            corrections.revise(uow.connection, event)
            uow.commit()

    @hears(RecognitionSuspended, together=True)
    def on_recognition_suspended(self, event: RecognitionSuspended) -> None:
        with self.uow as uow:
            corrections.suspend(uow.connection, event)
            uow.commit()

    @hears(RecognitionResumed, together=True)
    def on_recognition_resumed(self, event: RecognitionResumed) -> None:
        with self.uow as uow:
            corrections.resume(uow.connection, event)
            uow.commit()

    @hears(HolderErased, together=True)
    def on_holder_erased(self, event: HolderErased) -> None:
        with self.uow as uow:
            forgetting.erase_holder(uow.connection, event)
            uow.commit()

    @hears(IncentivePublished, together=True)
    def on_incentive_published(self, event: IncentivePublished) -> None:
        with self.uow as uow:
            projector.publish_incentive(uow.connection, event)
            uow.commit()

    @hears(IncentiveMoved, together=True)
    def on_incentive_moved(self, event: IncentiveMoved) -> None:
        with self.uow as uow:
            projector.move_incentive(uow.connection, event)
            uow.commit()

    @hears(GrantIssued, together=True)
    def on_grant_issued(self, event: GrantIssued) -> None:
        with self.uow as uow:
            projector.count_grant(uow.connection, event)
            uow.commit()

    @hears(GrantRedeemed, together=True)
    def on_grant_redeemed(self, event: GrantRedeemed) -> None:
        self._change_held(event)

    @hears(GrantEnded, together=True)
    def on_grant_ended(self, event: GrantEnded) -> None:
        self._change_held(event)

    @hears(GrantRestored, together=True)
    def on_grant_restored(self, event: GrantRestored) -> None:
        self._change_held(event)

    @hears(RedemptionReversed, together=True)
    def on_redemption_reversed(self, event: RedemptionReversed) -> None:
        self._change_held(event)

    @hears(GrantRecalled, together=True)
    def on_grant_recalled(self, event: GrantRecalled) -> None:
        self._change_held(event)

    @hears(GrantKept, together=True)
    def on_grant_kept(self, event: GrantKept) -> None:
        self._change_held(event)

    @hears(GrantReserved, together=True)
    def on_grant_reserved(self, event: GrantReserved) -> None:
        with self.uow as uow:
            projector.count_reservation(uow.connection, event)
            uow.commit()

    @hears(QuotaCounted, together=True)
    def on_quota_counted(self, event: QuotaCounted) -> None:
        with self.uow as uow:
            projector.count_quotas(uow.connection, event)
            uow.commit()

    @timer(interval=FORGET_SECONDS, eager=True)
    def forget(self) -> None:
        more = True
        while more:
            with self.uow as uow:
                old = projector.forget_old(uow.connection, self.clock())
                over = held.forget_over(uow.connection, self.clock())
                over = quotas.forget_over(uow.connection, self.clock()) or over
                over = forgetting.forget_reservations(uow.connection, self.clock()) or over
                more = forgetting.forget_erased(uow.connection, self.clock()) or old or over
                uow.commit()
        with self.uow as uow:
            forgetting.forget_changes(uow.connection)
            uow.commit()
        last: str | None = ""
        while last is not None:
            with self.uow as uow:
                last = forgetting.forget_over(uow.connection, self.clock(), last)
                uow.commit()
        empty_log(self.database)

    def _change_held(self, event: held.Change) -> None:
        with self.uow as uow:
            held.change(uow.connection, event)
            uow.commit()
