import { expect, test } from "vitest";
import { BoundsGround } from "./ground";
import { parseVisit, type Vec3 } from "./visit";
import {
  doorwayPose, eyeHeight, fittedFov, floorAt, Glide, lookFrom, poseBefore, turned, walked, wrapAngle,
  type Pose,
} from "./walk";

const visit = parseVisit({
  version: 1, language: "en", title: "A room", words: [], content_note: null, last_words: [],
  credits: null, estimated: { scale: false, up: false, doorway: false },
  doorway: { position: [0, 1.5, 0.5], look_at: [0, 1.5, -2] },
  bounds: { min: [-2, 0, -4], max: [2, 2.5, 0] },
  support: null, offer: null, reading: { en: "read.html" },
  collision: null, plan: { url: "plan.svg", data: "plan.json" },
  splats: { url: "splats/meta.json", further: [], count: 1 }, view_fov_deg: 60, things: [], stories: [],
});

const ground = new BoundsGround(visit);

function expectAt(actual: Vec3, wanted: Vec3): void {
  wanted.forEach((value, i) => expect(actual[i]).toBeCloseTo(value, 9));
}

test("one stands in the doorway, even outside the bounds, and looks in", () => {
  const pose = doorwayPose(visit, ground);
  expectAt(pose.position, [0, 1.5, 0.5]);
  expect(pose.yaw).toBeCloseTo(0);
  expect(pose.pitch).toBeCloseTo(0);
});

test("yaw turns left, pitch looks up", () => {
  expect(lookFrom([0, 0, 0], [-1, 0, 0]).yaw).toBeCloseTo(Math.PI / 2);
  expect(lookFrom([0, 0, 0], [1, 0, 0]).yaw).toBeCloseTo(-Math.PI / 2);
  expect(lookFrom([0, 0, 0], [0, 1, -1]).pitch).toBeCloseTo(Math.PI / 4);
  expect(lookFrom([0, 0, 0], [0, 5, 0])).toMatchObject({ yaw: 0 });
});

test("nobody's head turns over", () => {
  const up = turned(doorwayPose(visit, ground), 0, 10);
  expect(up.pitch).toBeLessThan(Math.PI / 2);
  expect(turned(up, 0, -20).pitch).toBeCloseTo(-up.pitch);
  expect(Math.abs(turned(up, 100, 0).yaw)).toBeLessThanOrEqual(Math.PI);
});

test("walking goes where one looks, whatever the pitch, at one height", () => {
  const start: Pose = { position: [0, 1.5, -2], yaw: 0, pitch: 1 };
  expectAt(walked(ground, start, 1, 0).position, [0, 1.5, -3]);
  expectAt(walked(ground, start, 0, 1).position, [1, 1.5, -2]);
  const left: Pose = { ...start, yaw: Math.PI / 2 };
  expectAt(walked(ground, left, 1, 0).position, [-1, 1.5, -2]);
  expectAt(walked(ground, left, 0, 1).position, [0, 1.5, -3]);
});

test("walls end the way", () => {
  const pose: Pose = { position: [0, 1.5, -2], yaw: 0, pitch: 0 };
  expectAt(walked(ground, pose, 100, 0).position, [0, 1.5, -3.85]);
  expectAt(walked(ground, pose, 0, 100).position, [1.85, 1.5, -2]);
});

test("a doorway outside the bounds can be left and reached by walking", () => {
  const there = doorwayPose(visit, ground);
  expectAt(walked(ground, there, 0.1, 0).position, [0, 1.5, 0.4]);
  expectAt(walked(ground, there, -100, 0).position, [0, 1.5, 0.5]);
});

test("bounds too narrow to stand in leave their middle", () => {
  const thin = {
    ...visit,
    bounds: { min: [-0.05, 0, -4] as Vec3, max: [0.05, 2, 0] as Vec3 },
  };
  expect(new BoundsGround(thin).nearest([9, -2])).toEqual([0, -2]);
});

