// Where you are: the plan with the visitor on it, places to stand at, and how high the eyes are.
import { button, el } from "./dom";
import type { Place } from "./ground";
import { panel, type Panel } from "./panel";
import type { Plan } from "./plan";
import type { Texts } from "./texts";
import type { Visit } from "./visit";
import { eyes, placeOf, type Eyes, type Pose } from "./walk";

export interface PlanPanel extends Panel {
  // When the room stands: what there is to draw, and where one can stand.
  fill(plan: Plan | null, spots: readonly Place[]): void;
  follow(pose: Pose): void;
}

const roomSize_m = 5; // of which the plan's marks and lines have their size; in a hall they grow with it
const beside_m = 1.6; // a place this near to a thing is called after it

function svg(name: string, attributes: Record<string, string>, ...children: Node[]): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

const points = (places: readonly Place[]) => places.map((place) => place.join(",")).join(" ");

// Each by the thing it is next to, where there is one and no other place has its name.
export function spotNames(texts: Texts, visit: Visit, spots: readonly Place[]): string[] {
  const taken = new Set<string>();
  return spots.map(([x, z], i) => {
    if (i === 0) return texts.spot_doorway;
    const near = visit.things
      .flatMap(({ id, name, position }) =>
        position === null ? [] : [{ id, name, away: Math.hypot(position[0] - x, position[2] - z) }])
      .filter(({ id, away }) => away < beside_m && !taken.has(id))
      .sort((a, b) => a.away - b.away)[0];
    if (near === undefined) return texts.spot_number(i + 1);
    taken.add(near.id);
    return texts.spot_near(near.name);
  });
}

export function planPanel(
  texts: Texts,
  visit: Visit,
  onOpen: () => void,
  standAt: (place: Place, name: string) => void,
  standAs: (how: Eyes) => void,
  standing: Eyes, // how one stands to begin with
  ...more: Node[]
): PlanPanel {
  const drawing = el("div", { class: "plan" });
  const spotList = el("ul", { class: "spots" });
  const choices = eyes.map((how) => {
    const input = el("input", {
      type: "radio", name: "eyes", value: how, onchange: () => standAs(how),
    });
    input.checked = how === standing;
    return el("label", {}, input, texts.eyes[how]);
  });
  const made = panel(texts, "plan", texts.where_you_are, texts.open_plan, onOpen,
    el("div", { class: "plan-body", lang: texts.language }, drawing,
      el("h3", {}, texts.stand_here), spotList,
      el("fieldset", {}, el("legend", {}, texts.how_you_stand), ...choices),
      ...more));
  const you = svg("g", { class: "you" },
    svg("path", { d: "M0 0 L-0.5 -1 A1.12 1.12 0 0 1 0.5 -1 Z" }), svg("circle", { r: "0.12" }));

  let unit = 1;
  function draw(plan: Plan, spots: readonly Place[]): void {
    const [xs, zs] = [0, 1].map((k) => plan.outline.map((place) => place[k]!)) as [number[], number[]];
    const margin = 0.3;
    const [x, z] = [Math.min(...xs) - margin, Math.min(...zs) - margin];
    const [w, h] = [Math.max(...xs) + margin - x, Math.max(...zs) + margin - z];
    unit = Math.max(1, Math.max(w, h) / roomSize_m);
    const picture = svg("svg", { viewBox: `${x} ${z} ${w} ${h}`, role: "img", "aria-label": texts.plan_label },
      svg("polygon", { class: "walls", points: points(plan.outline) }),
      ...plan.furniture.map((piece) => svg("polygon", { class: "furniture", points: points(piece) })),
      ...plan.openings.map(({ from, to }) => svg("path",
        { class: "opening", d: `M${from.join(" ")}L${to.join(" ")}` })),
      ...spots.map(([cx, cz]) => svg("circle", { class: "spot", cx: `${cx}`, cy: `${cz}`, r: `${0.09 * unit}` })),
      you) as SVGSVGElement;
    picture.style.setProperty("--unit", `${unit}px`);
    picture.addEventListener("click", (event) => {
      const inPlan = picture.getScreenCTM()?.inverse();
      if (!inPlan) return;
      const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(inPlan);
      standAt([at.x, at.y], texts.spot_chosen);
    });
    drawing.replaceChildren(picture);
  }

  return {
    ...made,
    fill(plan, spots) {
      const names = spotNames(texts, visit, spots);
      spotList.replaceChildren(...spots.map((spot, i) =>
        el("li", {}, button(names[i]!, () => standAt(spot, names[i]!)))));
      if (plan) draw(plan, spots);
    },
    follow(pose) {
      const [x, z] = placeOf(pose);
      const turn = (-pose.yaw * 180) / Math.PI;
      you.setAttribute("transform", `translate(${x} ${z}) rotate(${turn}) scale(${unit})`);
    },
  };
}
