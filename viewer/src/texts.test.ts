import { expect, test } from "vitest";
import { textsFor } from "./texts";

test("the catalogue follows the language, and English is the rest", () => {
  expect(textsFor("es").language).toBe("es");
  expect(textsFor("es-MX").language).toBe("es");
  expect(textsFor("ES").language).toBe("es");
  expect(textsFor("en-GB").language).toBe("en");
  expect(textsFor("ja").language).toBe("en");
});

test("nothing is left untranslated", () => {
  const en = textsFor("en");
  const es = textsFor("es");
  const said = (texts: typeof en) =>
    Object.entries(texts).map(([key, text]) => [key, typeof text === "function" ? text("X" as never) : text]);
  const same = said(en).filter(([key, text]) => es[key as keyof typeof es] === text);
  expect(same).toEqual([]);
});
