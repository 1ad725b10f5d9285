"""Whatever is sent wherever, the answer is a 4xx that says what is wrong, and nothing changes.

The tables below are crossed with every route of contracts/routes.py.
"""

import base64
import json
from dataclasses import MISSING, dataclass, fields
from datetime import timedelta
from uuid import uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from marshmallow import RAISE, ValidationError

from contracts.documents.examples import example_of
from contracts.errors import CODES
from contracts.routes import ROUTES
from contracts.routes.route import JSON, Audience
from contracts.schemas import schema_of
from services.cli.demo.world import FUZHOU, HANGZHOU, ZHENGZHOU
from services.gateway.bodies import LARGEST, LARGEST_BODY
from services.plumbing.clock import utc_now
from services.recognition.adapters.keys import PrivateKey
from services.recognition.domain.attestation import StatusEntry
from tests.builders.attestations import a_presentation, an_attestation
from tests.e2e.people import PURPOSES, offer_of, open_shop, settled, statement, until, visit
from tests.e2e.raw import TELLTALES, objections, send, signed
from tests.e2e.test_isolation import bearer_of

KEY = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
COVERED = {"since": "2026-01-01T00:00:00Z", "until": "2026-02-01T00:00:00Z"}
EVIDENCE = {
    "item_id": "nothing-of-that-name",
    "subject": {"type": "organisation", "organisation": "91350100M000100Y43"},
    "document": {
        "type": "rating_notice",
        "number": "1",
        "issuer": "a",
        "issued_on": "2026-01-01",
    },
}
BODIES = {
    "give_consent": {
        "recipient": FUZHOU,
        "purposes": PURPOSES,
        "text_version": "2026-11",
        "until": (utc_now() + timedelta(days=9)).isoformat(),
    },
    "issue_attestation": {"recipient": FUZHOU, "holder_key": KEY},
    "recognise_attestation": {"challenge_id": str(uuid4()), "presentation": "a.b.c~d.e.f"},
    "issue_grant": {"incentive_id": "nothing-of-that-name"},
    "reserve_grant": {"incentive_id": "nothing-of-that-name"},
    "register_scenario": {"name": "a", "name_en": "a", "category": "sports"},
    "publish_incentive": {
        "scenario_id": "nothing-of-that-name",
        "title": "a",
        "title_en": "a",
        "benefit": {"type": "voucher", "face_fen": 100},
        "minimum_tier": 3,
        "per_holder": {"count": 1, "period": "month"},
    },
    "review_incentive": {"outcome": "accepted"},
    "pause_own_incentive": {},
    "pause_incentive": {},
    "withdraw_own_incentive": {},
    "withdraw_incentive": {},
    "redeem_pass": {"pass_token": "no pass"},
    "poll_notices": {},
    "open_batch": {"total": 3, "digest": "0" * 64},
    "set_webhook": {"url": "http://127.0.0.1:9/"},
    "register_operator": {"name": "a", "name_en": "a"},
    "revoke_attestation": {"reason": "fact_disputed"},
    "suspend_attestation": {"reason": "key_in_doubt"},
    "open_dispute": {"ground": "other", "fact_id": "nothing-of-that-name"},
    "name_disputed_fact": {"fact_id": "nothing-of-that-name"},
    "name_fact_in_dispute": {"fact_id": "nothing-of-that-name"},
    "decide_dispute": {"outcome": "upheld"},
    "ask_for_repair": {"fact_id": "nothing-of-that-name"},
    "decide_repair": {"outcome": "completed"},
    "contest_recognition": {"ground": "other"},
    "publish_evidence_item": {
        "name": "a",
        "name_en": "a",
        "evidence_class": "rating",
        "basis": {"title": "a", "article": "1", "in_force_from": "2020-01-01"},
        "subjects": ["organisation"],
        "documents": ["rating_notice"],
        "live_from": "2026-01-01T00:00:00Z",
    },
    "enter_evidence": EVIDENCE,
    "report_evidence": EVIDENCE,
    "repair_evidence": {"fulfilled_on": "2026-01-01"},
    "annul_evidence": {"reason": "document_revoked"},
    "open_evidence_dispute": {"evidence_id": str(uuid4()), "ground": "other"},
    "open_dispute_of_organisation": {"evidence_id": str(uuid4()), "ground": "other"},
    "decide_evidence_dispute": {"outcome": "upheld"},
    "report_coverage": COVERED,
    "note_coverage": COVERED,
}
SLUGS = {"field", "incentive_id", "item_id", "operator_id", "rule_id", "scenario_id"}
QUERY = {
    "take_lines": "?from=0",
    "list_evidence_about_organisation": "?organisation=91350100M000100Y43",
    "draw_statement": f"?home={FUZHOU}&host={HANGZHOU}",
    "list_statement_lines": f"?home={FUZHOU}&host={HANGZHOU}",
    "show_consent_text": f"?recipient={FUZHOU}&purpose=sports&until=2030-01-01T00:00:00Z",
}