test("before a thing one stands a step away, on the side one came from, and looks at it", () => {
  const from: Pose = { position: [0, 1.5, -0.5], yaw: 0, pitch: 0 };
  const there = poseBefore(ground, from, [0, 0.5, -3]);
  expectAt(there.position, [0, 1.5, -1.7]);
  expect(there.yaw).toBeCloseTo(0);
  expect(there.pitch).toBeCloseTo(-Math.atan2(1, 1.3));
  // Standing in it already: a step back, the way one came.
  const inside = poseBefore(ground, { ...from, position: [0, 1.5, -3] }, [0, 0.5, -3]);
  expectAt(inside.position, [0, 1.5, -1.7]);
});

test("a glide is calm, takes the short turn, and arrives exactly", () => {
  const from: Pose = { position: [0, 1.5, -1], yaw: 3, pitch: 0 };
  const to: Pose = { position: [0, 1.5, -1.6], yaw: -3, pitch: 0.5 };
  const glide = new Glide(from, to);
  expect(glide.duration_s).toBeCloseTo(1);
  expect(glide.at(0)).toEqual(from);
  expect(glide.at(glide.duration_s)).toEqual(to);
  expect(Math.abs(glide.at(glide.duration_s / 2).yaw)).toBeCloseTo(Math.PI);
  let last = glide.at(0);
  for (let t = 0.01; t <= glide.duration_s; t += 0.01) {
    const now = glide.at(t);
    const speed = Math.abs(now.position[2] - last.position[2]) / 0.01;
    expect(speed).toBeLessThanOrEqual(1.2 + 1e-6);
    last = now;
  }
  const nowhere = new Glide(from, from);
  expect(nowhere.at(0)).toEqual(from);
});

test("angles wrap", () => {
  expect(wrapAngle(3 * Math.PI)).toBeCloseTo(-Math.PI);
  expect(wrapAngle(0.5)).toBe(0.5);
});

test("narrow windows open the view until 50 degrees fit across, and no further than 90", () => {
  expect(fittedFov(60, 1.6)).toBe(60);
  const tall = fittedFov(60, 390 / 844);
  expect(tall).toBeGreaterThan(60);
  expect(tall).toBeLessThanOrEqual(90);
  expect(fittedFov(60, 0.1)).toBe(90);
  expect(fittedFov(100, 0.1)).toBe(100);
});

test("a tap finds the floor below it, and none above the horizon", () => {
  const pose: Pose = { position: [1, 1.5, -1], yaw: Math.PI / 2, pitch: -Math.PI / 4 };
  const middle = floorAt(pose, 60, 1.5, 0, 0)!;
  expect(middle[0]).toBeCloseTo(-0.5);
  expect(middle[1]).toBeCloseTo(-1);
  const right = floorAt(pose, 60, 1.5, 1, 0)!;
  expect(right[0]).toBeCloseTo(-0.5);
  expect(right[1]).toBeLessThan(-1); // looking along -x, right is -z
  expect(floorAt({ ...pose, pitch: 0 }, 60, 1.5, 0, 0.2)).toBeNull();
});

test("a glide by several places passes through them", () => {
  const from: Pose = { position: [0, 1.5, 0], yaw: 0, pitch: 0 };
  const to: Pose = { position: [1, 1.2, -1], yaw: 0, pitch: 0 };
  const glide = new Glide(from, to, [[0, 0], [0, -1], [1, -1]]);
  const middle = glide.at(glide.duration_s / 2);
  expectAt(middle.position, [0, 1.35, -1]);
});

test("eyes are lower when one sits or is a child, and never higher than the doorway's", () => {
  expect(eyeHeight(visit, "standing")).toBe(1.5);
  expect(eyeHeight(visit, "seated")).toBe(1.2);
  expect(eyeHeight(visit, "child")).toBe(1);
  const low = { ...visit, doorway: { ...visit.doorway, position: [0, 0.9, 0] as Vec3 } };
  expect(eyeHeight(low, "seated")).toBe(0.9);
});
