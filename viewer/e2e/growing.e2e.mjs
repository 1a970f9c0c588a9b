// A room that is still being made, seen while it gets clearer.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { growingSite, site } from "./fixture.mjs";
import { launch, visiting } from "./visiting.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

test("it grows clearer while one stands in it, and says when it is made", async () => {
  await visiting(browser, async (visit) => {
    const { page, server: { files, asked } } = visit;
    await visit.button("Step in").dblclick(); // and it is one room
    await visit.ready();
    assert.equal(asked.filter((name) => name.endsWith("meta.json")).length, 1);
    await page.getByText("The room is still being made.").waitFor();
    await visit.look("growing");
    await page.keyboard.down("ArrowLeft");
    await page.waitForTimeout(300);
    await page.keyboard.up("ArrowLeft");
    const pose = await visit.poseAtRest();
    const picture = () => page.evaluate(async () => {
      await window.ajar.settled();
      return window.ajar.picture();
    });
    const coarse = await picture();
    files["visit.json"] = Buffer.from("[]"); // for a moment: nobody is shown out
    const looks = asked.length;
    for (let tries = 0; !asked.slice(looks).includes("visit.json"); tries++) {
      assert.ok(tries < 40, "nobody looked");
      await page.waitForTimeout(500);
    }
    Object.assign(files, growingSite(2));
    for (let tries = 0; (await picture()) === coarse; tries++) {
      assert.ok(tries < 40, "it never got clearer");
      await page.waitForTimeout(500);
    }
    assert.deepEqual(await visit.pose(), pose, "nobody is moved by it");

    Object.assign(files, site());
    await page.getByText("The room is made.").waitFor();
    await visit.look("growing-made");
    await visit.button("Show it").click();
    await visit.button("Step in").click();
    await visit.ready();
    assert.equal(await page.getByText("still being made").count(), 0);
    const again = await visit.poseAtRest();
    assert.ok(Math.abs(again.yaw - pose.yaw) < 0.02, "one stands where one stood");
  }, { files: growingSite(1) });
});
