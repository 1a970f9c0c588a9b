import { expect, test } from "vitest";
import { linkedPlace, linkTo } from "./place_link";

test("a link leads back to the place and the look it was made at", () => {
  const pose = { position: [1.234, 1.2, -0.856] as const, yaw: 0.5, pitch: -0.1 };
  const link = linkTo(pose, "seated");
  expect(link).toBe("#at=1.23,-0.86,29,-6,seated");
  const { place, yaw, pitch, how } = linkedPlace(link)!;
  expect(place).toEqual([1.23, -0.86]);
  expect(yaw).toBeCloseTo(0.5, 1);
  expect(pitch).toBeCloseTo(-0.1, 1);
  expect(how).toBe("seated");
  expect(linkTo({ position: [0, 1.5, -0.001], yaw: -0.001, pitch: 0 }, "standing")).toBe("#at=0,0,0,0");
});

test("a broken link is none", () => {
  for (const link of ["", "#", "#at=", "#at=1,2,3", "#at=1,2,3,x", "#at=1,,3,4", "#at=1,2,3,4,lying",
    "#at=1,2,3,4,seated,5", "#at=Infinity,0,0,0", "#at=1e9,0,0,0", "#at=NaN,0,0,0", "#elsewhere"]) {
    expect(linkedPlace(link), link).toBeNull();
  }
});

test("a head looks no further up or down than it can", () => {
  expect(linkedPlace("#at=0,0,720,400")).toMatchObject({ yaw: 0, pitch: (80 * Math.PI) / 180 });
});
