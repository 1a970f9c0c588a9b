// Buttons that show a sign; their names are said, and shown when pointed at.
const shapes = {
  play: "M8 5l11 7-11 7z",
  pause: "M8 5v14M16 5v14",
  again: "M5 11a7.5 7.5 0 1 1 1 5M5 5v6h6",
  close: "M6 6l12 12M18 6L6 18",
} as const;
export type Sign = keyof typeof shapes;

export interface SignButton extends HTMLButtonElement {
  setSign(sign: Sign, name: string): void;
}

export function signButton(sign: Sign, name: string, onClick: () => void): SignButton {
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.append(path);
  const button = document.createElement("button") as SignButton;
  button.type = "button";
  button.className = "sign";
  button.append(svg);
  button.addEventListener("click", onClick);
  button.setSign = (now, called) => {
    path.setAttribute("d", shapes[now]);
    button.setAttribute("aria-label", called);
    button.title = called;
  };
  button.setSign(sign, name);
  return button;
}
