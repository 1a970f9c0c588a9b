// Elements, written down briefly.

type Child = Node | string | null;
type Attributes = Readonly<Record<string, string | boolean | ((event: Event) => void)>>;

// `on...` functions become listeners, true an empty attribute, false none.
export function el<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key.slice(2), value);
    else if (value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

export function button(label: string, onClick: () => void, style = ""): HTMLButtonElement {
  return el("button", { type: "button", class: style, onclick: onClick }, label);
}

// How far something is, from 0 to 1; null where nobody knows.
export function showShare(bar: HTMLProgressElement, share: number | null): void {
  if (share === null) bar.removeAttribute("value");
  else bar.value = Math.round(share * bar.max);
}

export function paragraphs(words: readonly string[]): HTMLParagraphElement[] {
  return words.filter((text) => text.trim() !== "").map((text) => el("p", {}, text));
}

// A heading that can take the focus when its page comes, so that a screen reader begins there.
export function heading(level: "h1" | "h2", text: string, attributes: Attributes = {}) {
  return el(level, { tabindex: "-1", ...attributes }, text);
}
