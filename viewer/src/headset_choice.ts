// What a visitor with a headset chooses before putting it on. Nothing of it is shown where there is none.
import { button, el } from "./dom";
import type { Texts } from "./texts";

export interface HeadsetWishes {
  readonly seated: boolean;
  readonly smoothTurns: boolean; // else in steps
  readonly walks: boolean; // with the stick, besides pointing
  readonly vignette: boolean; // edges darken while one is carried along
}

export function headsetChoice(texts: Texts, putOn: (wishes: HeadsetWishes) => void): HTMLElement {
  const tick = (name: string, checked: boolean) => {
    const box = el("input", { type: "checkbox" });
    box.checked = checked;
    return { box, label: el("label", {}, box, name) };
  };
  const seated = tick(texts.headset_seated, false);
  const smoothTurns = tick(texts.headset_smooth_turns, false);
  const walks = tick(texts.headset_walks, false);
  const vignette = tick(texts.headset_vignette, true);
  const element = el("div", { class: "headset", hidden: true });
  const fill = () => element.append(
    el("fieldset", {}, el("legend", {}, texts.headset),
      seated.label, smoothTurns.label, walks.label, vignette.label),
    el("p", { class: "small" }, texts.headset_say),
    el("div", { class: "choices" }, button(texts.headset_put_on, () => putOn({
      seated: seated.box.checked, smoothTurns: smoothTurns.box.checked,
      walks: walks.box.checked, vignette: vignette.box.checked,
    }))));
  void navigator.xr?.isSessionSupported("immersive-vr").then((there) => {
    if (!there) return;
    fill();
    element.hidden = false;
  }, () => {}); // not allowed here: as good as none
  return element;
}
