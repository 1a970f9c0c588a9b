// Texts that a room does not have in the visitor's language stay in its own, and are marked as that: a
// screen reader then speaks them with the right voice (WCAG 2.2, 3.1.2).
import type { Visit } from "./visit";

export interface OwnTexts {
  readonly language: string;
  readonly texts: ReadonlySet<string>;
}

// Of a visit as it was read, in another language than its own.
export function textsInOwn(visit: Visit, language: string): OwnTexts {
  const left: (string | null | undefined)[] = [visit.credits];
  const unless = (translated: unknown, ...texts: (string | null | undefined)[]) => {
    if (translated === undefined) left.push(...texts);
  };
  const texts = visit.translations[language];
  unless(texts?.title, visit.title);
  unless(texts?.words, ...visit.words);
  unless(texts?.content_note, visit.content_note);
  unless(texts?.last_words, ...visit.last_words);
  unless(texts?.support_words, ...visit.support?.words ?? []);
  unless(texts?.offer_words, ...visit.offer?.words ?? []);
  for (const thing of visit.things) {
    const told = thing.translations[language];
    unless(told?.name, thing.name);
    unless(told?.words, ...thing.words);
    unless(told?.alt, thing.alt);
  }
  for (const photograph of visit.photographs) unless(photograph.translations[language]?.alt, photograph.alt);
  for (const step of visit.tour?.steps ?? []) unless(step.translations[language]?.words, ...step.words);
  // A story that is not translated at all keeps its language as a whole.
  for (const story of visit.stories) {
    const told = story.translations[language];
    if (told === undefined || story.language !== visit.language) continue;
    unless(told.title, story.title);
    unless(told.words, ...story.words);
    unless(told.content_note, story.content_note);
  }
  return { language: visit.language, texts: new Set(left.filter((text): text is string => !!text)) };
}

// Marks every element below that says nothing but such a text.
export function markOwnTexts(root: HTMLElement, own: OwnTexts | undefined): void {
  if (own === undefined) return;
  for (const element of [root, ...root.querySelectorAll<HTMLElement>("*")]) {
    if (element.childElementCount > 0 || !own.texts.has(element.textContent ?? "")) continue;
    element.lang = own.language;
    element.dir = "auto";
  }
}
