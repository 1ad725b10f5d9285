// Believes a webhook by the library of the Standard Webhooks specification.
// In: {secret, headers, body}; out: {ok, event} or {ok: false, error}.
import { readFileSync } from "node:fs";
import { Webhook } from "standardwebhooks";

const asked = JSON.parse(readFileSync(0, "utf8"));

try {
  const event = new Webhook(asked.secret).verify(asked.body, asked.headers);
  console.log(JSON.stringify({ ok: true, event }));
} catch (error) {
  console.log(JSON.stringify({ ok: false, error: error.message }));
}
