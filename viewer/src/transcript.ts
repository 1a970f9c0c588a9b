// A recording as text: every moment can be found by its words, and listened to from there.
import { cuesWith, type CaptionFiles, type Cue } from "./captions";
import { button, el } from "./dom";
import type { Texts } from "./texts";
import { timeText } from "./time_text";
import type { Caption } from "./visit";

export interface Transcript {
  readonly element: HTMLDetailsElement;
  follow(time_s: number | null): void; // what is being said; null: nothing
}

const searchFrom = 2; // cues; fewer are read at a glance

// Fetched when opened.
export function transcript(
  texts: Texts, caption: Caption, files: CaptionFiles, playFrom: (time_s: number) => void,
): Transcript {
  const body = el("div", { class: "transcript", lang: caption.language });
  let shown: { readonly cues: readonly Cue[]; readonly items: readonly HTMLElement[] } | null = null;
  let asked = false;

  function fill(cues: readonly Cue[] | null): void {
    if (cues === null) {
      asked = false;
      body.replaceChildren(el("p", { lang: texts.language }, texts.captions_missing));
      return;
    }
    let speaker: string | null = null;
    const items = cues.map((cue) => {
      const named = cue.speaker !== null && cue.speaker !== speaker;
      if (named) speaker = cue.speaker;
      const from = button(timeText(cue.start_s), () => playFrom(cue.start_s), "moment");
      from.lang = texts.language;
      from.setAttribute("aria-label", texts.listen_from(timeText(cue.start_s)));
      return el("li", {}, from, el("p", { dir: "auto" }, named ? el("b", {}, `${cue.speaker}: `) : null, cue.text));
    });
    shown = { cues, items };
    const found = el("p", { class: "small", role: "status", lang: texts.language });
    const search = el("input", { type: "search", autocomplete: "off", spellcheck: "false" });
    search.addEventListener("input", () => {
      const kept = new Set(cuesWith(cues, search.value));
      items.forEach((item, i) => (item.hidden = !kept.has(i)));
      found.textContent = search.value.trim() === "" ? "" : texts.moments_found(kept.size);
    });
    const label = el("label", { class: "search", lang: texts.language }, texts.find_words, search);
    body.replaceChildren(...(cues.length >= searchFrom ? [label, found] : []), el("ol", {}, ...items));
  }

  const element = el("details", {
    ontoggle: () => {
      if (asked || !element.open) return;
      asked = true;
      void files.cues(caption.url).then(fill);
    },
  }, el("summary", { lang: texts.language }, texts.read_along(caption.label)), body);

  return {
    element,
    follow: (time_s) => shown?.items.forEach((item, i) => {
      const { start_s, end_s } = shown!.cues[i]!;
      const now = time_s !== null && time_s >= start_s && time_s < end_s;
      if (now) item.setAttribute("aria-current", "true");
      else item.removeAttribute("aria-current");
    }),
  };
}
