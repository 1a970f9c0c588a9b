import { expect, test } from "vitest";
import { centresFrom } from "./centres";

test("centres lie on the signed logarithmic scale between the least and the greatest", () => {
  const means = { files: [], mins: [-Math.log(3), 0, -1], maxs: [Math.log(5), Math.log(2), 1] };
  const lower = [0, 0, 0, 255, 255, 255, 255, 255, 0x34, 0, 0x80, 255];
  const upper = [0, 0, 0, 255, 255, 255, 255, 255, 0x12, 0, 0x7f, 255];
  const centres = centresFrom({ means, count: 3 }, lower, upper);
  expect([...centres.slice(0, 2)]).toEqual([expect.closeTo(-2, 6), 0]);
  expect(centres[2]).toBeCloseTo(1 - Math.E, 6);
  expect([...centres.slice(3, 5)]).toEqual([expect.closeTo(4, 6), expect.closeTo(1, 6)]);
  const share = 0x1234 / 65535;
  const squeezed = -Math.log(3) + share * Math.log(15);
  expect(centres[6]).toBeCloseTo(Math.sign(squeezed) * (Math.exp(Math.abs(squeezed)) - 1), 6);
  const middle = -1 + (2 * 0x7f80) / 65535;
  expect(centres[8]).toBeCloseTo(-Math.expm1(-middle), 6);
});
