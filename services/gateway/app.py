"""Composition: from settings, bus, database and clock to the HTTP application.

The same object runs under granian and under eventlet's WSGI server.
"""

import sys
from typing import Any

import falcon
from sqlalchemy import Engine

from contracts.routes.route import Audience
from services.gateway import bodies, problems
from services.gateway.access import Access, lines_to
from services.gateway.adapters.clients import Clients
from services.gateway.adapters.idempotency_keys import IdempotencyKeys
from services.gateway.adapters.memberships import MembershipLog
from services.gateway.adapters.nonces import NonceStore
from services.gateway.adapters.roster import Roster
from services.gateway.adapters.stopped_clients import StoppedClients
from services.gateway.adapters.webhooks import Webhooks
from services.gateway.administrators.attestations import Revocations
from services.gateway.administrators.clients import OperatorsClients
from services.gateway.administrators.disputes import DisputeDecisions
from services.gateway.administrators.evidence import EvidenceDesk
from services.gateway.administrators.evidence_disputes import EvidenceDisputeDesk
from services.gateway.administrators.incentives import IncentiveReviews
from services.gateway.administrators.operators import Admissions
from services.gateway.administrators.recalls import Recalls
from services.gateway.administrators.repairs import RepairDecisions
from services.gateway.administrators.screening import ScreeningRules, SubstitutionRules
from services.gateway.administrators.settlements import Settlements
from services.gateway.authentication.callers import Anyone
from services.gateway.authentication.erased import ErasedHolders
from services.gateway.authentication.identity import (
    Administrators,
    Citizens,
    IdentityTokens,
    KeyFile,
)
from services.gateway.authentication.receipts import Receipts
from services.gateway.authentication.secrets import ClientSecrets
from services.gateway.authentication.sessions import (
    LONGEST_SESSION,
    Holders,
    Operators,
    OwnTokens,
)
from services.gateway.authentication.signatures import Cities
from services.gateway.calls import Authenticator, Bus
from services.gateway.cities.batches import Batches
from services.gateway.cities.membership import Memberships
from services.gateway.cities.notices import Notices
from services.gateway.cities.polls import Polls
from services.gateway.cities.settlements import SharedSettlements
from services.gateway.cities.statements import Statements
from services.gateway.citizens.attestations import Attestations
from services.gateway.citizens.consents import Consents
from services.gateway.citizens.disputes import Disputes
from services.gateway.citizens.erasures import Erasures
from services.gateway.citizens.facts import Facts
from services.gateway.citizens.repairs import Repairs
from services.gateway.courier.delivery_log import DeliveryLog
from services.gateway.eligibility.index import EligibilityIndex
from services.gateway.eligibility.rows import open_rows
from services.gateway.holders.decisions import Decisions
from services.gateway.holders.disputes import RoutedDisputes
from services.gateway.holders.eligibility import Eligibility
from services.gateway.holders.evidence import OwnEvidence
from services.gateway.holders.grants import Grants
from services.gateway.holders.recognitions import Recognitions
from services.gateway.holders.reservations import Reservations
from services.gateway.holders.screening import OwnScreenings, TrustCodes
from services.gateway.idempotency import heeding
from services.gateway.keys import GatewayKeys, read_gateway_keys
from services.gateway.operators.clients import OwnClients
from services.gateway.operators.evidence import EvidenceSources
from services.gateway.operators.lives import OwnIncentives
from services.gateway.operators.redemptions import Redemptions
from services.gateway.operators.scenarios import Scenarios
from services.gateway.operators.screening import Screenings, Substitutions, Vettings
from services.gateway.operators.special_reports import SpecialReports
from services.gateway.operators.statements import OwnStatements
from services.gateway.operators.tokens import Tokens
from services.gateway.operators.trials import Trials
from services.gateway.operators.usage import Usage
from services.gateway.operators.webhooks import WebhookSettings
from services.gateway.preconditions import comparing
from services.gateway.public.alliance import Alliance
from services.gateway.public.consent_texts import ConsentTexts
from services.gateway.public.counters import Counters
from services.gateway.public.crosswalks import Crosswalks
from services.gateway.public.docs_page import DocsPage
from services.gateway.public.documents import Documents
from services.gateway.public.evidence_catalogue import EvidenceCatalogue
from services.gateway.public.health import HealthChecks
from services.gateway.public.pass_keys import PassKeys
from services.gateway.public.problem_pages import ProblemPages
from services.gateway.public.rules import PublicRules
from services.gateway.public.trust import Trust
from services.gateway.public.usage_summaries import UsageSummaries
from services.gateway.rates import Rate
from services.gateway.routing import operations_of, register
from services.gateway.settings import GatewaySettings
from services.gateway.turns import Turn
from services.gateway.waiting import Waiters
from services.plumbing.clock import Clock

