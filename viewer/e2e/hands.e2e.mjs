// The whole visit on a phone's screen with one finger, and with a mouse: nothing else, and no drag that
// something else could not do.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { toldSite } from "./fixture.mjs";
import { launch, visiting } from "./visiting.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const phone = { viewport: { width: 390, height: 844 } };

// What a hand does: press where something is, and pull from one place to another.
function finger(page) {
  return {
    press: (x, y) => page.touchscreen.tap(x, y),
    pull: async (from, to) => {
      const session = await page.context().newCDPSession(page);
      const touch = (type, points) => session.send("Input.dispatchTouchEvent", { type, touchPoints: points });
      await touch("touchStart", [from]);
      for (const share of [0.3, 0.6, 1]) {
        await touch("touchMove", [{ x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }]);
      }
      await touch("touchEnd", []);
    },
  };
}
function mouse(page) {
  return {
    press: (x, y) => page.mouse.click(x, y),
    pull: async (from, to) => {
      await page.mouse.move(from.x, from.y);
      await page.mouse.down();
      await page.mouse.move(to.x, to.y, { steps: 4 });
      await page.mouse.up();
    },
  };
}

for (const [name, hand, options] of [
  ["touch", finger, { ...phone, hasTouch: true, isMobile: true }], ["pointer", mouse, phone],
]) {
  test(`a whole visit by ${name} alone`, async () => {
    await visiting(browser, async (visit) => {
      const { page } = visit;
      const { press, pull } = hand(page);
      const at = async (locator) => {
        await locator.waitFor();
        await locator.scrollIntoViewIfNeeded();
        const { x, y, width, height } = await locator.boundingBox();
        assert.ok(width >= 24 && height >= 24, `${locator} is ${width} × ${height} pixels`);
        await press(x + width / 2, y + height / 2);
      };
      const button = (label) => at(visit.button(label));
      await button("Not now");
      await button("Step in");
      await visit.ready();
      const start = await visit.pose();
      await pull({ x: 200, y: 350 }, { x: 260, y: 350 });
      const looked = await visit.poseWhere((pose) => pose.yaw > start.yaw + 0.05);
      await button("Look right"); // and the same without a pull
      await visit.poseWhere((pose) => pose.yaw < looked.yaw - 0.1);
      await visit.poseAtRest();
      await press(195, 560); // the floor
      await visit.poseWhere((pose) => pose.position[2] < start.position[2] - 0.3);

      await button("Things");
      await at(page.locator("summary", { hasText: "The window" }));
      await button("Go there: The window");
      await visit.poseWhere((pose) => pose.position[2] < -2);
      await visit.poseAtRest();
      await button("About it: The window");
      await button("Listen: A long evening");
      await page.locator(".caption", { hasText: "The window stood open." }).waitFor();
      await visit.look(`hands-1-${name}-story`);
      await button("Its words");
      await button("Listen from 0:12");
      await page.locator(".caption", { hasText: "warm" }).waitFor();
      await button("Close");
      await button("Hold it");
      await at(page.locator("summary", { hasText: "How you listen" }));
      await at(page.getByLabel("Turn to what is spoken of"));
      await button("End the story");

      await button("Guided visit");
      await button("Begin, without sound");
      await page.getByText("Here it is quiet.").waitFor();
      await button("Go on");
      await page.getByText("And here comes the air.").waitFor();
      await button("Leave the path");
      await at(page.locator(".touring").getByRole("button", { name: "Close" }));

      await button("Photographs");
      await button("A red cup beside a lamp");
      await button("Closer");
      await button("Step back");
      await button("Close");
      await button("Plan");
      await button("In the doorway");
      await visit.poseWhere(({ position }) => Math.hypot(position[0], position[2] + 0.3) < 0.01);
      await button("Pause");
      await page.getByText("The room waits.").waitFor();
      await button("Go back into the room");
      await button("Leave");
      await page.getByText("Please close the door softly.").waitFor();
      await button("Step back in");
      await page.getByText("You are in the room.").waitFor({ state: "attached" });
    }, { files: toldSite(), ...options });
  });
}