def is_needed(field):
    return field.default is MISSING and field.default_factory is MISSING


def fits(route, body):
    """Say whether a body is one by its contract, so that the rule behind judges."""
    try:
        schema_of(route.body, RAISE).load(body)
    except ValidationError:
        return False
    return True


GUARDED = [route for route in ROUTES if route.audience is not Audience.PUBLIC]
WITH_JSON = [route for route in ROUTES if route.body is not None and route.content_type == JSON]
for _route in WITH_JSON:
    _example = schema_of(_route.body).dump(example_of(_route.body))
    _needed = {each.name for each in fields(_route.body) if is_needed(each)}
    BODIES.setdefault(
        _route.operation_id, {name: each for name, each in _example.items() if name in _needed}
    )
KNOWN = {"GET", "PUT", "POST", "DELETE", "PATCH"}
DEEP = b'{"a":' * 10_000 + b"1" + b"}" * 10_000
ANEW = {"pass_token", "pass_until"}  # different each time they are read
NO_JSON = {
    "nothing": (b"", "body"),
    "half of it": (b'{"recipient": ', "body"),
    "an array": (b"[]", "body"),
    "a text": (b'"text"', "body"),
    "a number": (b"7", "body"),
    "null": (b"null", "body"),
    "no UTF-8": (b'{"a": "\xff\xfe"}', "body"),
    "a lone surrogate": (b'{"a": "\\ud800"}', "a"),
    "NUL": (b'{"a": "\\u0000"}', "a"),
    "NaN": (b'{"a": NaN}', "body"),
    "a name twice": (b'{"a": 1, "a": 2}', "a"),
    "nested deeply": (DEEP[:60_000], "body"),
    "an unknown field": (b'{"score": 780}', "score"),
}
WRONG_TYPES = [None, True, 7, -1, 1.5, "\u0007", "x" * 40_000, [], [[]], {"x": [1]}]
WRONG_IDS = [
    "%00",
    "%FF%FE",
    "%7B%7D",
    "x" * 300,
    "'%20OR%201=1",
    "%E7%A6%8F",
    "-",
    "..%2F..",
    "1.5",
]


@dataclass(frozen=True)
class Callers:
    """One of each kind, and what they can see of the city."""

    alliance: object
    url: str
    tokens: dict[Audience, str]
    doors: dict[str, object]

    def headers(self, route, target, body=None):
        if route.audience is Audience.CITY:
            keys = self.alliance.world.cities[FUZHOU].keys
            return signed(self.url, route.method, target, keys, body)
        token = self.tokens.get(route.audience)
        return {"Authorization": f"Bearer {token}"} if token else {}

    def ask(self, route, *, body=None, target=None, **headers):
        """Send one request as its rightful caller."""
        target = target or target_of(route)
        if body is None and route.takes_body:
            body = json.dumps(BODIES.get(route.operation_id, {})).encode()
        typed = {"Content-Type": route.content_type} if route.takes_body else {}
        whole = typed | self.headers(route, target, body) | headers
        return send(self.url, route.method, target, whole, body)

    def sight(self):
        """Return everything that a request could have changed."""
        return {
            "consents": self.doors["citizen"].get("/v1/consents").body,
            "grants": [
                {name: value for name, value in grant.items() if name not in ANEW}
                for grant in self.doors["holder"].get("/v1/grants")["grants"]
            ],
            "offers": self.doors["holder"].get("/v1/eligibility").body,
            "roster": self.doors["holder"].get("/v1/roster").body,
            "statement": statement(self.alliance, FUZHOU, HANGZHOU, FUZHOU, HANGZHOU)["digest"],
        }


