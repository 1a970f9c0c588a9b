// Passages of a recording, changed at a moment of it.
import type { Passage } from "./room_document";

const shortest_s = 0.1;
const hundredths = (time: number) => Math.round(time * 100) / 100;

// From a moment on, until what is marked next or the end, the recording speaks of this thing, or of none.
export function marked(
  passages: readonly Passage[], at_s: number, end_s: number, thing: string | null,
): Passage[] {
  const from = hundredths(at_s);
  const next = Math.min(hundredths(end_s), ...passages.map((one) => one.from).filter((begin) => begin > from));
  const before = passages.filter((one) => one.from < from)
    .map((one) => (one.to > from ? { ...one, to: from } : one));
  const after = passages.filter((one) => one.from > from);
  const made = thing === null ? [] : [{ from, to: next, things: [thing] }];
  return [...before, ...made, ...after].filter((one) => one.to - one.from >= shortest_s)
    .sort((a, b) => a.from - b.from);
}
