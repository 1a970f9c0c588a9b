// Every text that docs/room.schema.json lets a keeper write, by its path in the document: a test of all of
// them cannot forget one that is added.
import { readFileSync } from "node:fs";

const schema = JSON.parse(readFileSync(new URL("../../docs/room.schema.json", import.meta.url), "utf8"));
const anything = [undefined, "[^ \\t\\r\\n]", "\\S"]; // patterns that refuse nothing but the empty

// Below a node of the schema: [{ path, free }]; lists by their first item, translations by Spanish. Those
// that are not free must be of a form: ids, languages, paths, links.
function strings(node, path) {
  if (node.$ref) return strings(node.$ref.slice(2).split("/").reduce((at, key) => at[key], schema), path);
  const found = [node.anyOf, node.oneOf].flatMap((each) => each ?? []).flatMap((each) => strings(each, path));
  for (const [key, inner] of Object.entries(node.properties ?? {})) found.push(...strings(inner, [...path, key]));
  if (node.items) found.push(...strings(node.items, [...path, 0]));
  if (node.additionalProperties) found.push(...strings(node.additionalProperties, [...path, "es"]));
  if ([node.type].flat().includes("string")) {
    found.push({ path, free: !node.allOf && anything.includes(node.pattern) && path.at(-1) !== "photo" });
  }
  return found;
}

const all = [...new Map(strings(schema, []).map((each) => [String(each.path), each])).values()];
export const freeTexts = all.filter(({ free }) => free).map(({ path }) => path);
export const formedTexts = all.filter(({ free }) => !free).map(({ path }) => path);

export const textAt = (document, path) => path.reduce((at, key) => at?.[key], document);

// The document with `text` there; what it stands in is made where it is missing.
export function withTextAt(document, path, text) {
  const made = structuredClone(document);
  let at = made;
  path.slice(0, -1).forEach((key, i) => (at = at[key] ??= typeof path[i + 1] === "number" ? [] : {}));
  at[path.at(-1)] = text;
  return made;
}
