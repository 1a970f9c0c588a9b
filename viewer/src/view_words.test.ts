import { expect, test } from "vitest";
import { textsFor } from "./texts";
import type { Thing, Vec3 } from "./visit";
import { viewWords } from "./view_words";

const thing = (name: string, position: Vec3 | null): Thing =>
  ({ id: name, name, words: [], position, alt: null, photographs: [], translations: {} });
const at = (x: number, z: number, yaw_deg: number) =>
  ({ position: [x, 1.5, z] as Vec3, yaw: (yaw_deg * Math.PI) / 180, pitch: 0 });
const room = {
  things: [thing("The window", [0, 1.5, -4]), thing("A table", [0.2, 0.7, -2]), thing("A letter", null)],
  doorway: { position: [0, 1.5, 0] as Vec3, look_at: [0, 1, -4] as Vec3 },
};

test("the nearest thing in the middle of the view is named, else where the nearest one is", () => {
  const en = textsFor("en");
  const from = (yaw_deg: number) => viewWords(en, room, at(0, 0, yaw_deg));
  expect(from(0)).toBe("Before you: A table, about two metres away.");
  expect(from(15)).toBe("Before you: The window, about four metres away."); // the table is aside
  expect(from(60)).toBe("To your right: A table, about two metres away.");
  expect(from(-90)).toBe("To your left: A table, about two metres away.");
  expect(from(180)).toBe("Behind you: A table, about two metres away.");
  expect(viewWords(en, room, at(0.2, -1.6, 0))).toBe("Before you: A table, close by.");
  expect(viewWords(en, room, at(0.2, -1, 0))).toBe("Before you: A table, about one metre away.");
});

test("where nothing has a place, the doorway tells which way one looks; in Spanish, too", () => {
  const bare = { ...room, things: [thing("A letter", null)] };
  expect(viewWords(textsFor("en"), bare, at(0, -3, 0))).toBe("Behind you: the doorway, about three metres away.");
  expect(viewWords(textsFor("es"), bare, at(0, -3, 90))).toBe("A su izquierda: la puerta de entrada, a unos tres metros.");
  expect(viewWords(textsFor("es"), bare, at(0, -1, 180))).toBe("Delante de usted: la puerta de entrada, a un metro.");
});
