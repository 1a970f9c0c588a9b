// The stories, and each of them: who tells it, what it speaks of, its words, its recording.
import { button, el } from "../dom";
import { captionsSection } from "./captions_section";
import { change, home, languageSwitch, nameOf, routeTo, sheet, type Desk, type Page } from "./desk";
import { checks, choice, field, removal } from "./fields";
import { recordingOf, recordingSection } from "./recording_section";
import {
  idFor, languagesIn, ownLanguage, storiesIn, textIn, thingsIn, toldIn, withItem,
  withoutStory,
  type RoomDocument, type Story,
} from "./room_document";
import { nameIn } from "./things_pages";
import { textField, wordsField } from "./word_fields";

export function titleIn(desk: Desk, story: Story): string {
  return textIn(desk.keeping.room, story, "title", desk.language) || story.title;
}

// `of`: the thing that a new story is to be told of.
export function storiesPage(desk: Desk, of: string | null): Page {
  const { texts, keeping: { room } } = desk;
  const thing = thingsIn(room).find((each) => each.id === of);
  const stories = storiesIn(room);
  const naming = el("div", { class: "naming" });
  const add = button(texts.story_add, () => ask(), "main");
  const ask = () => {
    const box = el("input", {
      id: "new-title", type: "text", autocomplete: "off", required: true, "aria-describedby": "new-title-help",
      lang: ownLanguage(room),
    });
    naming.replaceChildren(el("form", {
      class: "field", onsubmit: (event) => {
        event.preventDefault();
        const title = box.value.trim();
        if (title === "") return box.focus();
        const id = idFor(title, storiesIn(desk.keeping.room).map((story) => story.id), "story");
        change(desk, texts.did.story_told(title), (now) => ({
          ...now, stories: [...storiesIn(now), { id, title, things: thing ? [thing.id] : [] }],
        }));
        desk.go(routeTo("story", id));
      },
    },
      el("label", { for: "new-title" }, texts.story_what),
      el("p", { class: "small", id: "new-title-help" }, texts.story_what_help), box,
      el("div", { class: "choices" }, el("button", { type: "submit", class: "main" }, texts.keep_it),
        button(texts.cancel, () => {
          naming.replaceChildren(add);
          add.focus();
        }))));
    box.focus();
  };
  naming.append(add);
  if (thing !== undefined) ask();
  return {
    title: texts.task_stories, withRoom: false,
    element: sheet(thing ? [routeTo("thing", thing.id), nameIn(desk, thing)] : home(desk),
      texts.task_stories, el("p", {}, texts.stories_intro), naming,
      stories.length === 0 ? el("p", { class: "small" }, texts.stories_none)
        : el("ul", { class: "list" }, ...stories.map((story) =>
          el("li", {}, el("a", { href: `#${routeTo("story", story.id)}`, lang: desk.language }, titleIn(desk, story)))))),
  };
}

export function storyPage(desk: Desk, id: string): (Page & { readonly busy: () => boolean }) | null {
  const { texts, keeping: { room } } = desk;
  const story = storiesIn(room).find((each) => each.id === id);
  if (story === undefined) return null;
  const title = titleIn(desk, story);
  const set = (now: RoomDocument, how: (story: Story) => Story) => withItem(now, "stories", id, how);
  const about = { item: story, what: texts.did.story(story.title), set };
  const things = thingsIn(room).map((thing) => [thing.id, nameIn(desk, thing)] as const);
  const recording = recordingSection(desk, story);
  const has = recordingOf(story) !== null;
  const languages = [...new Set([story.language ?? ownLanguage(room), ...languagesIn(room)])];
  return {
    title, withRoom: false, leave: recording.leave, busy: recording.busy,
    element: sheet(["stories", texts.task_stories], title, languageSwitch(desk),
      textField(desk, "title", 1, { ...about, id: "title", label: texts.story_title, required: true }),
      recording.element,
      has ? captionsSection(desk, story) : null,
      field({
        id: "speaker", label: texts.story_speaker, help: texts.story_speaker_help, value: story.speaker ?? "",
        written: (value) => change(desk, about.what, (now) => set(now, (one) => ({ ...one, speaker: value || null }))),
      }),
      languages.length < 2 ? null
        : choice("language", texts.story_language, languages.map((each) => [each, nameOf(desk, each)] as const),
          story.language ?? ownLanguage(room),
          (language) => change(desk, about.what, (now) => set(now, (one) => toldIn(now, one, language)))),
      things.length === 0 ? null
        : checks(texts.story_things, things, story.things ?? [], (chosen) => {
          change(desk, about.what, (now) => set(now, (one) => ({ ...one, things: chosen })));
        }, "things"),
      wordsField(desk, "words", 6, { ...about, id: "words", label: texts.story_words, help: texts.story_words_help }),
      textField(desk, "content_note", 2, { ...about, id: "note", label: texts.story_note, help: texts.story_note_help }),
      has ? el("section", { class: "group" }, el("h2", {}, texts.passages),
        el("p", { class: "small" }, texts.passages_has((story.passages ?? []).length)),
        el("a", { class: "button", href: `#${routeTo("passages", id)}` }, texts.passages_mark)) : null,
      removal(texts.story_remove, texts.story_remove_sure, texts.story_remove_yes, texts.no_keep, () => {
        change(desk, texts.did.story_removed(story.title), (now) => withoutStory(now, id));
        desk.go("stories");
      })),
  };
}
