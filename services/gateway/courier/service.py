"""The courier as a nameko service: keeps the roster, and takes in what is to be delivered."""

import structlog
from nameko.timer import timer

from contracts import screening, special_reports, substitutions, trust_codes, vettings
from contracts.catalogue import IncentiveMoved
from contracts.corrections import GrantRestored
from contracts.evidence import EvidenceChanged
from contracts.membership import CityStateChanged
from contracts.passes import DepositCalled, GrantKept, GrantRecalled, RedemptionReversed
from contracts.quotas import GrantReserved, ReservationEnded
from contracts.recognition import NoticeReady, RosterAdopted
from contracts.scenarios import GrantEnded, GrantIssued, GrantRedeemed
from contracts.usage import GrantEvent
from services.gateway.adapters import roster
from services.gateway.adapters.idempotency_keys import forget_keys
from services.gateway.adapters.memberships import note_change
from services.gateway.adapters.unit_of_work import make_unit_of_work
from services.gateway.courier import departures, intake, upkeep
from services.gateway.courier.bodies import ReservationEvent
from services.gateway.courier.provider import CourierRounds, Polls
from services.gateway.courier.rule_bodies import RuleEvent
from services.plumbing.database import open_database
from services.plumbing.entrypoints import hears
from services.plumbing.providers import ClockProvider, SettingsProvider, UnitOfWorkProvider

FORGET_SECONDS = 3600
DEPARTURES_SECONDS = 600  # between looks for cities that left, or are back
UNREAD_SECONDS = 600  # between looks for notices that their city may have learned to read

log = structlog.get_logger("courier")


