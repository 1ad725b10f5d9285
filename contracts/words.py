"""Words that both sides of a message share: categories, kinds, states, reasons."""

from enum import StrEnum


class Category(StrEnum):
    """Where credit is used; also the purpose a holder consents to (PIPL 14, 23)."""

    TRANSPORT = "transport"
    SPORTS = "sports"
    CULTURE_TOURISM = "culture_tourism"
    HOUSEKEEPING = "housekeeping"
    DRIVING_SCHOOL = "driving_school"
    LIBRARY = "library"
    MEDICAL = "medical"
    PARKING = "parking"
    HOTEL = "hotel"
    RETAIL = "retail"
    FINANCE = "finance"
    GOVERNMENT_SERVICE = "government_service"


class ConsentState(StrEnum):
    """A consent is live until it is withdrawn or over, or what was consented to changes."""

    LIVE = "live"
    WITHDRAWN = "withdrawn"
    OVER = "over"
    RENEWAL_NEEDED = "renewal_needed"


class TextChange(StrEnum):
    """What a version of the consent text changes; all but the wording asks for consent anew."""

    PURPOSE = "purpose"
    MEANS = "means"
    CATEGORY = "category"
    WORDING = "wording"


class RevocationReason(StrEnum):
    """Why home takes an attestation back."""

    CONSENT_WITHDRAWN = "consent_withdrawn"
    CONSENT_RENEWAL_NEEDED = "consent_renewal_needed"
    SCORE_CHANGED = "score_changed"
    FACT_DISPUTED = "fact_disputed"
    KEY_COMPROMISED = "key_compromised"
    CITY_DECISION = "city_decision"
    SUBJECT_ERASED = "subject_erased"


class SuspensionReason(StrEnum):
    """Why home does not stand by an attestation for the time being."""

    IDENTITY_IN_DOUBT = "identity_in_doubt"
    KEY_IN_DOUBT = "key_in_doubt"  # the holder's, such as on a lost phone
    CITY_DECISION = "city_decision"


class Gravity(StrEnum):
    """How grave what a fact tells is; it says how long the fact may count."""

    MINOR = "minor"
    GENERAL = "general"
    SERIOUS = "serious"


class DisputeGround(StrEnum):
    """What a resident says is wrong with a fact."""

    NOT_MINE = "not_mine"  # it is about somebody else
    WRONG_CONTENT = "wrong_content"  # what it says is not so
    NO_EFFECTIVE_DOCUMENT = "no_effective_document"  # annulled, appealed, or there never was one
    DUPLICATE = "duplicate"  # it is counted twice
    OVERDUE = "overdue"  # it should have stopped to count
    OTHER = "other"


class DisputeState(StrEnum):
    """A dispute is open until it is decided or withdrawn."""

    OPEN = "open"
    CORRECTED = "corrected"  # the fact was wrong
    UPHELD = "upheld"  # the fact is right
    WITHDRAWN = "withdrawn"


class DisputeOutcome(StrEnum):
    """What a city decides about a disputed fact."""

    CORRECTED = "corrected"
    UPHELD = "upheld"


class RepairState(StrEnum):
    """A repair is open until it is decided."""

    OPEN = "open"
    COMPLETED = "completed"
    REFUSED = "refused"


class RepairOutcome(StrEnum):
    """What a city decides about a repair."""

    COMPLETED = "completed"
    REFUSED = "refused"


class RepairRefusal(StrEnum):
    """Why a fact is not repaired yet; whoever was refused may ask again."""

    DUTY_NOT_FULFILLED = "duty_not_fulfilled"
    COMMITMENT_MISSING = "commitment_missing"
    LAW_EXCLUDES = "law_excludes"


class CityState(StrEnum):
    """Where a city stands in the alliance; only an online city is recognised."""

    APPLIED = "applied"
    TESTING = "testing"
    ONLINE = "online"
    SUSPENDED = "suspended"
    LEFT = "left"


class ScenarioKind(StrEnum):
    """What a scenario does for whoever comes; each kind has rules of its own type (ADR 0029)."""

    INCENTIVE = "incentive"  # gives a benefit by tier
    SUBSTITUTION = "substitution"  # evidence takes the place of a deposit or a certificate
    SCREENING = "screening"  # looks up what the law tells it to; never a score or a tier


class IncentiveState(StrEnum):
    """Where an incentive stands; only a published one is given to anybody."""

    DRAFT = "draft"
    RETURNED = "returned"  # the city sent it back
    REVIEWED = "reviewed"
    PUBLISHED = "published"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"


