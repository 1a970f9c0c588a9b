// Where two documents differ, in what a person can read side by side.
import type { RoomDocument } from "./room_document";

export interface Difference {
  readonly part: string; // a key of the document
  readonly name: string | null; // of the thing or story, where it is one
  readonly mine: string;
  readonly theirs: string;
}

// All that is said in a value, line by line; what only programs read is passed over.
function readable(value: unknown, key = ""): string[] {
  if (typeof value === "string") return key === "id" || value === "" ? [] : [value];
  if (typeof value === "number") return [String(Math.round(value * 100) / 100)];
  if (Array.isArray(value)) {
    return value.every((item) => typeof item === "number")
      ? [value.map((item) => String(Math.round((item as number) * 100) / 100)).join(", ")]
      : value.flatMap((item) => readable(item));
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([inner, item]) => readable(item, inner));
}

interface Named {
  readonly id?: unknown;
  readonly name?: unknown;
  readonly title?: unknown;
}
const isList = (value: unknown): value is readonly Named[] =>
  Array.isArray(value) && value.length > 0 &&
  value.every((item) => typeof item === "object" && item !== null && typeof (item as Named).id === "string");

export function differences(mine: RoomDocument, theirs: RoomDocument): Difference[] {
  const [a, b] = [mine, theirs] as unknown as readonly Readonly<Record<string, unknown>>[];
  const same = (x: unknown, y: unknown) => JSON.stringify(x ?? null) === JSON.stringify(y ?? null);
  const text = (value: unknown) => readable(value).join("\n");
  return [...new Set([...Object.keys(a!), ...Object.keys(b!)])].flatMap((part): Difference[] => {
    const [here, there] = [a![part], b![part]];
    if (same(here, there)) return [];
    if (!isList(here) && !isList(there)) return [{ part, name: null, mine: text(here), theirs: text(there) }];
    const lists = [here, there].map((list) => (isList(list) ? list : []));
    const ids = [...new Set(lists.flat().map((item) => item.id))];
    const items = ids.flatMap((id): Difference[] => {
      const [x, y] = lists.map((list) => list.find((item) => item.id === id));
      if (same(x, y)) return [];
      const { name, title } = (x ?? y)!;
      return [{ part, name: String(name ?? title ?? id), mine: text(x), theirs: text(y) }];
    });
    // The same ones in another order.
    return items.length > 0 ? items : [{ part, name: null, mine: text(here), theirs: text(there) }];
  });
}
