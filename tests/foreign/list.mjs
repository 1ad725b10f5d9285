// Reads and writes status lists with somebody else's code.
// In: {token, indexes}; out: {bits, length, statuses} of those entries.
// In: {statuses, bits, claims, header, key} with a private JWK; out: {token}.
import crypto from "node:crypto";
import { readFileSync } from "node:fs";
import {
  StatusList,
  createHeaderAndPayload,
  getListFromStatusListJWT,
} from "@sd-jwt/jwt-status-list";

const asked = JSON.parse(readFileSync(0, "utf8"));

function read() {
  const list = getListFromStatusListJWT(asked.token);
  return {
    bits: list.getBitsPerStatus(),
    length: list.statusList.length,
    statuses: asked.indexes.map((index) => list.getStatus(index)),
  };
}

function write() {
  const list = new StatusList(asked.statuses, asked.bits);
  const { header, payload } = createHeaderAndPayload(list, asked.claims, asked.header);
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const message = `${part(header)}.${part(payload)}`;
  const key = crypto.createPrivateKey({ key: asked.key, format: "jwk" });
  const signature = crypto.sign(null, Buffer.from(message), key).toString("base64url");
  return { token: `${message}.${signature}` };
}

console.log(JSON.stringify(asked.token ? read() : write()));