class VersionState(StrEnum):
    """Where one version of an incentive's terms stands."""

    DRAFT = "draft"
    RETURNED = "returned"
    REVIEWED = "reviewed"
    PUBLISHED = "published"
    REPLACED = "replaced"  # by a newer one, before it was in force


class MoveKind(StrEnum):
    """A step in the life of an incentive."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    PUBLISHED = "published"
    PAUSED = "paused"
    RESUMED = "resumed"
    WITHDRAWN = "withdrawn"


class Mover(StrEnum):
    """Whose step it was."""

    OPERATOR = "operator"
    CITY = "city"


class ReviewOutcome(StrEnum):
    """What the city says of a version."""

    ACCEPTED = "accepted"
    RETURNED = "returned"


class Funding(StrEnum):
    """Who pays for what an incentive's grants cost."""

    HOST_OPERATOR = "host_operator"
    HOST_CITY = "host_city"
    HOME_CITY = "home_city"


class Weekday(StrEnum):
    """A day of the week, as ISO 8601 orders them."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class Condition(StrEnum):
    """What a decision asks, in the order it asks; the first that does not hold is the answer."""

    RECOGNITION = "recognition"
    PURPOSE = "purpose"
    OFFERED = "offered"
    TIER = "tier"
    HOME = "home"
    ATTESTATION_AGE = "attestation_age"
    WEEKDAY = "weekday"
    HOURS = "hours"
    DISTRICT = "district"
    EXCLUSION = "exclusion"
    EXPRESSION = "expression"
    HOLDER_LIMIT = "holder_limit"
    QUOTA = "quota"
    BUDGET = "budget"
    # of substitutions and screenings
    LEGAL_BASIS = "legal_basis"
    EVIDENCE = "evidence"
    BARRED = "barred"
    COMMITMENT = "commitment"
    LISTS = "lists"


class DoubtKind(StrEnum):
    """Why terms are hardly meant as they are said."""

    NO_MEMBER = "no_member"  # a home city that is not a member
    NEVER_HOLDS = "never_holds"  # a condition that no sample met
    NEVER_GIVEN = "never_given"  # each condition was met, all of them together never
    WORSE_WITH_HIGHER_TIER = "worse_with_higher_tier"  # given at a tier and refused at a higher one


class OnWithdrawal(StrEnum):
    """What becomes of a grant when the recognition behind it ends."""

    REVOKE_OPEN = "revoke_open"  # every open grant ends
    KEEP_STARTED = "keep_started"  # a grant already used once runs on; an unused one ends
    CALL_BACK = "call_back"  # every open grant ends after a notice; until then it can be used


class OnCorrection(StrEnum):
    """What becomes of a revoked grant when home corrects what it was revoked for."""

    RESTORE = "restore"  # it is open again, as far as time and budget allow
    LEAVE = "leave"  # it stays revoked


class Period(StrEnum):
    """The span a limit counts in, by the host city's calendar (Asia/Shanghai)."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    LIFETIME = "lifetime"


class GrantState(StrEnum):
    """issued = open + redeemed + expired + revoked."""

    OPEN = "open"
    REDEEMED = "redeemed"
    EXPIRED = "expired"
    REVOKED = "revoked"


class RecallReason(StrEnum):
    """Why an operator or the city recalls a grant."""

    INCENTIVE_WITHDRAWN = "incentive_withdrawn"
    SCENARIO_CLOSED = "scenario_closed"
    ISSUED_IN_ERROR = "issued_in_error"
    MISUSE = "misuse"
    CITY_DECISION = "city_decision"


class ReservationState(StrEnum):
    """A reservation leaves the state `held` once."""

    HELD = "held"
    CONFIRMED = "confirmed"  # it became a grant
    CANCELLED = "cancelled"  # by its holder
    EXPIRED = "expired"  # nobody confirmed it in time


class UsageFact(StrEnum):
    """What happened to a grant, as a line of a statement."""

    ISSUED = "issued"
    REDEEMED = "redeemed"
    EXPIRED = "expired"
    REVOKED = "revoked"
    RESTORED = "restored"
    REVERSED = "reversed"  # a redemption was taken back
    RECALLED = "recalled"  # the grant ends after a notice; until then it is open
    KEPT = "kept"  # a recall was taken back
    CALLED = "called"  # a waived deposit was asked for after all


