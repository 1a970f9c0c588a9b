// Whether a page can be used where there is little room: nothing is cut off or covered, everything can be
// reached, targets are large enough, and nothing but a photograph is scrolled in two directions.
import assert from "node:assert/strict";

const least_px = 24; // of a target (WCAG 2.5.8)

export async function fits(page, name) {
  const found = await page.evaluate((least) => {
    const wrong = [];
    const within = document.querySelector("dialog[open]") ?? document.body;
    const called = (element) => `${element.tagName.toLowerCase()}.${element.className} "${
      (element.getAttribute("aria-label") ?? element.textContent).trim().slice(0, 40)}"`;
    const shown = (element) => element.checkVisibility({ visibilityProperty: true }) &&
      element.closest(".unseen, .bar h1") === null;
    const scrolls = (element) => /auto|scroll/.test(getComputedStyle(element).overflowY);

    // What is pressed or filled in, brought into view as the browser does it.
    for (const target of within.querySelectorAll("button:not(:disabled), a[href], summary, select, input")) {
      if (!shown(target)) continue;
      const meant = target.matches("[type=checkbox], [type=radio]") ? target.closest("label") ?? target : target;
      meant.scrollIntoView({ block: "center" });
      const box = meant.getBoundingClientRect();
      if (box.width < least || box.height < least) wrong.push(`${called(meant)} is ${box.width} × ${box.height}`);
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      const [dx, dy] = [Math.min(box.width, least) / 2 - 1, Math.min(box.height, least) / 2 - 1];
      for (const [px, py] of [[x, y], [x - dx, y - dy], [x + dx, y + dy]]) {
        const hit = document.elementFromPoint(px, py);
        if (hit !== null && (meant.contains(hit) || (hit.contains(meant) && scrolls(hit)))) continue;
        wrong.push(`${called(meant)} cannot be reached: ${hit === null ? "out of the window" : called(hit)}`);
        break;
      }
    }
    for (const element of within.querySelectorAll("*")) {
      if (!shown(element) || element.closest(".around, .room, svg") !== null) continue;
      const { overflowX } = getComputedStyle(element);
      const wider = element.scrollWidth > element.clientWidth + 1;
      if (wider && overflowX !== "visible" && element.clientWidth > 0) wrong.push(`${called(element)} is cut or scrolled sideways`);
      if (wider && element.tagName === "BUTTON") wrong.push(`${called(element)} is wider than its button`);
    }
    // Words: across, within the window; downwards, where one can scroll to them.
    const words = document.createTreeWalker(within, NodeFilter.SHOW_TEXT);
    for (let text = words.nextNode(); text !== null; text = words.nextNode()) {
      const element = text.parentElement;
      if (text.data.trim() === "" || !shown(element) || element.tagName === "OPTION") continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      const box = range.getBoundingClientRect();
      if (box.left < -1 || box.right > window.innerWidth + 1) wrong.push(`${called(element)} goes beyond the window`);
      let around = element;
      while (around !== null && !scrolls(around) && getComputedStyle(around).position !== "fixed") around = around.parentElement;
      const fixed = around !== null && !scrolls(around);
      if (fixed && (box.top < -1 || box.bottom > window.innerHeight + 1)) wrong.push(`${called(element)} is out of the window`);
    }
    const inside = document.querySelector(".inside");
    if (inside !== null && (inside.scrollTop !== 0 || inside.scrollHeight > inside.clientHeight + 1)) {
      wrong.push(`the room is ${inside.scrollHeight} high in ${inside.clientHeight}`);
    }
    return wrong;
  }, least_px);
  assert.deepEqual(found, [], name);
}

// How much of the window shows the room, from 0 to 1.
export function roomInSight(page) {
  return page.evaluate(() => {
    let seen = 0;
    const steps = 20;
    for (let i = 0; i < steps; ++i) {
      for (let j = 0; j < steps; ++j) {
        const hit = document.elementFromPoint(((i + 0.5) / steps) * window.innerWidth, ((j + 0.5) / steps) * window.innerHeight);
        if (hit?.closest(".room")) ++seen;
      }
    }
    return seen / steps ** 2;
  });
}