@pytest.fixture(scope="module")
def callers(alliance):
    visitor, shop = visit(alliance), open_shop(alliance)
    citizen = alliance.newcomer(HANGZHOU)
    assert citizen.consent(FUZHOU, PURPOSES).ok
    assert visitor.take(shop.incentive_id).ok
    tokens = {
        Audience.CITIZEN: bearer_of(citizen.home),
        Audience.HOLDER: bearer_of(visitor.door),
        Audience.OPERATOR: bearer_of(shop.operator.door),
        Audience.ADMINISTRATOR: bearer_of(alliance.world.administrator(HANGZHOU)),
        Audience.ERASED: alliance.newcomer(HANGZHOU).home.put(f"/v1/erasures/{uuid4()}")["receipt"],
    }
    doors = {"citizen": citizen.home, "holder": visitor.door}
    until(lambda offer: offer.get("eligible"), lambda: offer_of(visitor.door, shop))
    settled(alliance, shop, FUZHOU, HANGZHOU)
    return Callers(alliance, alliance.world.cities[HANGZHOU].url, tokens, doors)


@pytest.fixture(autouse=True)
def unchanged(callers):
    """Nothing that a test here sends has any effect."""
    before = callers.sight()
    yield
    after = callers.sight()
    assert {
        what: (before[what], seen) for what, seen in after.items() if seen != before[what]
    } == {}


def target_of(route, **parameters):
    values = {
        **dict.fromkeys(SLUGS, "nothing-of-that-name"),
        "city": FUZHOU,
        "list": "0",
        "period": "2026-11",
        "problem": "nothing",
        "version": "1",
        **parameters,
    }
    path = route.path
    for name in route.parameters:
        path = path.replace(f"{{{name}}}", values.get(name) or str(uuid4()))
    return path + QUERY.get(route.operation_id, "")


def largest_of(route):
    return LARGEST.get(route.content_type, LARGEST_BODY)


def told(reply, field, *codes):
    """Say what is wrong with a refusal that must name a field."""
    found = objections(reply, *(codes or ("malformed",)))
    if not found and not any(f == field or f.startswith(f"{field}.") for f in reply.fields):
        found = [f"names {reply.fields}, not {field}"]
    return found


def test_a_body_that_is_no_proper_json_is_refused(callers):
    wrong = {
        (route.operation_id, what): found
        for route in WITH_JSON
        for what, (body, field) in NO_JSON.items()
        if (found := told(callers.ask(route, body=body), field))
    }

    assert wrong == {}


def test_a_field_of_the_wrong_type_is_refused_by_its_name(callers):
    wrong = {}
    for route in WITH_JSON:
        good = BODIES[route.operation_id]
        for field in good:
            for value in WRONG_TYPES:
                if fits(route, {**good, field: value}):
                    continue
                body = json.dumps({**good, field: value}).encode()
                if found := told(callers.ask(route, body=body), field):
                    wrong[route.operation_id, field, str(value)[:20]] = found

    assert wrong == {}


def test_a_missing_or_an_unknown_field_is_refused_by_its_name(callers):
    wrong = {}
    for route in WITH_JSON:
        good = BODIES[route.operation_id]
        tried = {name: {k: v for k, v in good.items() if k != name} for name in good}
        tried["score"] = {**good, "score": 780}
        for field, body in tried.items():
            if found := told(callers.ask(route, body=json.dumps(body).encode()), field):
                wrong[route.operation_id, field] = found

    assert wrong == {}


