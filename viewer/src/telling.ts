// The stories of a page: each where it stands, and one teller for all of them.
import { CaptionFiles } from "./captions";
import { ListeningChoices } from "./listening";
import { storySection, type StorySection } from "./story";
import { Teller, type Hearers } from "./teller";
import type { Texts } from "./texts";
import type { Story } from "./visit";

export class Telling {
  readonly listening = new ListeningChoices();
  readonly teller: Teller;
  private readonly files = new CaptionFiles();
  private readonly sections = new Map<string, StorySection[]>(); // by story; one may stand at several things

  constructor(
    private readonly texts: Texts,
    hearers: Partial<Hearers> = {},
    private readonly asked: (whole: boolean) => void = () => {}, // before a visitor hears one, or a part
  ) {
    const nothing = () => {};
    this.teller = new Teller(texts, this.listening, this.files, {
      begins: nothing, plays: nothing, ends: nothing, spokenOf: nothing, focusFree: nothing, showWords: null, ...hearers,
      moment: (story, time_s) => {
        for (const { transcripts } of this.sections.get(story.id) ?? []) {
          for (const each of transcripts) each.follow(time_s);
        }
        hearers.moment?.(story, time_s);
      },
    });
  }

  // Its note, if it has one, stands above it and has been read.
  section(story: Story, level: "h3" | "h4"): HTMLElement {
    const made = storySection(this.texts, story, level, this.files, (from_s, opener) => {
      this.asked(opener !== null);
      this.teller.tell(story, { from_s, noted: true, opener });
      if (opener !== null) this.teller.focus();
    });
    this.sections.set(story.id, [...(this.sections.get(story.id) ?? []), made]);
    return made.element;
  }

  // Opens the words of its recording, in the captions' language, and gives them the focus.
  showWords(story: Story): void {
    const section = this.sections.get(story.id)?.[0];
    if (section === undefined) return;
    for (let at: HTMLElement | null = section.element; at !== null; at = at.parentElement) {
      if (at instanceof HTMLDetailsElement) at.open = true;
    }
    const own = story.captions.findIndex(({ language }) =>
      language === (this.listening.now.language ?? story.language));
    const words = section.transcripts[Math.max(0, own)];
    if (words !== undefined) words.element.open = true;
    const summary = words?.element.querySelector("summary") ?? section.element.querySelector("h3, h4");
    (summary as HTMLElement | null)?.focus();
  }
}
