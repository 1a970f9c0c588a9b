import { expect, test } from "vitest";
import { textsFor } from "./texts";

test("the catalogue follows the language, and English is the rest", () => {
  expect(textsFor("es").language).toBe("es");
  expect(textsFor("es-MX").language).toBe("es");
  expect(textsFor("ES").language).toBe("es");
  expect(textsFor("en-GB").language).toBe("en");
  expect(textsFor("ja").language).toBe("en");
});

test("what a room holds is said in whole sentences", () => {
  const en = textsFor("en");
  expect(en.holds(5, 3, 1)).toBe("A room to look around in, with five things to come close to. " +
    "Three stories are told, one of them to hear if you like.");
  expect(en.holds(1, 1, 0)).toBe("A room to look around in, with one thing to come close to. " +
    "One story is told.");
  expect(en.holds(0, 0, 0)).toBe("A room to look around in.");
  expect(textsFor("es").holds(2, 1, 1)).toContain("dos cosas a las que acercarse. Se cuenta una historia");
});

test("nothing is left untranslated", () => {
  const en = textsFor("en");
  const es = textsFor("es");
  const said = (texts: typeof en) =>
    Object.entries(texts).map(([key, text]) => [key, typeof text === "function" ? (text as (...words: string[]) => string)("X", "X", "X") : text]);
  const same = said(en).filter(([key, text]) => es[key as keyof typeof es] === text);
  expect(same).toEqual([]);
});
