"""Every endpoint of the gateway: who may call it, what goes in, what comes out.

The Falcon application serves exactly these routes and the OpenAPI document is generated from them.
"""

from typing import Any, Final

from contracts.fields import CityCode, Count, Identifier, MonthName, Positive, Reason, Slug
from contracts.routes.administrators import ADMINISTRATORS
from contracts.routes.attestations import CITIZENS
from contracts.routes.catalogue import CITYS_CATALOGUE, OPERATORS_CATALOGUE
from contracts.routes.cities import CITIES
from contracts.routes.clients import CLIENTS
from contracts.routes.consents import CONSENTS
from contracts.routes.coverage import COVERAGE
from contracts.routes.decisions import DECISIONS
from contracts.routes.disputes import DISPUTES
from contracts.routes.erasures import ERASURES
from contracts.routes.everyone import EVERYONE
from contracts.routes.evidence import EVIDENCE
from contracts.routes.evidence_disputes import EVIDENCE_DISPUTES
from contracts.routes.holders import HOLDERS
from contracts.routes.operators import OPERATORS
from contracts.routes.route import Route
from contracts.routes.screening import SCREENING
from contracts.routes.settlements import SETTLEMENTS
from contracts.routes.substitutions import SUBSTITUTIONS
from contracts.routes.trials import TRIALS

PATH_PARAMETERS: Final[dict[str, Any]] = {
    "attestation_id": Identifier,
    "batch_id": Identifier,
    "city": CityCode,
    "client": Slug,
    "consent_id": Identifier,
    "crosswalk": Slug,
    "decision_id": Identifier,
    "delivery_id": Identifier,
    "erasure_id": Identifier,
    "dispute_id": Identifier,
    "employment_id": Identifier,
    "evidence_id": Identifier,
    "field": Slug,
    "grant_id": Identifier,
    "incentive_id": Slug,
    "item_id": Slug,
    "list": Count,
    "operator_id": Slug,
    "period": MonthName,
    "problem": Reason,
    "recognition_id": Identifier,
    "redemption_id": Identifier,
    "repair_id": Identifier,
    "reservation_id": Identifier,
    "reversal_id": Identifier,
    "report_id": Identifier,
    "rule_id": Slug,
    "rotation_id": Identifier,
    "scenario_id": Slug,
    "version": Positive,
    "screening_id": Identifier,
    "substitution_id": Identifier,
    "vetting_id": Identifier,
}
"""What each parameter of a path may be; one name means one thing on every path."""

ROUTES: Final[tuple[Route, ...]] = (
    *CONSENTS,
    *CITIZENS,
    *ERASURES,
    *EVIDENCE,
    *EVIDENCE_DISPUTES,
    *COVERAGE,
    *HOLDERS,
    *DECISIONS,
    *OPERATORS,
    *OPERATORS_CATALOGUE,
    *CLIENTS,
    *SUBSTITUTIONS,
    *SCREENING,
    *TRIALS,
    *ADMINISTRATORS,
    *CITYS_CATALOGUE,
    *CITIES,
    *EVERYONE,
    *DISPUTES,
    *SETTLEMENTS,
)
