// Issues and presents a credential with somebody else's SD-JWT VC code.
// In: {claims, concealed, issuerKey, holderKey, kid, nonce, audience, now} with private JWKs; out: the text.
import crypto from "node:crypto";
import { readFileSync } from "node:fs";
import { SDJwtVcInstance } from "@sd-jwt/sd-jwt-vc";

const asked = JSON.parse(readFileSync(0, "utf8"));

const signer = (jwk) => async (data) => {
  const key = crypto.createPrivateKey({ key: jwk, format: "jwk" });
  const how = jwk.kty === "OKP" ? [null, key] : ["sha256", { key, dsaEncoding: "ieee-p1363" }];
  return crypto.sign(how[0], Buffer.from(data), how[1]).toString("base64url");
};
const algorithm = (jwk) => (jwk.kty === "OKP" ? "EdDSA" : "ES256");

const issuer = new SDJwtVcInstance({
  hasher: (data, alg) => crypto.createHash(alg.replace("-", "")).update(data).digest(),
  hashAlg: "sha-256",
  saltGenerator: () => crypto.randomBytes(16).toString("base64url"),
  signer: signer(asked.issuerKey),
  signAlg: algorithm(asked.issuerKey),
  kbSigner: signer(asked.holderKey),
  kbSignAlg: algorithm(asked.holderKey),
});

const credential = await issuer.issue(asked.claims, { _sd: asked.concealed }, {
  header: { kid: asked.kid },
});
const shown = Object.fromEntries(asked.concealed.map((name) => [name, true]));
const kb = { payload: { aud: asked.audience, nonce: asked.nonce, iat: asked.now } };
console.log(await issuer.present(credential, shown, { kb }));
