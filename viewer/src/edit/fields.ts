// What is written into: a label, a line of help, and a box that says of every change, soon after the last
// letter and at once when it is left.
import { el } from "../dom";

const pause_ms = 900; // in typing

export interface Written {
  readonly id: string;
  readonly label: string;
  readonly help?: string | null;
  readonly value: string;
  readonly lang?: string;
  readonly rows?: number; // one: a single line
  readonly required?: boolean; // an empty one is not told
  readonly original?: string | null; // the same text in the room's own language, to translate from
  readonly originalLang?: string;
  readonly type?: "text" | "number" | "url";
  readonly written: (value: string) => void;
}

export function field(about: Written): HTMLElement {
  const helps = [about.help ? `${about.id}-help` : null, about.original ? `${about.id}-original` : null]
    .filter((id) => id !== null);
  const shared = {
    id: about.id, lang: about.lang ?? false, required: about.required ?? false,
    "aria-describedby": helps.length > 0 ? helps.join(" ") : false, autocomplete: "off",
  };
  const rows = about.rows ?? 1;
  const box = rows === 1
    ? el("input", { type: about.type ?? "text", ...shared })
    : el("textarea", { rows: String(rows), ...shared });
  box.value = about.value;
  let told = about.value;
  let timer = 0;
  const tell = () => {
    window.clearTimeout(timer);
    const value = box.value.trim();
    if (value === told || (about.required && value === "")) return;
    told = value;
    about.written(value);
  };
  box.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(tell, pause_ms);
  });
  box.addEventListener("change", tell);
  box.addEventListener("blur", () => {
    if (about.required && box.value.trim() === "") box.value = told;
    tell();
  });
  return el("div", { class: "field" },
    el("label", { for: about.id }, about.label),
    about.help ? el("p", { class: "small", id: `${about.id}-help` }, about.help) : null,
    about.original
      ? el("p", { class: "original", id: `${about.id}-original`, lang: about.originalLang ?? false }, about.original)
      : null,
    box);
}

export function choice(
  id: string, label: string, options: readonly (readonly [string, string])[], value: string,
  chosen: (value: string) => void, langs: Readonly<Record<string, string>> = {},
): HTMLElement {
  const box = el("select", { id }, ...options.map(([key, name]) =>
    el("option", { value: key, selected: key === value, lang: langs[key] ?? false }, name)));
  box.addEventListener("change", () => chosen(box.value));
  return el("div", { class: "field" }, el("label", { for: id }, label), box);
}

export function checks(
  legend: string, options: readonly (readonly [string, string])[], chosen: readonly string[],
  changed: (chosen: string[]) => void, id: string,
): HTMLElement {
  const boxes = options.map(([key, name], i) => {
    const box = el("input", { type: "checkbox", id: `${id}-${i}`, value: key });
    box.checked = chosen.includes(key);
    return { box, label: el("label", {}, box, el("span", {}, name)) };
  });
  for (const { box } of boxes) {
    box.addEventListener("change", () =>
      changed(boxes.filter((each) => each.box.checked).map((each) => each.box.value)));
  }
  return el("fieldset", { class: "field" }, el("legend", {}, legend), ...boxes.map(({ label }) => label));
}

// Asks once more, in the page itself, before something is taken away; it can be undone all the same.
export function removal(name: string, question: string, yes: string, no: string, remove: () => void): HTMLElement {
  const element = el("div", { class: "removal" });
  const opener = el("button", { type: "button", class: "quietly", onclick: () => open() }, name);
  const open = () => {
    const keep = el("button", { type: "button", onclick: () => close() }, no);
    element.replaceChildren(el("div", { role: "group", "aria-label": question },
      el("p", {}, question), el("div", { class: "choices" },
        el("button", { type: "button", onclick: remove }, yes), keep)));
    keep.focus();
  };
  const close = () => {
    element.replaceChildren(opener);
    opener.focus();
  };
  element.append(opener);
  return element;
}