def test_a_body_too_large_or_of_another_type_is_refused(callers):
    wrong = {}
    for route in ROUTES:
        if not route.takes_body:
            continue
        for code, reply in {
            "too_large": callers.ask(route, body=b" " * (largest_of(route) + 1)),
            "unsupported_media_type": callers.ask(route, **{"Content-Type": "text/xml"}),
        }.items():
            if found := objections(reply, code):
                wrong[route.operation_id, code] = found

    assert wrong == {}


def test_a_bad_id_in_a_path_is_refused_by_its_name(callers):
    wrong = {}
    for route in ROUTES:
        for name in route.parameters:
            for bad in WRONG_IDS:
                reply = callers.ask(route, target=target_of(route, **{name: bad}))
                if reply.status == 404:
                    found = objections(reply, "not_found")
                elif route.audience is Audience.CITY:
                    found = objections(reply, "malformed", "bad_signature")
                else:
                    found = told(reply, f"path.{name}")
                if found:
                    wrong[route.operation_id, bad[:20]] = found

    assert wrong == {}


def test_an_unknown_or_repeated_query_parameter_is_refused_by_its_name(callers):
    wrong = {}
    for route in ROUTES:
        target = target_of(route)
        join = "&" if "?" in target else "?"
        tried = {"score": f"{target}{join}score=780"}
        for query in route.query:
            if query.many:
                continue
            good = f"{query.name}={FUZHOU}"
            tried[query.name] = f"{target.split('?')[0]}?{good}&{good}"
        for field, asked in tried.items():
            if found := told(callers.ask(route, target=asked), f"query.{field}"):
                wrong[route.operation_id, asked] = found

    assert wrong == {}


@pytest.mark.parametrize(
    ("operation", "query", "field"),
    [
        ("show_eligibility", "?category=gambling", "query.category"),
        ("show_eligibility", "?category=", "query.category"),
        ("register_operator", "?rotate=yes", "query.rotate"),
        ("draw_statement", f"?home=35010&host={HANGZHOU}", "query.home"),
        ("draw_statement", f"?home={FUZHOU}&host=%EF%BC%93%EF%BC%93%EF%BC%90100", "query.host"),
        ("draw_statement", f"?home={FUZHOU}", "query.host"),
        ("show_consent_text", f"?recipient={FUZHOU}&until=2030-01-01T00:00:00Z", "query.purpose"),
        ("list_consents", "?limit=0", "query.limit"),
    ],
)
def test_a_bad_query_parameter_is_refused_by_its_name(callers, operation, query, field):
    [route] = [route for route in ROUTES if route.operation_id == operation]

    reply = callers.ask(route, target=target_of(route).split("?")[0] + query)

    assert told(reply, field) == []


# --- who is asking ---------------------------------------------------------------------------


def unsigned_jwt(claims):
    parts = ({"alg": "none", "typ": "JWT"}, claims)
    text = [base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts]
    return ".".join([*text, ""])


def bad_tokens(callers):
    """Return tokens that open nothing at Hangzhou, each wrong in one way."""
    world = callers.alliance.world
    hangzhou, fuzhou = world.cities[HANGZHOU], world.cities[FUZHOU]
    now = int(utc_now().timestamp())
    identity = {"iss": hangzhou.identity.issuer, "aud": hangzhou.url, "sub": "x"}
    own = {"iss": hangzhou.url, "aud": hangzhou.url, "sub": "holder-0000000000000000"}
    session = {
        "recognition_id": str(uuid4()),
        "recognised_at": utc_now().isoformat(),
        "scope": "redemptions",
        "client_id": "x",
        "since": utc_now().isoformat(),
        "roles": ["administrator"],
        "civil_id": "99010019500101001X",
    }
    provider = ECKey.import_key(json.loads((hangzhou.keys.parent / "identity.jwk").read_text()))
    secret = OctKey.import_key(bytes.fromhex((hangzhou.keys / "session.key").read_text()))
    over, good = {"exp": now - 1}, {"exp": now + 600}
    types = ("JWT", "huxin-session+jwt", "huxin-access+jwt")
    yield from {
        "garbage": "garbage",
        "three parts": "a.b.c",
        "long": "x" * 8000,
        "alg none": unsigned_jwt({**identity, **session, **good}),
        "alg none, own": unsigned_jwt({**own, **session, **good}),
        "of another city": fuzhou.identity.administrator_token(fuzhou.url),
        "of another provider": fuzhou.identity.administrator_token(hangzhou.url),
        "for another city": hangzhou.identity.administrator_token(fuzhou.url),
        "over": signed_jwt({"alg": "ES256"}, {**identity, **session, **over}, provider),
        "without an end": signed_jwt({"alg": "ES256"}, {**identity, **session}, provider),
        "by the public key": signed_jwt(
            {"alg": "HS256"},
            {**identity, **session, **good},
            OctKey.import_key(json.dumps(provider.as_dict(private=False)).encode()),
        ),
    }.items()
    for typ in types:
        yield f"over {typ}", signed_jwt({"alg": "HS256", "typ": typ}, own | session | over, secret)
        yield (
            f"forged {typ}",
            signed_jwt(
                {"alg": "HS256", "typ": typ}, own | session | good, OctKey.generate_key(256)
            ),
        )


