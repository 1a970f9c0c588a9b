// Every state of the visit where there is little room: a small phone, letters twice as large on a phone, a
// page enlarged to 200 % on a laptop.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fits, roomInSight } from "./fitting.mjs";
import { toldSite } from "./fixture.mjs";
import { installHeadset } from "./headset.mjs";
import { picture } from "./looking.mjs";
import { launch, visiting } from "./visiting.mjs";

const prepare = (page) => page.addInitScript(installHeadset);
const leastInSight = 0.15; // of the window, while nothing is opened over the room

// Much of it is waiting for what is told, so two go side by side.
describe("where there is little room", { concurrency: 2 }, () => {
  for (const [name, viewport, letters_px] of [
    ["small", { width: 320, height: 568 }, 16],
    ["letters", { width: 390, height: 844 }, 32],
    ["enlarged", { width: 640, height: 400 }, 16],
  ]) {
    test(`everything is there and can be reached: ${name}`, async () => {
      const browser = await launch([`--blink-settings=defaultFontSize=${letters_px}`]);
      const phone = viewport.height > viewport.width;
      try {
        await visiting(browser, async (visit) => {
          const { page } = visit;
          const wrong = [];
          const look = async (state, { overRoom = false } = {}) => {
            // axe reads the same words at every size: once is enough.
            const looked = name === "small" ? visit.look(`small-${state}`) : picture(page, `small-${name}-${state}`);
            await looked.catch((error) => wrong.push(error.message));
            if (!overRoom) {
              const seen = await roomInSight(page);
              if (seen < leastInSight) wrong.push(`${state}: ${seen} of the window shows the room`);
            }
            await fits(page, state).catch((error) => wrong.push(error.message));
          };
          await look("01-first", { overRoom: true });
          await visit.button("Step in").click();
          await visit.ready();
          await look("02-inside");
          if (await visit.button("Menu").isVisible()) {
            await visit.button("Menu").click();
            await look("02-menu", { overRoom: true });
            await page.keyboard.press("Escape");
          }
          await visit.way("Things");
          for (const summary of await page.locator("#things .thing > summary").all()) await summary.click();
          await look("03-things", { overRoom: true });
          await visit.button("Go there: The window").click();
          await visit.poseAtRest();
          await look("04-near");
          await visit.button("About it: The window").click();
          await visit.button("Listen: A long evening").first().click();
          await page.locator(".caption", { hasText: "The window stood open." }).waitFor();
          await look("05-story");
          await page.locator("summary", { hasText: "How you listen" }).click();
          await look("06-listening");
          await page.locator("summary", { hasText: "How you listen" }).click();
          await visit.button("Its words").click();
          await page.getByRole("searchbox", { name: "Find words in it" }).first().waitFor();
          await look("07-words", { overRoom: true });
          await visit.button("Close").click();
          await visit.button("End the story").click();

          await visit.way("Guided visit");
          await look("08-tour", { overRoom: true });
          await visit.button("Begin").click();
          await page.getByText("And here comes the air.").waitFor();
          await page.getByRole("heading", { name: "Before you listen" }).waitFor();
          await look("09-tour-note");
          await page.locator(".telling").getByRole("button", { name: "Listen" }).click();
          await page.locator(".caption", { hasText: /open a little|even in winter/ }).waitFor();
          await look("10-tour-story");
          // No drag is needed even now: the room is looked around in by button.
          const { yaw } = await visit.pose();
          await visit.button("Look left").click();
          await visit.poseWhere((pose) => pose.yaw > yaw + 0.05);
          await visit.button("End the story").click();
          await visit.button("Go on").click();
          await page.getByText("Look back once.").waitFor();
          await look("11-tour-step");
          await visit.button("Leave the path").click();
          await look("12-tour-left");
          await page.locator(".touring").getByRole("button", { name: "Close" }).click();

          await visit.way("Photographs");
          await look("13-photographs", { overRoom: true });
          await visit.button("A red cup beside a lamp").click();
          await look("14-photograph", { overRoom: true });
          await visit.button("Closer").click();
          await look("15-photograph-closer", { overRoom: true });
          await visit.button("Step back").click();
          await visit.way("Plan");
          await page.getByText("Put on the headset").waitFor();
          await look("16-plan", { overRoom: true });
          await visit.button("Close").click();
          await visit.button("Pause").click();
          await look("17-pause", { overRoom: true });
          await visit.button("Go back into the room").click();
          await visit.button("Leave").click();
          await page.getByText("Please close the door softly.").waitFor();
          await look("18-last", { overRoom: true });
          assert.deepEqual(wrong, []);
        }, { files: toldSite(), prepare, viewport, hasTouch: phone, isMobile: phone });
      } finally {
        await browser.close();
      }
    });
  }
});
