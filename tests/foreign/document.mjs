// Checks a document that a city signed (a trust code, a special report) with somebody else's code.
// In: {token, kind, jwks, city, now}; out: {ok, claims} or {ok: false, error}.
import { readFileSync } from "node:fs";
import { createLocalJWKSet, jwtVerify } from "jose";

const asked = JSON.parse(readFileSync(0, "utf8"));
const keys = createLocalJWKSet({ keys: asked.jwks.keys });
try {
  const { payload } = await jwtVerify(asked.token, keys, {
    algorithms: ["EdDSA"],
    currentDate: new Date(asked.now),
    issuer: asked.city,
    typ: asked.kind,
  });
  console.log(JSON.stringify({ ok: true, claims: payload }));
} catch (error) {
  console.log(JSON.stringify({ ok: false, error: error.code }));
}
