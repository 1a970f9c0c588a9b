import { expect, test } from "vitest";
import { en } from "./texts_en";
import { es } from "./texts_es";
import { whatWasDone } from "./what_was_done";

test("what the page called it stays", () => {
  expect(whatWasDone(en, "The lamp: words")).toBe("The lamp: words");
});

test("what the program called it is said in plain words, in both languages", () => {
  for (const what of ["ajar place", "ajar build", "restore", "tour", ""]) {
    const said = [en, es].map((texts) => whatWasDone(texts, what));
    for (const words of said) {
      expect(words).not.toMatch(/ajar|restore|^tour$/);
      expect(words).toMatch(/^\p{Lu}.+/u);
    }
    expect(said[0]).not.toBe(said[1]);
  }
});
