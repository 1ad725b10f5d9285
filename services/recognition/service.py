"""Recognition on the bus: every method hands its message to one handler."""

import structlog
from nameko.containers import WorkerContext
from nameko.extensions import DependencyProvider
from nameko.timer import timer

from contracts.consents import ConsentDetail, ConsentText, ShowConsent, ShowConsentText
from contracts.corrections import CorrectionApplied, GrantRestored
from contracts.crosswalks import CrosswalkDocument, ShowCrosswalk
from contracts.disputes import (
    AskForRepair,
    ContestRecognition,
    Deadlines,
    DecideDispute,
    DecideRepair,
    DisputeCases,
    DisputeRecord,
    DisputeRecords,
    FactRecords,
    ListContested,
    ListDisputeCases,
    ListDisputes,
    ListFacts,
    ListRepairCases,
    ListRepairs,
    NameDisputedFact,
    OpenDispute,
    RepairRecord,
    RepairRecords,
    RoutedDisputeRecord,
    RoutedDisputeRecords,
    ShowDeadlines,
    ShowDispute,
    WithdrawDispute,
)
from contracts.erasures import EraseResident, ErasureRecord, ShowErasure
from contracts.exchange import (
    BatchProgress,
    LineVerdicts,
    ListVerdicts,
    OpenBatch,
    ShowBatch,
    TakeLines,
)
from contracts.membership import AllianceDocument, ShowAllianceDocument
from contracts.passes import DepositCalled, GrantKept, GrantRecalled, RedemptionReversed
from contracts.recognition import (
    Challenge,
    ConsentRecord,
    ConsentRecords,
    GiveConsent,
    IssueAttestation,
    IssuedAttestation,
    IssuedAttestations,
    ListAttestations,
    ListConsents,
    NoticeReceipt,
    OpenChallenge,
    ReceiveNotice,
    RecogniseAttestation,
    RecognitionRecord,
    ResumeAttestation,
    Revocation,
    RevokeAttestation,
    ShowAttestation,
    ShowStatusList,
    StatusListToken,
    SuspendAttestation,
    Suspension,
    WithdrawConsent,
)
from contracts.scenarios import GrantEnded, GrantIssued, GrantRedeemed
from services.plumbing.database import empty_log, open_database
from services.plumbing.entrypoints import answers, hears
from services.plumbing.green import eventlet
from services.plumbing.providers import (
    ClockProvider,
    DatabaseProvider,
    SettingsProvider,
    UnitOfWorkProvider,
)
from services.plumbing.relay import OutboxRelay
from services.plumbing.timers import timer_by_setting
from services.recognition.adapters.node import kept_by, make_node
from services.recognition.adapters.unit_of_work import make_unit_of_work
from services.recognition.handlers import (
    attestations,
    batches,
    cases,
    challenges,
    consent_records,
    consent_texts,
    consents,
    corrections,
    crosswalks,
    disputes,
    distrust,
    dockets,
    erasures,
    forgetting,
    holders,
    memberships,
    notices,
    receiving,
    recognitions,
    renewals,
    repairs,
    roster,
    routed_disputes,
    score_check,
    status_lists,
    suspensions,
    usage,
)
from services.recognition.ports import Node

CROSSWALK_SECONDS = 30
RENEWAL_SECONDS = 60  # between looks for attestations under a consent text that changed
FORGET_SECONDS = 3600
DEADLINE_SECONDS = 600  # between looks at what is overdue

log = structlog.get_logger()


class NodeProvider(DependencyProvider):
    """Gives the node, made once, on a roster that is kept; without any it does not start."""

    def setup(self) -> None:
        own = self.container.config["huxin"]
        engine = open_database(own["database_url"])
        uow = make_unit_of_work(engine, own["clock"], None, lambda: None)
        kept = kept_by(uow)
        with uow:
            published = uow.crosswalks.all()
        self._node = make_node(own["settings"], own["clock"], kept)
        if kept.roster is None:  # nothing is gone by that was not kept before
            roster.adopt_roster(uow=uow, node=self._node, now=own["clock"]())
        if kept.pseudonym_keys is None:
            roster.adopt_pseudonym_keys(uow=uow, node=self._node, now=own["clock"]())
        source = self._node.crosswalk_source
        source.know((*source.found(), *published))
        if not self._node.crosswalks():
            log.error("no_crosswalk", directory=str(own["settings"].crosswalks_directory))
        distrust.know_own_keys(uow=uow, node=self._node)

    def get_dependency(self, worker_ctx: WorkerContext) -> Node:
        return self._node


