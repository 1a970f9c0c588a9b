import { expect, test } from "vitest";
import { editTextsFor } from "./texts";

const [en, es] = [editTextsFor("en-GB"), editTextsFor("es-MX")];

// Every sentence with its key, whatever it is about.
function said(texts: object): Map<string, string> {
  return new Map(Object.entries(texts).flatMap(([key, text]): [string, string][] =>
    typeof text === "object" ? [...said(text as object)].map(([inner, words]) => [`${key}.${inner}`, words])
      : [[key, typeof text === "function" ? String((text as (...words: unknown[]) => string)(3, 3)) : String(text)]]));
}

test("nothing is left untranslated", () => {
  const [first, second] = [said(en), said(es)];
  expect([...second.keys()].sort()).toEqual([...first.keys()].sort());
  const names = ["tour_step", "passages_none"]; // names and numbers only
  expect([...first].filter(([key, text]) => second.get(key) === text && !names.includes(key))).toEqual([]);
});

test("what there is already is said in whole sentences", () => {
  expect(en.task_things_has(1)).toBe("One thing is named.");
  expect(en.task_tour_has(6, 4)).toBe("Six steps, about four minutes.");
  expect(es.task_tour_has(1, 1)).toBe("Un paso, alrededor de un minuto.");
  expect(es.task_stories_has(2)).toBe("Se cuentan dos historias.");
});