def signed_jwt(header, claims, key):
    return jwt.encode(header, claims, key, algorithms=["ES256", "HS256"])


def test_a_token_that_is_wrong_in_any_way_opens_nothing(callers):
    headers = {f"token {what}": f"Bearer {token}" for what, token in bad_tokens(callers)}
    headers |= {
        "empty": "",
        "no token": "Bearer",
        "another scheme": "Basic dXNlcjpwYXNz",
        "no ASCII": "Bearer \u00e9\u00e8",
    }
    wrong = {
        (route.operation_id, what): found
        for route in GUARDED
        if route.audience is not Audience.CITY
        for what, header in headers.items()
        if (found := objections(callers.ask(route, Authorization=header), "unauthenticated"))
    }

    assert wrong == {}


def test_a_city_that_signs_wrongly_is_not_heard(callers):
    wrong = {}
    keys = callers.alliance.world.cities[FUZHOU].keys
    for route in GUARDED:
        if route.audience is not Audience.CITY:
            continue
        target, body = target_of(route), b"a.b.c" if route.takes_body else None
        good = signed(callers.url, route.method, target, keys, body)
        spare = signed(callers.url, route.method, target, keys, body)
        typed = {"Content-Type": route.content_type} if body else {}
        assert send(callers.url, route.method, target, typed | spare, body).status != 401
        tried = {
            "unsigned": {},
            "half": {"Signature": good["Signature"]},
            "garbage": {"Signature": "sig1=:AAAA:", "Signature-Input": "sig1=;;("},
            "replayed": spare,
            "for another address": signed(callers.url, route.method, "/v1/other", keys, body),
            "for another city": signed("http://127.0.0.1:1", route.method, target, keys, body),
            "key unknown": {
                **good,
                "Signature-Input": good["Signature-Input"].replace('id="', 'id="x'),
            },
        }
        if body:
            tried["for another body"] = signed(callers.url, route.method, target, keys, b"x")
        for what, headers in tried.items():
            reply = send(callers.url, route.method, target, typed | headers, body)
            if found := objections(reply, "unauthenticated", "bad_signature"):
                wrong[route.operation_id, what] = found

    assert wrong == {}


@pytest.mark.parametrize(
    ("form", "error"),
    [
        (b"", "invalid_request"),
        (b"grant_type=password", "unsupported_grant_type"),
        (b"grant_type=client_credentials", "invalid_client"),
        (b"grant_type=client_credentials&client_id=x&client_secret=y", "invalid_client"),
        (b"grant_type=client_credentials&client_id=%00&client_secret=%00", "invalid_client"),
        (b"grant_type=client_credentials&client_id=%ED%A0%80", None),
        (b"grant_type=client_credentials&scope=admin", "invalid_scope"),
        (b"grant_type=client_credentials&grant_type=client_credentials", None),
        (b"grant_type=%FF", None),
        (b"\xff\xfe", None),
        (b"&".join(b"a%d=1" % n for n in range(100)), None),
    ],
)
def test_a_bad_token_request_is_refused_as_oauth_wants_it(callers, form, error):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    reply = send(callers.url, "POST", "/v1/oauth/token", headers, form)

    if error is None:  # no form at all
        assert objections(reply, "malformed") == []
    else:
        assert reply.status == (401 if error == "invalid_client" else 400)
        assert reply.body["error"] == error
        assert ("www-authenticate" in reply.headers) == (error == "invalid_client")