class RecognitionService:
    """Consents and attestations at home, recognitions at a host, notices between cities."""

    name = "recognition"
    queue = "recognition.events"
    linger = 0.2  # seconds; what is heard here is passed on later

    node = NodeProvider()
    clock = ClockProvider()
    settings = SettingsProvider()
    database = DatabaseProvider()
    uow = UnitOfWorkProvider(make_unit_of_work)
    relay = OutboxRelay()

    @answers(GiveConsent)
    def give_consent(self, command: GiveConsent) -> ConsentRecord:
        return consents.give_consent(command, uow=self.uow, node=self.node, now=self.clock())

    @answers(WithdrawConsent)
    def withdraw_consent(self, command: WithdrawConsent) -> ConsentRecord:
        return consents.withdraw_consent(command, uow=self.uow, node=self.node, now=self.clock())

    @answers(ListConsents)
    def list_consents(self, command: ListConsents) -> ConsentRecords:
        return consent_records.list_consents(
            command, uow=self.uow, node=self.node, now=self.clock()
        )

    @answers(ShowConsent)
    def show_consent(self, command: ShowConsent) -> ConsentDetail:
        return consent_records.show_consent(command, uow=self.uow, node=self.node, now=self.clock())

    @answers(ShowConsentText)
    def show_consent_text(self, command: ShowConsentText) -> ConsentText:
        return consent_texts.show_consent_text(command, node=self.node, now=self.clock())

    @answers(EraseResident)
    def erase_resident(self, command: EraseResident) -> ErasureRecord:
        return erasures.erase_resident(command, uow=self.uow, node=self.node, now=self.clock())

    @answers(ShowErasure)
    def show_erasure(self, command: ShowErasure) -> ErasureRecord:
        return erasures.show_erasure(command, uow=self.uow)

    @answers(IssueAttestation)
    def issue_attestation(self, command: IssueAttestation) -> IssuedAttestation:
        return attestations.issue_attestation(
            command, uow=self.uow, node=self.node, now=self.clock()
        )

    @answers(ListAttestations)
    def list_attestations(self, command: ListAttestations) -> IssuedAttestations:
        return attestations.list_attestations(command, uow=self.uow, now=self.clock())

    @answers(ShowAttestation)
    def show_attestation(self, command: ShowAttestation) -> IssuedAttestation:
        return attestations.show_attestation(command, uow=self.uow)

    @answers(RevokeAttestation)
    def revoke_attestation(self, command: RevokeAttestation) -> Revocation:
        return attestations.revoke_attestation(
            command, uow=self.uow, node=self.node, now=self.clock()
        )

    @answers(SuspendAttestation)
    def suspend_attestation(self, command: SuspendAttestation) -> Suspension:
        return suspensions.suspend_attestation(
            command, uow=self.uow, node=self.node, now=self.clock()
        )

    @answers(ResumeAttestation)
    def resume_attestation(self, command: ResumeAttestation) -> Suspension:
        return suspensions.resume_attestation(
            command, uow=self.uow, node=self.node, now=self.clock()
        )

    @answers(ShowStatusList)
    def show_status_list(self, command: ShowStatusList) -> StatusListToken:
        return status_lists.show_status_list(
            command, uow=self.uow, node=self.node, now=self.clock()
        )

    @answers(ShowCrosswalk)
    def show_crosswalk(self, command: ShowCrosswalk) -> CrosswalkDocument:
        return crosswalks.show_crosswalk(command, uow=self.uow, node=self.node, now=self.clock())

    @answers(ListFacts)
    def list_facts(self, command: ListFacts) -> FactRecords:
        return dockets.list_facts(command, uow=self.uow, node=self.node, now=self.clock())

    @answers(OpenDispute)
    def open_dispute(self, command: OpenDispute) -> DisputeRecord:
        return disputes.open_dispute(command, uow=self.uow, node=self.node, now=self.clock())

    @answers(NameDisputedFact)
    def name_disputed_fact(self, command: NameDisputedFact) -> DisputeRecord:
        return disputes.name_disputed_fact(command, uow=self.uow, node=self.node, now=self.clock())

    @answers(WithdrawDispute)
    def withdraw_dispute(self, command: WithdrawDispute) -> DisputeRecord:
        return disputes.withdraw_dispute(command, uow=self.uow, node=self.node, now=self.clock())

    @answers(DecideDispute)
    def decide_dispute(self, command: DecideDispute) -> DisputeRecord:
        return disputes.decide_dispute(command, uow=self.uow, node=self.node, now=self.clock())

    @answers(ShowDispute)
    def show_dispute(self, command: ShowDispute) -> DisputeRecord:
        return disputes.show_dispute(command, uow=self.uow)

    @answers(ListDisputes)
    def list_disputes(self, command: ListDisputes) -> DisputeRecords:
        return disputes.list_disputes(command, uow=self.uow)

    @answers(ListDisputeCases)
    def list_dispute_cases(self, command: ListDisputeCases) -> DisputeCases:
        return cases.list_dispute_cases(command, uow=self.uow, node=self.node, now=self.clock())

    @answers(AskForRepair)
    def ask_for_repair(self, command: AskForRepair) -> RepairRecord:
        return repairs.ask_for_repair(command, uow=self.uow, node=self.node, now=self.clock())

    @answers(DecideRepair)
    def decide_repair(self, command: DecideRepair) -> RepairRecord:
        return repairs.decide_repair(command, uow=self.uow, node=self.node, now=self.clock())

    @answers(ListRepairs)
    def list_repairs(self, command: ListRepairs) -> RepairRecords:
        return repairs.list_repairs(command, uow=self.uow)

    @answers(ListRepairCases)
    def list_repair_cases(self, command: ListRepairCases) -> RepairRecords:
        return cases.list_repair_cases(command, uow=self.uow)

    @answers(ShowDeadlines)
    def show_deadlines(self, command: ShowDeadlines) -> Deadlines:
        return cases.show_deadlines(command, uow=self.uow, now=self.clock())

    @answers(ContestRecognition)
    def contest_recognition(self, command: ContestRecognition) -> RoutedDisputeRecord:
        return routed_disputes.contest_recognition(
            command, uow=self.uow, node=self.node, now=self.clock()
        )

    @answers(ListContested)
    def list_contested(self, command: ListContested) -> RoutedDisputeRecords:
        return routed_disputes.list_contested(command, uow=self.uow)

    @answers(ShowAllianceDocument)
    def show_alliance_document(self, command: ShowAllianceDocument) -> AllianceDocument:
        return memberships.show_alliance_document(command, uow=self.uow)

    @answers(OpenChallenge)
    def open_challenge(self, command: OpenChallenge) -> Challenge:
        return challenges.open_challenge(command, uow=self.uow, node=self.node, now=self.clock())

    @answers(RecogniseAttestation)
    def recognise_attestation(self, command: RecogniseAttestation) -> RecognitionRecord:
        return recognitions.recognise_attestation(
            command, uow=self.uow, node=self.node, now=self.clock()
        )

    @answers(OpenBatch)
    def open_batch(self, command: OpenBatch) -> BatchProgress:
        return batches.open_batch(command, uow=self.uow, node=self.node, now=self.clock())

    @answers(TakeLines)
    def take_lines(self, command: TakeLines) -> BatchProgress:
        return batches.take_lines(command, uow=self.uow, node=self.node, now=self.clock())

    @answers(ShowBatch)
    def show_batch(self, command: ShowBatch) -> BatchProgress:
        return batches.show_batch(command, uow=self.uow)

    @answers(ListVerdicts)
    def list_verdicts(self, command: ListVerdicts) -> LineVerdicts:
        return batches.list_verdicts(command, uow=self.uow)

    @answers(ReceiveNotice)
    def receive_notice(self, command: ReceiveNotice) -> NoticeReceipt:
        return receiving.receive_notice(command, uow=self.uow, node=self.node, now=self.clock())

    @hears(GrantIssued, together=True)
    def on_grant_issued(self, event: GrantIssued) -> None:
        usage.keep_usage(event, uow=self.uow, node=self.node)

    @hears(GrantRedeemed, together=True)
    def on_grant_redeemed(self, event: GrantRedeemed) -> None:
        usage.keep_usage(event, uow=self.uow, node=self.node)

    @hears(GrantEnded, together=True)
    def on_grant_ended(self, event: GrantEnded) -> None:
        usage.keep_usage(event, uow=self.uow, node=self.node)

    @hears(GrantRestored, together=True)
    def on_grant_restored(self, event: GrantRestored) -> None:
        usage.keep_usage(event, uow=self.uow, node=self.node)

    @hears(RedemptionReversed, together=True)
    def on_redemption_reversed(self, event: RedemptionReversed) -> None:
        usage.keep_usage(event, uow=self.uow, node=self.node)

    @hears(DepositCalled, together=True)
    def on_deposit_called(self, event: DepositCalled) -> None:
        usage.keep_usage(event, uow=self.uow, node=self.node)

    @hears(GrantRecalled, together=True)
    def on_grant_recalled(self, event: GrantRecalled) -> None:
        usage.keep_usage(event, uow=self.uow, node=self.node)

    @hears(GrantKept, together=True)
    def on_grant_kept(self, event: GrantKept) -> None:
        usage.keep_usage(event, uow=self.uow, node=self.node)

    @hears(CorrectionApplied)
    def on_correction_applied(self, event: CorrectionApplied) -> None:
        corrections.on_correction_applied(event, uow=self.uow, node=self.node, now=self.clock())

    @timer_by_setting("usage_seconds", eager=True)
    def report_usage(self) -> None:
        while usage.report_usage(uow=self.uow, node=self.node, now=self.clock()):
            eventlet.sleep(0)

    @timer_by_setting("roster_seconds", eager=True)
    def go_by_the_roster(self) -> None:
        roster.adopt_roster(uow=self.uow, node=self.node, now=self.clock())
        roster.adopt_pseudonym_keys(uow=self.uow, node=self.node, now=self.clock())
        distrust.know_own_keys(uow=self.uow, node=self.node)
        while roster.end_unbelieved(uow=self.uow, node=self.node, now=self.clock()):
            eventlet.sleep(0)
        while distrust.end_distrusted(uow=self.uow, node=self.node, now=self.clock()):
            eventlet.sleep(0)
        kept = notices.sign_kept_notices(uow=self.uow, node=self.node, now=self.clock())
        if kept:
            log.warning("notices_not_signed", kept=kept)

    @timer(interval=CROSSWALK_SECONDS, eager=True)
    def go_by_the_crosswalks(self) -> None:
        crosswalks.take_in_crosswalks(uow=self.uow, node=self.node, now=self.clock())
        crosswalks.follow_up_offers(uow=self.uow, node=self.node, now=self.clock())

    @timer(interval=RENEWAL_SECONDS, eager=True)
    def end_unrenewed(self) -> None:
        while renewals.end_unrenewed(uow=self.uow, node=self.node, now=self.clock()):
            eventlet.sleep(0)

    @timer_by_setting("score_check_seconds", eager=True)
    def look_at_the_scores(self) -> None:
        last = score_check.check_scores(uow=self.uow, node=self.node, now=self.clock())
        while last:
            eventlet.sleep(0)
            last = score_check.check_scores(
                uow=self.uow, node=self.node, now=self.clock(), after=last
            )

    @timer(interval=DEADLINE_SECONDS, eager=True)
    def watch_deadlines(self) -> None:
        overdue = cases.watch_deadlines(uow=self.uow, node=self.node, now=self.clock())
        if overdue:
            log.warning("cases_overdue", **overdue)

    @timer(interval=FORGET_SECONDS, eager=True)
    def forget(self) -> None:
        while holders.forget_erased(uow=self.uow, now=self.clock()):
            eventlet.sleep(0)
        while forgetting.forget_old(uow=self.uow, now=self.clock()):
            eventlet.sleep(0)
        years = self.settings.processing_record_years
        while forgetting.forget_records(uow=self.uow, years=years, now=self.clock()):
            eventlet.sleep(0)
        empty_log(self.database)
