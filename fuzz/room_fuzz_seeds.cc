// Writes documents, short and whole, into the folder named by the first argument, for room_fuzz to
// start from.
#include <cstdio>

#include "room/document.h"

namespace {

using namespace ajar::room;

Document Whole() {
  Document d;
  d.title = "The room";
  d.words = {"One.", "Two."};
  d.last_words = {"Three."};
  d.content_note = d.place = d.captured = d.credit = d.rights = "x";
  d.doorway = Doorway{{0, 1.5, 0}, {0, 1.4, -2}, "", ""};
  d.alignment = Alignment{{}, true, false, R"({"by":"hand"})"};
  Translations translations;
  Translation& spanish = translations["es"];
  spanish.name = "Uno";
  spanish.alt = "Se ve.";
  spanish.words = {"Dos."};
  spanish.last_words = {"Tres."};
  spanish.content_note = "x";
  d.translations = translations;
  Thing lamp;
  lamp.id = "lamp";
  lamp.name = "The lamp";
  lamp.position = {0.5, 0.8, -1};
  lamp.translations = translations;
  lamp.other = R"({"colour":"red"})";
  Thing rug;
  rug.id = "rug";
  rug.name = "The rug";
  rug.seen_in = SeenIn{"a/1.jpg", {312, 80.5}, ""};
  d.things = {lamp, rug};
  Story story;
  story.id = "tune";
  story.title = "The tune";
  story.speaker = "Somebody";
  story.language = "es";
  story.things = {"lamp"};
  story.sound = "tune.mp3";
  story.captions = {{"tune.es.vtt", "es", "x", ""}};
  story.trim = Trim{1, 60, ""};
  story.passages = {{2, 9.5, {"lamp"}, ""}};
  d.stories = {story};
  TourStep step;
  step.thing = "lamp";
  step.story = "tune";
  step.place = TourPlace{{0, 1.5, 0}, {0, 1.5, -1}, ""};
  step.words = {"Look."};
  step.pause_s = 8;
  d.tour = {step};
  d.originals_in_site = {{"a/1.jpg", "A rug.", translations, ""}, {"a/2.jpg", {}, {}, ""}};
  d.other = R"({"pets":{"cat":[1]}})";
  return d;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: room_fuzz_seeds FOLDER\n");
    return 2;
  }
  const ajar::Path folder = argv[1];
  ajar::MakeFolder(folder);
  Document from_photo = Whole();
  from_photo.doorway = Doorway{{}, {}, "a/1.jpg", ""};
  ajar::WriteFileAtomic(folder / "new", FormatDocument(NewDocument("room")));
  ajar::WriteFileAtomic(folder / "whole", FormatDocument(Whole()));
  ajar::WriteFileAtomic(folder / "photo", FormatDocument(from_photo));
  ajar::WriteFileAtomic(folder / "version0",
                        std::string_view("{\"title\": \"T\", \"words\": \"A\\nb.\\n\\nC.\"}"));
  return 0;
}