class SettlementState(StrEnum):
    """Where two cities are with what they owe each other for a month."""

    OPEN = "open"  # its lines may still become more
    CLOSED = "closed"  # its lines are fixed; the other city has not compared yet
    AGREED = "agreed"  # both closed with the same lines
    DISPUTED = "disputed"  # the lines differ
    RESOLVED = "resolved"  # what differed went into a later month, and the rest is the same


class DifferenceKind(StrEnum):
    """How a line differs between two cities, as the one says that tells of it."""

    MISSING_HERE = "missing_here"
    MISSING_THERE = "missing_there"
    DIFFERING = "differing"


class ExportFormat(StrEnum):
    """How a list is written."""

    JSON = "json"
    CSV = "csv"


class PlanCounter(StrEnum):
    """What the plan counts."""

    NEW_SCENARIOS = "new_scenarios"
    DISTRICTS = "districts"
    CITIES_ONLINE = "cities_online"
    USES = "uses"
    SPECIAL_REPORTS = "special_reports"
    OBJECTIONS_IN_TIME = "objections_in_time"


class Titles(StrEnum):
    """In which language the columns of an export are named."""

    EN = "en"
    ZH = "zh"


class BatchState(StrEnum):
    """Where a batch stands; in a different one the lines are not those that were announced."""

    OPEN = "open"
    COMPLETE = "complete"
    DIFFERENT = "different"


class SubjectKind(StrEnum):
    """Whom evidence is about."""

    HOLDER = "holder"
    ORGANISATION = "organisation"


class EvidenceClass(StrEnum):
    """What kind of public credit information a catalogue item is.

    The list is closed and follows the national catalogue (全国公共信用信息基础目录).  What the law
    keeps out of credit - belief, petitions, private messages, blood type, disease, genes,
    fingerprints and the like - has no class here, so there is nowhere to put it.
    """

    REGISTRATION = "registration"  # 登记注册基本信息
    JUDGMENT = "judgment"  # 司法裁判及执行信息
    ADMINISTRATIVE = "administrative"  # 行政管理信息
    QUALIFICATION = "qualification"  # 职称和职业信息
    ABNORMAL_OPERATION = "abnormal_operation"  # 经营（活动）异常名录（状态）信息
    SERIOUS_LIST = "serious_list"  # 严重失信主体名单信息
    CONTRACT_PERFORMANCE = "contract_performance"  # 合同履行信息
    COMMITMENT = "commitment"  # 信用承诺及履行情况信息
    RATING = "rating"  # 信用评价结果信息
    HONOUR = "honour"  # 诚实守信相关荣誉信息
    VOLUNTARY = "voluntary"  # 主体自愿提供的信息


class DocumentType(StrEnum):
    """What an effective document is."""

    COURT_JUDGMENT = "court_judgment"
    PENALTY_DECISION = "penalty_decision"
    LICENCE_DECISION = "licence_decision"
    LIST_DECISION = "list_decision"
    ADMINISTRATIVE_DECISION = "administrative_decision"  # award, confirmation, enforcement
    RATING_NOTICE = "rating_notice"
    CONTRACT = "contract"
    COMMITMENT_LETTER = "commitment_letter"
    CERTIFICATE = "certificate"
    INSURANCE_POLICY = "insurance_policy"


class EvidenceState(StrEnum):
    """Evidence counts while it is live; the last three are for good."""

    LIVE = "live"
    DISPUTED = "disputed"  # counts for nothing until it is decided
    EXPIRED = "expired"  # its time is up
    REPAIRED = "repaired"  # it stopped early, by right
    ANNULLED = "annulled"  # its document was revoked, or it was wrong


class RepairStart(StrEnum):
    """From what an item's period before a repair is counted."""

    DOCUMENT = "document"  # the day of the document
    FULFILMENT = "fulfilment"  # the day the duty was fulfilled


class AnnulmentReason(StrEnum):
    """Why evidence is taken out for good."""

    DOCUMENT_REVOKED = "document_revoked"
    DOCUMENT_REPLACED = "document_replaced"
    ENTERED_IN_ERROR = "entered_in_error"


class DeliveryState(StrEnum):
    """A parked delivery waits for somebody, who replays it or lets it be skipped.

    A notice is gone when its city left the alliance a month ago.
    """

    WAITING = "waiting"
    DELIVERED = "delivered"
    PARKED = "parked"
    SKIPPED = "skipped"
    GONE = "gone"
