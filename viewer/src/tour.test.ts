import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readingTime_s, TourWalk, type TourState } from "./tour";
import type { Tour, TourStep } from "./visit";

const step = (thing: string, changes: Partial<TourStep> = {}): TourStep =>
  ({ thing, story: null, place: null, words: [], pause_s: 6, translations: {}, ...changes });
const tour: Tour = { minutes: 3, steps: [step("bed"), step("window", { story: "air" }), step("cup")] };

function walking() {
  const did: string[] = [];
  let state: TourState = { kind: "away" };
  const walk: TourWalk = new TourWalk(tour, {
    arrive: ({ thing }) => {
      did.push(`at ${thing}`);
      return { there_s: 2, words: [] };
    },
    tell: ({ story }) => {
      if (story !== null) did.push(`tells ${story}`);
      return story !== null;
    },
    hush: () => {
      did.push("hush");
      walk.told(); // as the teller says when it is stopped
    },
    show: (now) => (state = now),
  });
  return { walk, did, state: () => state };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("one step after another, and a pause after each in which nothing happens", () => {
  const { walk, did, state } = walking();
  vi.advanceTimersByTime(60_000);
  expect(did).toEqual([]); // nothing begins by itself
  walk.takeUp();
  vi.advanceTimersByTime(2000 + 4000 + 5999); // there, at leisure, and almost the whole pause
  expect(did).toEqual(["at bed"]);
  vi.advanceTimersByTime(1);
  expect(did.at(-1)).toBe("at window");
  vi.advanceTimersByTime(600_000); // a story takes as long as it takes
  expect(did.at(-1)).toBe("tells air");
  walk.told();
  vi.advanceTimersByTime(5999);
  expect(did.at(-1)).toBe("tells air");
  vi.advanceTimersByTime(1);
  expect(did.at(-1)).toBe("at cup");
  vi.advanceTimersByTime(12_000);
  expect(state()).toEqual({ kind: "over" });
  vi.advanceTimersByTime(60_000);
  expect(did.at(-1)).toBe("hush");
  walk.takeUp();
  expect(did.at(-1)).toBe("at bed");
});

test("the path is left at any time and taken up again where it was", () => {
  const { walk, did, state } = walking();
  walk.takeUp();
  walk.next();
  vi.advanceTimersByTime(2000);
  expect(did.at(-1)).toBe("tells air");
  walk.leave();
  expect([did.at(-1), state().kind, walk.isOn]).toEqual(["hush", "away", false]);
  vi.advanceTimersByTime(600_000);
  walk.next();
  expect(did.at(-1)).toBe("hush");
  walk.takeUp();
  expect(did.at(-1)).toBe("at window");
  walk.back();
  walk.back();
  expect(did.at(-1)).toBe("at bed");
});

test("it goes on only when asked, where that is wanted", () => {
  const { walk, did, state } = walking();
  walk.takeUp();
  walk.goesOnByItself(false); // on the way: one still arrives
  vi.advanceTimersByTime(600_000);
  expect(did).toEqual(["at bed"]);
  expect(state()).toMatchObject({ kind: "on", waits: true });
  walk.next();
  vi.advanceTimersByTime(2000);
  walk.told();
  vi.advanceTimersByTime(600_000);
  expect(did.at(-1)).toBe("tells air");
  walk.goesOnByItself(true);
  vi.advanceTimersByTime(6000);
  expect(did.at(-1)).toBe("at cup");
  walk.close();
  vi.advanceTimersByTime(600_000);
  expect(did.at(-1)).toBe("at cup");
});

test("reading takes its time", () => {
  expect(readingTime_s([])).toBe(4);
  expect(readingTime_s(["one two three four five", "six  seven eight nine ten words and more here now"]))
    .toBeCloseTo(15 / 2.5);
});