# --- what is asked ---------------------------------------------------------------------------


@pytest.mark.parametrize("pair", [b"\0:\0", b"%00:%00", b"\xff:x", b":", b"", b"x" * 5000])
def test_bad_basic_credentials_are_no_credentials(callers, pair):
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Authorization": "Basic " + base64.b64encode(pair).decode(),
    }

    reply = send(callers.url, "POST", "/v1/oauth/token", headers, b"grant_type=client_credentials")

    assert (reply.status, reply.body["error"]) == (401, "invalid_client")


def test_a_path_or_method_that_is_not_there_is_refused(callers):
    wrong = {}
    for path in {route.path for route in ROUTES}:
        served = {route.method for route in ROUTES if route.path == path}
        target = target_of(next(route for route in ROUTES if route.path == path))
        for method in {*KNOWN, "TRACE", "CONNECT", "BREW"} - served:
            reply = send(callers.url, method, target, {})
            if not 400 <= reply.status < 500 or any(w.encode() in reply.content for w in TELLTALES):
                wrong[path, method] = reply
            elif method in KNOWN and (found := objections(reply, "method_not_allowed")):
                wrong[path, method] = found
    for target in ("/", "/v1", "/v2/grants", "/%2e%2e/etc/passwd", "//", "/v1/%00"):
        if found := objections(send(callers.url, "GET", target, {}), "not_found"):
            wrong[target] = found

    assert wrong == {}


def test_head_and_options_are_answered_soberly(callers):
    for path in {route.path for route in ROUTES}:
        target = target_of(next(route for route in ROUTES if route.path == path))
        get, head, options = (
            send(callers.url, method, target, {}) for method in ("GET", "HEAD", "OPTIONS")
        )

        assert get.status < 500
        assert (head.status, head.content) == (get.status, b"")
        assert options.status in {200, 204}
        served = {route.method for route in ROUTES if route.path == path}
        assert served <= set(options.headers["allow"].split(", "))


@pytest.mark.parametrize("host", ["evil.example", "", "a b", "x" * 5000, "127.0.0.1:1"])
def test_the_host_header_is_not_believed(callers, host):
    for target in ("/v1/roster", "/.well-known/jwt-vc-issuer", "/v1/nothing"):
        reply = send(callers.url, "GET", target, {"Host": host})

        assert reply.status in {200, 400, 404, 431}
        assert b"evil.example" not in reply.content
        assert not any("evil.example" in value for value in reply.headers.values())


# --- keys and presentations ------------------------------------------------------------------


def bad_keys():
    p256 = ECKey.generate_key("P-256").as_dict(private=False)
    return {
        "private": OKPKey.generate_key("Ed25519").as_dict(private=True),
        "private P-256": ECKey.generate_key("P-256").as_dict(private=True),
        "another curve": ECKey.generate_key("P-384").as_dict(private=False),
        "for agreement": OKPKey.generate_key("X25519").as_dict(private=False),
        "not on the curve": {**p256, "x": p256["y"], "y": p256["x"]},
        "too short": {**KEY, "x": KEY["x"][:-4]},
        "too long": {**KEY, "x": KEY["x"] + "AAAA"},
        "no base64url": {**KEY, "x": "+/=" + KEY["x"][3:]},
        "numbers": {"kty": 1, "crv": 2, "x": 3},
        "nested": {**KEY, "x": {"y": [KEY["x"]]}},
        "RSA": RSAKey.generate_key(2048).as_dict(private=False),
        "a secret": {"kty": "oct", "k": "AAAAAAAAAAAAAAAAAAAAAA"},
        "empty": {},
    }


