/// <reference types="vite/client" />
// docs/room.schema.json says the same as the program: both take tests/documents/good and refuse
// tests/documents/bad (src/room/document_test.cc).
import Ajv from "ajv/dist/2020";
import { expect, test } from "vitest";
import schema from "../../docs/room.schema.json";

const documents = import.meta.glob("../../tests/documents/*/*.json", {
  eager: true,
  import: "default",
});
const isValid = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema);

test("there are documents to try", () => {
  expect(Object.keys(documents).length).toBeGreaterThan(10);
});

for (const [path, document] of Object.entries(documents)) {
  const [kind, name] = path.split("/").slice(-2);
  test(`${kind}: ${name}`, () => {
    const valid = isValid(document);
    expect(valid, JSON.stringify(isValid.errors)).toBe(kind === "good");
  });
}