class CourierService:
    """What is announced and what has to be delivered for it are one transaction."""

    name = "courier"
    queue = "courier.events"
    linger = 0.2  # seconds; nobody waits for what is taken in here

    uow = UnitOfWorkProvider(make_unit_of_work)
    settings = SettingsProvider()
    clock = ClockProvider()
    rounds = CourierRounds()
    polls = Polls()

    @hears(RosterAdopted)
    def on_roster_adopted(self, event: RosterAdopted) -> None:
        with self.uow as uow:
            roster.adopt(uow.connection, event)
            uow.commit()
        self.polls.wake()

    @hears(CityStateChanged, together=True)
    def on_city_state_changed(self, event: CityStateChanged) -> None:
        with self.uow as uow:
            note_change(uow.connection, event)
            uow.commit()

    @hears(NoticeReady, together=True)
    def on_notice_ready(self, event: NoticeReady) -> None:
        with self.uow as uow:
            intake.take_notice(uow.connection, event, now=self.clock())
            uow.commit()

    @hears(GrantIssued, together=True)
    def on_grant_issued(self, event: GrantIssued) -> None:
        self._take(event)

    @hears(GrantRedeemed, together=True)
    def on_grant_redeemed(self, event: GrantRedeemed) -> None:
        self._take(event)

    @hears(GrantEnded, together=True)
    def on_grant_ended(self, event: GrantEnded) -> None:
        self._take(event)

    @hears(GrantRestored, together=True)
    def on_grant_restored(self, event: GrantRestored) -> None:
        self._take(event)

    @hears(RedemptionReversed, together=True)
    def on_redemption_reversed(self, event: RedemptionReversed) -> None:
        self._take(event)

    @hears(DepositCalled, together=True)
    def on_deposit_called(self, event: DepositCalled) -> None:
        self._take(event)

    @hears(GrantRecalled, together=True)
    def on_grant_recalled(self, event: GrantRecalled) -> None:
        self._take(event)

    @hears(GrantKept, together=True)
    def on_grant_kept(self, event: GrantKept) -> None:
        self._take(event)

    @hears(EvidenceChanged, together=True)
    def on_evidence_changed(self, event: EvidenceChanged) -> None:
        with self.uow as uow:
            intake.take_evidence_changed(uow.connection, event, id=uow.message_id, now=self.clock())
            uow.commit()

    @hears(GrantReserved, together=True)
    def on_grant_reserved(self, event: GrantReserved) -> None:
        self._take_reservation(event)

    @hears(ReservationEnded, together=True)
    def on_reservation_ended(self, event: ReservationEnded) -> None:
        self._take_reservation(event)

    @hears(IncentiveMoved, together=True)
    def on_incentive_moved(self, event: IncentiveMoved) -> None:
        with self.uow as uow:
            intake.take_move(uow.connection, event, id=uow.message_id, now=self.clock())
            uow.commit()

    @hears(substitutions.SubstitutionRuleActivated)
    def on_substitution_rule_activated(
        self, event: substitutions.SubstitutionRuleActivated
    ) -> None:
        self._take_of_rule(event)

    @hears(substitutions.SubstitutionRuleStopped)
    def on_substitution_rule_stopped(self, event: substitutions.SubstitutionRuleStopped) -> None:
        self._take_of_rule(event)

    @hears(substitutions.SubstitutionChanged)
    def on_substitution_changed(self, event: substitutions.SubstitutionChanged) -> None:
        self._take_of_rule(event)

    @hears(screening.ScreeningRuleActivated)
    def on_screening_rule_activated(self, event: screening.ScreeningRuleActivated) -> None:
        self._take_of_rule(event)

    @hears(screening.ScreeningRuleStopped)
    def on_screening_rule_stopped(self, event: screening.ScreeningRuleStopped) -> None:
        self._take_of_rule(event)

    @hears(screening.ScreeningAnswered)
    def on_screening_answered(self, event: screening.ScreeningAnswered) -> None:
        self._take_of_rule(event)

    @hears(vettings.VettingChanged)
    def on_vetting_changed(self, event: vettings.VettingChanged) -> None:
        self._take_of_rule(event)

    @hears(trust_codes.EmploymentChanged)
    def on_employment_changed(self, event: trust_codes.EmploymentChanged) -> None:
        self._take_of_rule(event)

    @hears(special_reports.SpecialReportIssued)
    def on_special_report_issued(self, event: special_reports.SpecialReportIssued) -> None:
        self._take_of_rule(event)

    @timer(interval=FORGET_SECONDS, eager=True)
    def forget_settled(self) -> None:
        engine = open_database(self.settings.gateway_database)
        while upkeep.forget_settled(engine, now=self.clock()):
            pass

    @timer(interval=UNREAD_SECONDS, eager=True)
    def replay_unread(self) -> None:
        engine, now = open_database(self.settings.gateway_database), self.clock()
        if skipped := upkeep.skip_too_old(engine, now=now):
            log.warning("notices_too_old", skipped=skipped)
        upkeep.replay_unread(engine, given_up_after=self.settings.delivery_attempts, now=now)

    @timer(interval=DEPARTURES_SECONDS, eager=True)
    def settle_departures(self) -> None:
        engine = open_database(self.settings.gateway_database)
        departures.settle_gone(engine, now=self.clock())
        departures.replay_returned(engine, now=self.clock())

    @timer(interval=FORGET_SECONDS, eager=True)
    def forget_keys(self) -> None:
        engine = open_database(self.settings.gateway_database)
        while forget_keys(engine, now=self.clock()):
            pass

    def _take(self, event: GrantEvent) -> None:
        with self.uow as uow:
            intake.take_grant_event(
                uow.connection,
                event,
                id=uow.message_id,
                city=self.settings.city,
                now=self.clock(),
            )
            uow.commit()

    def _take_reservation(self, event: ReservationEvent) -> None:
        with self.uow as uow:
            intake.take_reservation_event(
                uow.connection, event, id=uow.message_id, now=self.clock()
            )
            uow.commit()

    def _take_of_rule(self, event: RuleEvent) -> None:
        with self.uow as uow:
            intake.take_rule_event(uow.connection, event, id=uow.message_id, now=self.clock())
            uow.commit()