App = falcon.App[Any, Any]


def build_app(settings: GatewaySettings, bus: Bus, engine: Engine, clock: Clock) -> App:
    """Compose the application, on a database that is up to date.

    Raise OSError or ValueError for keys that cannot be read.
    """
    keys = read_gateway_keys(settings.keys_directory)
    own = OwnTokens(gateway=settings.gateway_url, key=keys.session, clock=clock)
    erased = ErasedHolders(engine, clock, LONGEST_SESSION)
    holders, receipts = Holders(own, erased), Receipts(own)
    operators = Operators(own, StoppedClients(engine, clock))
    clients = Clients(engine, ClientSecrets(keys.session.raw_value), clock)
    roster = Roster(engine)
    reading, waiters = Turn(), Waiters()
    rows, later = open_rows(engine), open_rows(engine)
    index = EligibilityIndex(
        rows, later, clock, reading, longest_wait=settings.visibility_wait, waiters=waiters
    )
    resources = (
        ConsentTexts(bus),
        Consents(bus, settings.city, clock),
        Attestations(bus),
        Erasures(bus, receipts),
        Facts(bus),
        Disputes(bus),
        Repairs(bus),
        Recognitions(bus, holders),
        Eligibility(index),
        Grants(bus, waiters),
        Reservations(bus, waiters),
        RoutedDisputes(bus),
        Decisions(bus, roster.home),
        Tokens(clients, operators, Webhooks(engine)),
        OwnClients(clients),
        OperatorsClients(clients),
        Scenarios(bus),
        Usage(bus),
        OwnIncentives(bus),
        Trials(bus, roster, settings.city),
        Redemptions(bus),
        WebhookSettings(
            Webhooks(engine),
            DeliveryLog(engine),
            clock,
            to_private=settings.webhooks_to_private_addresses,
        ),
        Admissions(bus, clients),
        IncentiveReviews(bus),
        Revocations(bus),
        Recalls(bus),
        DisputeDecisions(bus),
        RepairDecisions(bus),
        EvidenceCatalogue(bus),
        ScreeningRules(bus),
        SubstitutionRules(bus),
        Substitutions(bus),
        Screenings(bus),
        Vettings(bus),
        SpecialReports(bus),
        OwnScreenings(bus),
        TrustCodes(bus),
        PublicRules(bus),
        EvidenceDesk(bus),
        EvidenceDisputeDesk(bus),
        EvidenceSources(bus),
        OwnEvidence(bus),
        Notices(bus),
        Batches(bus),
        Polls(engine, clock, settings.delivery_attempts),
        Statements(bus, settings.city),
        SharedSettlements(bus),
        Settlements(bus),
        OwnStatements(bus),
        UsageSummaries(bus),
        Counters(bus),
        Memberships(roster),
        Alliance(bus, MembershipLog(engine), clock),
        Trust(settings, bus, roster, clock),
        Crosswalks(bus, clock),
        PassKeys(bus, clock),
        Documents(),
        DocsPage(),
        ProblemPages(),
        HealthChecks(engine, bus, roster, settings.roster_file, clock),
    )
    access = Access(clock, lines_to(sys.stdout) if settings.logs_requests else None)
    app = falcon.App(middleware=[access])
    app.req_options.strip_url_path_trailing_slash = False
    app.req_options.auto_parse_qs_csv = False
    app.req_options.keep_blank_qs_values = True
    problems.install(app)
    authenticators: dict[Audience, Authenticator] = {
        **_identity_authenticators(settings, keys, clock),
        Audience.HOLDER: holders,
        Audience.OPERATOR: operators,
        Audience.CITY: Cities(
            gateway=settings.gateway_url,
            keys=roster,
            nonces=NonceStore(engine, clock),
            clock=clock,
            read_body=bodies.read_signed,
        ),
        Audience.ERASED: receipts,
        Audience.PUBLIC: lambda _request: Anyone(),
    }
    turns = {"show_eligibility": reading}
    rates = {who: Rate(who, most) for who, most in settings.requests_per_minute.items()}
    operations = heeding(
        operations_of(resources), IdempotencyKeys(engine, clock), keys.session.raw_value
    )
    register(app, authenticators, comparing(operations), turns, rates)
    return app


def _identity_authenticators(
    settings: GatewaySettings, keys: GatewayKeys, clock: Clock
) -> dict[Audience, Authenticator]:
    tokens = IdentityTokens(
        issuer=settings.identity_issuer,
        audience=settings.gateway_url,
        key_file=KeyFile(settings.identity_keys_file),
        clock=clock,
    )
    return {
        Audience.CITIZEN: Citizens(tokens=tokens, resident_key=keys.resident),
        Audience.ADMINISTRATOR: Administrators(tokens),
    }
