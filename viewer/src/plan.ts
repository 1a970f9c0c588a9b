// plan.json: the room from above, in metres of the room frame (docs/room-format.md). What cannot
// be read is left out: a plan is a help, and the page works without one.
import type { Place } from "./ground";

export interface Plan {
  readonly outline: readonly Place[];
  readonly furniture: readonly (readonly Place[])[];
  readonly openings: readonly { readonly from: Place; readonly to: Place }[];
}

const isPlace = (value: unknown): value is Place =>
  Array.isArray(value) && value.length === 2 && value.every((x) => Number.isFinite(x));
const places = (value: unknown): Place[] => (Array.isArray(value) ? value.filter(isPlace) : []);
const items = (value: unknown): Record<string, unknown>[] => (Array.isArray(value)
  ? value.filter((item) => typeof item === "object" && item !== null) : []);

export function readPlan(json: unknown): Plan | null {
  if (typeof json !== "object" || json === null) return null;
  const plan = json as Record<string, unknown>;
  const outline = places(plan["outline"]);
  if (outline.length < 3) return null;
  return {
    outline,
    furniture: items(plan["furniture"]).map((piece) => places(piece["outline"]))
      .filter((piece) => piece.length >= 3),
    openings: items(plan["openings"]).flatMap(({ from, to }) =>
      isPlace(from) && isPlace(to) ? [{ from, to }] : []),
  };
}
