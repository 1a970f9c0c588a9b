import { expect, test } from "vitest";
import { lengthWords } from "./numbers";

test("a length is said no more closely than it is known", () => {
  expect(lengthWords("en", 1.1234, 0.031)).toEqual({ length: "1.12 m", about: "3 cm" });
  expect(lengthWords("en", 1.1234, 0.001)).toEqual({ length: "1.12 m", about: "1 cm" });
  expect(lengthWords("en", 2.36, 0.24)).toEqual({ length: "2.4 m", about: "0.2 m" });
  expect(lengthWords("es", 2.36, 0.24).length).toMatch(/^2,4\sm$/);
});
