import { expect, test } from "vitest";
import { differences } from "./differences";
import type { RoomDocument } from "./room_document";

const room = {
  title: "A room", words: ["One.", "Two."],
  things: [{ id: "bed", name: "The bed", position: [1, 2, 3.456] }, { id: "lamp", name: "The lamp", words: ["Warm."] }],
} as unknown as RoomDocument;

test("only what differs is told, by its name", () => {
  expect(differences(room, room)).toEqual([]);
  const other = { ...room, words: ["One."], things: [room.things![0], { ...room.things![1], words: ["Cold."] }] } as RoomDocument;
  expect(differences(room, other)).toEqual([
    { part: "words", name: null, mine: "One.\nTwo.", theirs: "One." },
    { part: "things", name: "The lamp", mine: "The lamp\nWarm.", theirs: "The lamp\nCold." },
  ]);
});

test("what only one has, and another order", () => {
  const fewer = { ...room, things: [room.things![0]!] };
  expect(differences(room, fewer)).toEqual([{ part: "things", name: "The lamp", mine: "The lamp\nWarm.", theirs: "" }]);
  const turned = { ...room, things: [...room.things!].reverse() };
  expect(differences(room, turned)).toEqual([{
    part: "things", name: null, mine: "The bed\n1, 2, 3.46\nThe lamp\nWarm.", theirs: "The lamp\nWarm.\nThe bed\n1, 2, 3.46",
  }]);
});
