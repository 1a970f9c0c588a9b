// A story: its words, and its recording, which starts only when asked.
import { cueAt, parseCaptions, type Cue } from "./captions";
import { el, paragraphs } from "./dom";
import type { Texts } from "./texts";
import type { Caption, Story } from "./visit";

async function fetchCues(caption: Caption): Promise<Cue[] | null> {
  try {
    const answer = await fetch(caption.url);
    return answer.ok ? parseCaptions(await answer.text()) : null;
  } catch {
    return null;
  }
}

// Calls back at most once, with what the file says, when first asked.
function onDemand(caption: Caption, show: (cues: Cue[] | null) => void): () => void {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    void fetchCues(caption).then(show);
  };
}

// The whole recording as text, fetched when opened.
function transcript(texts: Texts, caption: Caption): HTMLElement {
  const body = el("div", { class: "transcript", lang: caption.language });
  const load = onDemand(caption, (cues) => {
    if (cues === null) {
      body.append(el("p", { lang: texts.language }, texts.captions_missing));
      return;
    }
    let speaker: string | null = null;
    for (const cue of cues) {
      const named = cue.speaker !== null && cue.speaker !== speaker;
      if (named) speaker = cue.speaker;
      body.append(el("p", {}, named ? el("b", {}, `${cue.speaker}: `) : null, cue.text));
    }
  });
  return el("details", { ontoggle: load },
    el("summary", { lang: texts.language }, texts.read_along(caption.label)), body);
}

// What is being said right now, below the player.
function captionLine(audio: HTMLAudioElement, caption: Caption): HTMLElement {
  const line = el("p", { class: "caption", lang: caption.language });
  let cues: readonly Cue[] = [];
  const show = () => {
    const cue = cues[cueAt(cues, audio.currentTime)];
    const text = cue === undefined ? "\u00a0" : cue.speaker ? `${cue.speaker}: ${cue.text}` : cue.text;
    if (line.textContent !== text) line.textContent = text;
  };
  audio.addEventListener("play", onDemand(caption, (fetched) => {
    cues = fetched ?? [];
    show();
  }));
  audio.addEventListener("timeupdate", show);
  return line;
}

function recording(texts: Texts, story: Story): Node[] {
  if (story.sound === null) return [];
  const audio = el("audio", {
    controls: true,
    preload: "none",
    "aria-label": texts.sound_of(story.title),
  });
  const source = el("source", { src: story.sound.url, type: story.sound.type });
  const trouble = el("p", { class: "message", role: "status", lang: texts.language });
  source.addEventListener("error", () => {
    trouble.textContent = texts.sound_missing;
  });
  audio.append(source, ...story.captions.map((caption) => el("track", {
    kind: "captions",
    src: caption.url,
    srclang: caption.language,
    label: caption.label,
  })));
  const own = story.captions.find((caption) => caption.language === story.language);
  const first = own ?? story.captions[0];
  return [audio, ...(first ? [captionLine(audio, first)] : []), trouble];
}

export function storySection(texts: Texts, story: Story, level: "h3" | "h4"): HTMLElement {
  return el("section", { class: "story", lang: story.language },
    el(level, {}, story.title),
    story.speaker === null ? null
      : el("p", { class: "small", lang: texts.language }, texts.told_by(story.speaker)),
    story.content_note ? el("p", { class: "note" }, story.content_note) : null,
    ...paragraphs(story.words),
    ...recording(texts, story),
    ...story.captions.map((caption) => transcript(texts, caption)));
}