def test_an_attestation_is_bound_to_a_public_key_or_not_made(callers):
    [route] = [route for route in ROUTES if route.operation_id == "issue_attestation"]
    wrong = {
        what: found
        for what, key in bad_keys().items()
        for body in [json.dumps({"recipient": FUZHOU, "holder_key": key}).encode()]
        if (found := told(callers.ask(route, body=body), "holder_key"))
    }

    assert wrong == {}


def presented(callers, **overrides):
    """Present an attestation made with the real keys of Fuzhou and wrong in one way."""
    world = callers.alliance.world
    home, host = world.cities[FUZHOU], world.cities[HANGZHOU]
    now, holder = utc_now().replace(microsecond=0), PrivateKey.generate("ES256")
    challenge = world.door(HANGZHOU).post("/v1/challenges")
    attestation = an_attestation(
        id=uuid4(),
        issuer=home.url,
        audience=host.url,
        issued_at=now - timedelta(minutes=4),
        expires_at=now + timedelta(days=7),
        as_of=now - timedelta(days=60),
        holder_key=holder.public_jwk,
        status=StatusEntry(f"{home.url}/v1/status-lists/0", 4711),
    )
    signer = PrivateKey.load(home.keys / "attestation.jwk")
    proof = {
        "aud": challenge["audience"],
        "nonce": challenge["nonce"],
        "iat": int(now.timestamp()),
    }
    made = {"signer": signer, "holder": holder, "proof": proof, **overrides}
    presentation = a_presentation(attestation, **made)
    body = {"challenge_id": challenge["challenge_id"], "presentation": presentation}
    [route] = [route for route in ROUTES if route.operation_id == "recognise_attestation"]
    return callers.ask(route, body=json.dumps(body).encode())


def test_an_attestation_that_is_not_in_order_is_refused_by_the_step_that_fails(callers):
    cities, now = callers.alliance.world.cities, int(utc_now().timestamp())
    foreign = PrivateKey.load(cities[ZHENGZHOU].keys / "attestation.jwk")
    transport = PrivateKey.load(cities[FUZHOU].keys / "transport.jwk")
    replies = {
        "expired": presented(callers, claims={"exp": now - 120}),
        "issued_in_future": presented(callers, claims={"iat": now + 3600}),
        "unknown_key": presented(callers, signer=PrivateKey.generate("EdDSA")),
        "wrong_vct": presented(callers, claims={"vct": "urn:other"}),
        "wrong_type": presented(callers, typ="JWT"),
        "unknown_city": presented(callers, claims={"iss": "http://127.0.0.1:1"}),
        "issuer_is_host": presented(callers, claims={"iss": cities[HANGZHOU].url}),
        "wrong_audience": presented(callers, claims={"aud": cities[ZHENGZHOU].url}),
        "lifetime_too_long": presented(callers, claims={"exp": now + 40 * 86_400}),
        "bad_key_binding": presented(callers, proof={"nonce": "another", "aud": "x"}),
    }
    wrong = {code: found for code, reply in replies.items() if (found := objections(reply, code))}
    for signer in (foreign, transport):
        if found := objections(presented(callers, signer=signer), "unknown_key"):
            wrong[signer.kid] = found

    assert wrong == {}


@pytest.mark.parametrize(
    "text",
    ["x", "~", "a.b.c", "a.b.c~", "a.b.c~~", ".." + "~" * 100, "é.b.c~", "eyJ.eyJ.eyJ~" * 99],
)
def test_a_presentation_that_cannot_be_read_is_refused(callers, text):
    [route] = [route for route in ROUTES if route.operation_id == "recognise_attestation"]
    challenge = callers.alliance.world.door(HANGZHOU).post("/v1/challenges")
    body = {"challenge_id": challenge["challenge_id"], "presentation": text}

    reply = callers.ask(route, body=json.dumps(body).encode())

    assert objections(reply, "malformed_presentation", "too_large") == []


def test_the_tables_here_know_every_route():
    assert {route.operation_id for route in WITH_JSON} == BODIES.keys()
    assert "ordinary_terms" in CODES
