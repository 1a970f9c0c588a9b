// A story as it stands on a page: its words, and what leads into its recording, which plays only when asked.
import type { CaptionFiles } from "./captions";
import { button, el, paragraphs } from "./dom";
import type { Texts } from "./texts";
import { transcript, type Transcript } from "./transcript";
import { recordingOf, type Story } from "./visit";

export interface StorySection {
  readonly element: HTMLElement;
  readonly transcripts: readonly Transcript[];
}

export function storySection(
  texts: Texts,
  story: Story,
  level: "h3" | "h4",
  files: CaptionFiles,
  listen: (from_s: number, opener: HTMLElement | null) => void, // opener: of the whole
): StorySection {
  const recording = recordingOf(story);
  const transcripts = recording === null ? []
    : story.captions.map((caption) => transcript(texts, caption, files, (from_s) => listen(from_s, null)));
  const opener = recording === null ? null
    : button(recording.kind === "video" ? texts.watch : texts.listen, () => listen(0, opener));
  opener?.setAttribute("aria-label",
    (recording?.kind === "video" ? texts.watch_it : texts.listen_to)(story.title));
  opener?.setAttribute("lang", texts.language);
  const element = el("section", { class: "story", lang: story.language },
    el(level, { tabindex: "-1" }, story.title),
    story.speaker === null ? null
      : el("p", { class: "small", lang: texts.language }, texts.told_by(story.speaker)),
    story.content_note ? el("p", { class: "note" }, story.content_note) : null,
    ...paragraphs(story.words),
    opener && el("div", { class: "choices" }, opener),
    ...transcripts.map((each) => each.element));
  return { element, transcripts };
}
