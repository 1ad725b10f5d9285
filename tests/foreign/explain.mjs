// Validates documents against our JSON Schema: {schema, documents} on standard input.
// Answers with the errors of each, an empty list for one that keeps it.
import { readFileSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const { schema, documents } = JSON.parse(readFileSync(0, "utf8"));
const ajv = new Ajv2020({ allErrors: true, strict: true });
addFormats(ajv);
const validate = ajv.compile(schema);
const verdicts = documents.map((document) =>
  validate(document) ? [] : validate.errors.map((error) => `${error.instancePath} ${error.message}`),
);
console.log(JSON.stringify(verdicts));
