// Checks a pass offline with jose, as an operator's device would.
// In: {token, jwks, city, operator, now}; out: {ok, claims} or {ok: false, error}.
import { readFileSync } from "node:fs";
import { createLocalJWKSet, jwtVerify } from "jose";

const asked = JSON.parse(readFileSync(0, "utf8"));

try {
  const { payload } = await jwtVerify(asked.token, createLocalJWKSet(asked.jwks), {
    algorithms: ["EdDSA"],
    typ: "pass+jwt",
    issuer: asked.city,
    audience: asked.operator,
    currentDate: new Date(asked.now),
    clockTolerance: 60,
  });
  console.log(JSON.stringify({ ok: true, claims: payload }));
} catch (error) {
  console.log(JSON.stringify({ ok: false, error: error.code }));
}
