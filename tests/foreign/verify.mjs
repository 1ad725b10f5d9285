// Verifies a presentation with somebody else's SD-JWT VC and status list code.
// In: {presentation, issuerKey, nonce, statusList, now}; out: {ok, claims, holder} or {ok: false, error}.
import crypto from "node:crypto";
import { readFileSync } from "node:fs";
import { SDJwtVcInstance } from "@sd-jwt/sd-jwt-vc";

const asked = JSON.parse(readFileSync(0, "utf8"));

// The algorithm follows the key, whatever the header says.
function check(jwk, data, signature) {
  const key = crypto.createPublicKey({ key: jwk, format: "jwk" });
  const bytes = Buffer.from(signature, "base64url");
  if (jwk.kty === "OKP") return crypto.verify(null, Buffer.from(data), key, bytes);
  return crypto.verify("sha256", Buffer.from(data), { key, dsaEncoding: "ieee-p1363" }, bytes);
}

const verifier = new SDJwtVcInstance({
  hasher: (data, alg) => crypto.createHash(alg.replace("-", "")).update(data).digest(),
  hashAlg: "sha-256",
  verifier: async (data, signature) => check(asked.issuerKey, data, signature),
  kbVerifier: async (data, signature, payload) => check(payload.cnf.jwk, data, signature),
  statusListFetcher: async () => asked.statusList,
  statusValidator: async (status) => {
    if (status !== 0) throw new Error(`status ${status}`);
  },
});

try {
  const result = await verifier.verify(asked.presentation, {
    keyBindingNonce: asked.nonce,
    currentDate: asked.now,
  });
  console.log(JSON.stringify({ ok: true, claims: result.payload, binding: result.kb?.payload }));
} catch (error) {
  console.log(JSON.stringify({ ok: false, error: error.message }));
}
