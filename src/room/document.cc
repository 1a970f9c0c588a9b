#include "room/document.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <set>

#include "base/error.h"
#include "room/internal/json.h"
#include "room/internal/media_files.h"

namespace ajar::room {
namespace {

// A violation is longer than the two bytes that may cause it, and all of them are collected.
constexpr size_t kMostBytes = size_t{4} << 20;

constexpr double kLongest_s = 86400, kLongestPause_s = 600;

bool IsId(const std::string& id) {
  return !id.empty() && id.size() <= 64 && id[0] != '-' && id[0] != '_' &&
         std::ranges::all_of(id, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
         });
}

// The shape of a BCP 47 tag; whether the language exists is not our business.
bool IsLanguage(const std::string& tag) {
  size_t part = 0, length = 0;
  for (const char c : tag + "-") {
    if (c == '-') {
      if (length < (part == 0 ? 2u : 1u) || length > 8) return false;
      ++part;
      length = 0;
    } else if (std::isalpha(static_cast<unsigned char>(c)) ||
               (part > 0 && std::isdigit(static_cast<unsigned char>(c)))) {
      ++length;
    } else {
      return false;
    }
  }
  return true;
}

constexpr const char* kIdRule =
    "must be 1 to 64 of the characters a-z, 0-9, - and _, beginning with a letter or digit.";
constexpr const char* kLanguageRule = "must be a language tag such as \"en\", \"es\" or \"pt-BR\".";

// Version 0: "words" and "last_words" may be one text; blank lines part its paragraphs.
Json Paragraphs(const std::string& text) {
  Json paragraphs = Json::array();
  std::string paragraph;
  for (size_t start = 0; start <= text.size();) {
    const size_t end = std::min(text.find('\n', start), text.size());
    const std::string line = text.substr(start, end - start);
    const bool blank = line.find_first_not_of(" \t\r") == std::string::npos;
    if (!blank) paragraph += (paragraph.empty() ? "" : "\n") + line;
    if ((blank || end == text.size()) && !paragraph.empty()) {
      paragraphs.push_back(std::exchange(paragraph, {}));
    }
    start = end + 1;
  }
  return paragraphs;
}

Json MigratedFrom0(Json document) {
  for (const char* key : {"words", "last_words"}) {
    const auto found = document.find(key);
    if (found != document.end() && found->is_string()) {
      *found = Paragraphs(found->get<std::string>());
    }
  }
  document["version"] = 1;
  return document;
}

// Brings a document of any earlier version to ours, step by step.
Json Migrated(Json document, const std::string& where) {
  if (!document.is_object()) return document;
  const auto version = document.find("version");
  if (version == document.end()) return MigratedFrom0(std::move(document));
  if (!version->is_number_integer() || version->get<int64_t>() < 1) {
    Fail(ErrorCode::kInput, "version: must be the number " + std::to_string(kDocumentVersion) + ".",
         where);
  }
  if (version->get<int64_t>() > kDocumentVersion) {
    Fail(ErrorCode::kInput,
         "version: this is version " + std::to_string(version->get<int64_t>()) +
             " of the format, and this program knows it up to version " +
             std::to_string(kDocumentVersion) + ".",
         where, "Use a newer Ajar for this room.");
  }
  return document;
}

// Reads a Document, collecting violations.
class DocumentReader {
 public:
  Document Read(const Json& json) {
    ObjectReader in(json, "", &violations_);
    in.Value("version");
    in.Value("$schema");
    document_.title = in.RequiredText("title");
    if (const auto language = in.Text("language")) document_.language = *language;
    if (!IsLanguage(document_.language)) in.Add("language", kLanguageRule);
    document_.words = in.Texts("words");
    document_.content_note = in.Text("content_note");
    document_.last_words = in.Texts("last_words");
    document_.place = in.Text("place");
    document_.captured = in.Text("captured");
    document_.credit = in.Text("credit");
    document_.rights = in.Text("rights");
    document_.searchable = in.Flag("searchable").value_or(false);
    document_.support = ReadFurther(&in, "support");
    document_.offer = ReadFurther(&in, "offer");
    ReadDoorway(&in);
    ReadAlignment(&in);
    ReadMeasured(&in);
    if (const Json* things = in.Array("things")) {
      for (size_t i = 0; i < things->size(); ++i) {
        ReadThing((*things)[i], "things[" + std::to_string(i) + "]");
      }
    }
    if (const Json* stories = in.Array("stories")) {
      for (size_t i = 0; i < stories->size(); ++i) {
        ReadStory((*stories)[i], "stories[" + std::to_string(i) + "]");
      }
    }
    document_.translations = ReadTranslations(&in, "", "title");
    if (const Json* tour = in.Array("tour")) {
      for (size_t i = 0; i < tour->size(); ++i) {
        ReadTourStep((*tour)[i], "tour[" + std::to_string(i) + "]");
      }
    }
    document_.originals_in_site = ReadPhotographs(&in, "originals_in_site");
    document_.other = in.Rest(&document_.unknown_keys);
    std::erase_if(document_.unknown_keys, [](const std::string& k) { return k == "$schema"; });
    if (json.is_object() && json.contains("$schema")) KeepSchema(json["$schema"]);
    return std::move(document_);
  }

  const std::vector<std::string>& violations() const { return violations_; }

 private:
  // "$schema" is known to editors rather than to us; it is kept without a word.
  void KeepSchema(const Json& schema) {
    Json other = document_.other.empty() ? Json::object() : Json::parse(document_.other);
    other["$schema"] = schema;
    document_.other = other.dump();
  }

  void CheckPath(const ObjectReader& in, const std::string& key, const std::string& path) {
    if (const auto violation = PathViolation(path)) in.Add(key, *violation);
  }

  void CheckMediaPath(const ObjectReader& in, const std::string& key, const std::string& path) {
    CheckPath(in, key, path);
    if (path.starts_with("stories/")) {
      in.Add(key, "is looked for below stories/ already; leave out \"stories/\" at its beginning.");
    }
  }

  std::string ReadId(ObjectReader* in, std::set<std::string>* taken) {
    const std::string id = in->RequiredText("id");
    if (!id.empty() && !IsId(id)) in->Add("id", kIdRule);
    if (!id.empty() && !taken->insert(id).second) {
      in->Add("id", "\"" + id + "\" is the id of an earlier one, too.");
    }
    return id;
  }

  void ReadDoorway(ObjectReader* in) {
    const Json* value = in->Object("doorway");
    if (!value) return;
    ObjectReader door(*value, "doorway", &violations_);
    Doorway doorway;
    if (door.Value("photo")) {
      doorway.photo = door.RequiredText("photo");
      for (const char* key : {"position", "look_at"}) {
        if (door.Value(key)) door.Add(key, "is told by the photograph; leave one of them out.");
      }
    } else {
      doorway.position = door.RequiredPoint("position");
      doorway.look_at = door.RequiredPoint("look_at");
      const Eigen::Vector3d towards = doorway.look_at - doorway.position;
      if (door.Value("position") && door.Value("look_at") && towards.norm() < 0.01) {
        door.Add("look_at", "must be at least a centimetre away from the position.");
      }
    }
    doorway.other = door.Rest(&document_.unknown_keys);
    document_.doorway = std::move(doorway);
  }

  void ReadAlignment(ObjectReader* in) {
    const Json* value = in->Object("room_from_reconstruction");
    if (!value) return;
    ObjectReader from(*value, "room_from_reconstruction", &violations_);
    Alignment alignment;
    Sim3& t = alignment.room_from_reconstruction;
    t.scale = from.Number("scale").value_or(0);
    if (!(t.scale >= 1e-9 && t.scale <= 1e9)) {
      from.Add("scale", "must be given, in metres for each unit of the reconstruction.");
    }
    t.translation = from.RequiredPoint("translation", 1e9);
    Eigen::Vector4d wxyz = Eigen::Vector4d::Zero();
    if (const Json* q = from.Array("rotation_wxyz"); q && q->size() == 4) {
      for (int i = 0; i < 4; ++i) {
        if ((*q)[static_cast<size_t>(i)].is_number()) {
          wxyz[i] = (*q)[static_cast<size_t>(i)].get<double>();
        }
      }
    }
    if (!(std::abs(wxyz.norm() - 1) <= 1e-3)) {
      from.Add("rotation_wxyz", "must be four numbers whose squares add up to 1, [w, x, y, z].");
    } else {
      t.rotation = QuaternionFromWxyz(wxyz).normalized();
    }
    std::string estimated_other;
    if (const Json* flags = from.Object("estimated")) {
      ObjectReader estimated(*flags, "room_from_reconstruction.estimated", &violations_);
      alignment.scale_estimated = estimated.Flag("scale").value_or(false);
      alignment.up_estimated = estimated.Flag("up").value_or(false);
      estimated_other = estimated.Rest(&document_.unknown_keys);
    }
    alignment.other = from.Rest(&document_.unknown_keys);
    if (!estimated_other.empty()) {
      Json other = alignment.other.empty() ? Json::object() : Json::parse(alignment.other);
      other["estimated"] = Json::parse(estimated_other);
      alignment.other = other.dump();
    }
    document_.alignment = std::move(alignment);
  }

  void ReadMeasured(ObjectReader* in) {
    const Json* value = in->Object("measured");
    if (!value) return;
    ObjectReader from(*value, "measured", &violations_);
    Measured& measured = document_.measured;
    if (const Json* up = from.Object("up")) ReadUp(*up, &measured);
    if (const Json* lengths = from.Array("lengths")) {
      for (size_t i = 0; i < lengths->size(); ++i) {
        ReadLength((*lengths)[i], "measured.lengths[" + std::to_string(i) + "]", &measured);
      }
    }
    if (const auto side = from.Number("marker_metres")) {
      measured.marker_m = *side;
      if (!(*side >= 0.01 && *side <= 1))
        from.Add("marker_metres", "must be a length from 0.01 to 1.");
    }
    measured.poses_in_metres = from.Flag("poses_in_metres").value_or(false);
    measured.other = from.Rest(&document_.unknown_keys);
  }

  void ReadUp(const Json& value, Measured* measured) {
    ObjectReader from(value, "measured.up", &violations_);
    UpGiven up;
    if (from.Value("photo")) {
      up.photo = from.RequiredText("photo");
      up.low_px = ReadPixel(&from, "low");
      up.high_px = ReadPixel(&from, "high");
      if (from.Value("direction")) {
        from.Add("direction", "is told by the photograph; leave one of them out.");
      }
    } else {
      up.direction = from.RequiredPoint("direction", 1e9);
      if (from.Value("direction") && up.direction.norm() < 1e-9) {
        from.Add("direction", "must not be all zeros.");
      }
    }
    up.other = from.Rest(&document_.unknown_keys);
    measured->up = std::move(up);
  }

  void ReadLength(const Json& value, const std::string& path, Measured* measured) {
    ObjectReader from(value, path, &violations_);
    LengthGiven length;
    length.photo = from.RequiredText("photo");
    length.from_px = ReadPixel(&from, "from");
    length.to_px = ReadPixel(&from, "to");
    length.metres = from.Number("metres").value_or(0);
    if (!(length.metres >= 0.01 && length.metres <= 1000)) {
      from.Add("metres", "must be a length from 0.01 to 1000.");
    }
    length.other = from.Rest(&document_.unknown_keys);
    measured->lengths.push_back(std::move(length));
  }

  Eigen::Vector2d ReadPixel(ObjectReader* in, const char* key) {
    const auto is_pixel = [](const Json& x) {
      return x.is_number() && x.get<double>() >= 0 && x.get<double>() <= 1e5;
    };
    const Json* at = in->Array(key);
    if (!at || at->size() != 2 || !std::ranges::all_of(*at, is_pixel)) {
      in->Add(key, "must be two numbers: pixels from the photograph's left and from its top.");
      return Eigen::Vector2d::Zero();
    }
    return {(*at)[0].get<double>(), (*at)[1].get<double>()};
  }

  void ReadThing(const Json& value, const std::string& path) {
    ObjectReader in(value, path, &violations_);
    Thing thing;
    thing.id = ReadId(&in, &thing_ids_);
    thing.name = in.RequiredText("name");
    thing.words = in.Texts("words");
    thing.position = in.Point("position");
    if (in.Object("seen_in")) thing.seen_in = ReadSeenIn(*in.Object("seen_in"), in);
    if (!in.Value("position") && !in.Value("seen_in")) {
      in.Add("position",
             "must be given as three numbers in metres, [x, y, z], or \"seen_in\" "
             "instead of it.");
    }
    thing.alt = in.Text("alt");
    thing.photos = ReadPhotographs(&in, "photos");
    thing.translations = ReadTranslations(&in, path, "name");
    thing.other = in.Rest(&document_.unknown_keys);
    document_.things.push_back(std::move(thing));
  }

  // Each is a name, or an object that says more.
  std::vector<Photograph> ReadPhotographs(ObjectReader* of_in, const std::string& key) {
    std::vector<Photograph> photographs;
    const Json* list = of_in->Array(key);
    for (size_t i = 0; list && i < list->size(); ++i) {
      const std::string place = key + "[" + std::to_string(i) + "]";
      const Json& value = (*list)[i];
      Photograph photograph;
      if (value.is_string()) {
        photograph.photo = value.get<std::string>();
        CheckPath(*of_in, place, photograph.photo);
      } else if (value.is_object()) {
        const std::string path = of_in->PathOf(place);
        ObjectReader in(value, path, &violations_);
        photograph.photo = in.RequiredText("photo");
        if (!photograph.photo.empty()) CheckPath(in, "photo", photograph.photo);
        photograph.alt = in.Text("alt");
        photograph.translations = ReadTranslations(&in, path, "name");
        photograph.other = in.Rest(&document_.unknown_keys);
      } else {
        of_in->Add(place,
                   "must be the name of a photograph in quotation marks, or an object in "
                   "curly brackets.");
      }
      photographs.push_back(std::move(photograph));
    }
    return photographs;
  }

  SeenIn ReadSeenIn(const Json& value, const ObjectReader& thing) {
    ObjectReader in(value, thing.PathOf("seen_in"), &violations_);
    SeenIn seen;
    seen.photo = in.RequiredText("photo");
    seen.at_px = ReadPixel(&in, "at");
    seen.other = in.Rest(&document_.unknown_keys);
    return seen;
  }

  // `of` is the path of what is translated, `name` the key of its name there.
  Translations ReadTranslations(ObjectReader* of_in, const std::string& of, const char* name) {
    Translations translations;
    const Json* value = of_in->Object("translations");
    if (!value) return translations;
    for (const auto& [language, texts] : value->items()) {
      const std::string path = (of.empty() ? "" : of + ".") + "translations." + language;
      if (!IsLanguage(language)) {
        violations_.push_back(path + ": the key " + kLanguageRule);
        continue;
      }
      ObjectReader in(texts, path, &violations_);
      Translation translation;
      if (in.Value(name)) translation.name = in.RequiredText(name);
      if (in.Value("words")) translation.words = in.Texts("words");
      translation.alt = in.Text("alt");
      translation.content_note = in.Text("content_note");
      if (in.Value("last_words")) translation.last_words = in.Texts("last_words");
      if (in.Value("support_words")) translation.support = in.Texts("support_words");
      if (in.Value("offer_words")) translation.offer = in.Texts("offer_words");
      translation.other = in.Rest(&document_.unknown_keys);
      translations[language] = std::move(translation);
    }
    return translations;
  }

  std::optional<Further> ReadFurther(ObjectReader* document, const std::string& key) {
    const Json* value = document->Object(key);
    if (!value) return std::nullopt;
    ObjectReader in(*value, key, &violations_);
    Further further;
    further.words = in.Texts("words");
    further.link = in.Text("link");
    const auto leads_on = [](const std::string& link) {
      static constexpr std::array<std::string_view, 4> kKinds = {"https://", "http://",
                                                                 "mailto:", "tel:"};
      return std::ranges::any_of(kKinds, [&](auto kind) { return link.starts_with(kind); }) &&
             link.find_first_of(" \t\r\n\"<>\\") == std::string::npos;
    };
    if (further.link && !leads_on(*further.link)) {
      in.Add("link", "must begin with https://, http://, mailto: or tel: and have no spaces.");
    }
    further.other = in.Rest(&document_.unknown_keys);
    return further;
  }

  void ReadStory(const Json& value, const std::string& path) {
    ObjectReader in(value, path, &violations_);
    Story story;
    story.id = ReadId(&in, &story_ids_);
    story.title = in.RequiredText("title");
    story.speaker = in.Text("speaker");
    story.language = in.Text("language");
    if (story.language && !IsLanguage(*story.language)) in.Add("language", kLanguageRule);
    story.things = ReadThingIds(&in);
    story.words = in.Texts("words");
    story.content_note = in.Text("content_note");
    story.sound = ReadRecording(&in, "sound");
    story.video = ReadRecording(&in, "video");
    if (story.sound && story.video) {
      in.Add("video", "is there beside a sound; leave one of them out.");
    }
    if (in.Object("trim")) story.trim = ReadTrim(*in.Object("trim"), in.PathOf("trim"));
    if (const Json* captions = in.Array("captions")) {
      for (size_t i = 0; i < captions->size(); ++i) {
        story.captions.push_back(
            ReadCaptions((*captions)[i], path + ".captions[" + std::to_string(i) + "]"));
      }
    }
    if (const Json* passages = in.Array("passages")) {
      for (size_t i = 0; i < passages->size(); ++i) {
        story.passages.push_back(
            ReadPassage((*passages)[i], path + ".passages[" + std::to_string(i) + "]"));
      }
    }
    story.translations = ReadTranslations(&in, path, "title");
    story.other = in.Rest(&document_.unknown_keys);
    document_.stories.push_back(std::move(story));
  }

  std::optional<std::string> ReadRecording(ObjectReader* in, const char* key) {
    const std::optional<std::string> path = in->Text(key);
    if (!path) return path;
    CheckMediaPath(*in, key, *path);
    if (CannotBeARecording(*path)) in->Add(key, "must be a recording, and by its name it is none.");
    return path;
  }

  double ReadSeconds(ObjectReader* in, const char* key) {
    const double seconds = in->Number(key).value_or(0);
    if (!(seconds >= 0 && seconds <= kLongest_s)) {
      in->Add(key, "must be a number of seconds from 0 to 86400.");
    }
    return seconds;
  }

  Trim ReadTrim(const Json& value, const std::string& path) {
    ObjectReader in(value, path, &violations_);
    Trim trim;
    trim.from_s = ReadSeconds(&in, "from");
    if (in.Value("to")) {
      trim.to_s = ReadSeconds(&in, "to");
      if (!(*trim.to_s > trim.from_s)) in.Add("to", "must be after its beginning.");
    }
    trim.other = in.Rest(&document_.unknown_keys);
    return trim;
  }

  Passage ReadPassage(const Json& value, const std::string& path) {
    ObjectReader in(value, path, &violations_);
    Passage passage;
    for (const char* key : {"from", "to", "things"}) {
      if (!in.Value(key)) in.Add(key, "must be given.");
    }
    passage.from_s = ReadSeconds(&in, "from");
    passage.to_s = ReadSeconds(&in, "to");
    if (in.Value("to") && !(passage.to_s > passage.from_s)) {
      in.Add("to", "must be after its beginning.");
    }
    passage.things = ReadThingIds(&in);
    passage.other = in.Rest(&document_.unknown_keys);
    return passage;
  }

  std::vector<std::string> ReadThingIds(ObjectReader* in) {
    std::vector<std::string> ids = in->Texts("things");
    for (size_t i = 0; i < ids.size(); ++i) {
      if (thing_ids_.contains(ids[i])) continue;
      in->Add("things[" + std::to_string(i) + "]",
              "there is no thing with the id \"" + ids[i] + "\".");
    }
    return ids;
  }

  void ReadTourStep(const Json& value, const std::string& path) {
    ObjectReader in(value, path, &violations_);
    TourStep step;
    step.thing = in.Text("thing");
    if (step.thing && !thing_ids_.contains(*step.thing)) {
      in.Add("thing", "there is no thing with the id \"" + *step.thing + "\".");
    }
    step.story = in.Text("story");
    if (step.story && !story_ids_.contains(*step.story)) {
      in.Add("story", "there is no story with the id \"" + *step.story + "\".");
    }
    if (const Json* place = in.Object("place")) {
      ObjectReader at(*place, in.PathOf("place"), &violations_);
      step.place.emplace();
      step.place->position = at.RequiredPoint("position");
      step.place->look_at = at.RequiredPoint("look_at");
      step.place->other = at.Rest(&document_.unknown_keys);
    }
    step.words = in.Texts("words");
    if (value.is_object() && !step.thing && !step.story && !step.place && step.words.empty()) {
      in.Add("thing", "must be given, or a story, a place or words.");
    }
    step.pause_s = in.Number("pause");
    if (step.pause_s && !(*step.pause_s >= 0 && *step.pause_s <= kLongestPause_s)) {
      in.Add("pause", "must be a number of seconds from 0 to 600.");
    }
    step.translations = ReadTranslations(&in, path, "title");
    step.other = in.Rest(&document_.unknown_keys);
    document_.tour.push_back(std::move(step));
  }

  Captions ReadCaptions(const Json& value, const std::string& path) {
    ObjectReader in(value, path, &violations_);
    Captions captions;
    captions.path = in.RequiredText("path");
    if (!captions.path.empty()) {
      CheckMediaPath(in, "path", captions.path);
      const std::string ending = EndingOf(captions.path);
      if (ending != ".vtt" && ending != ".srt") {
        in.Add("path", "must be a file of captions: .vtt or .srt.");
      }
    }
    captions.language = in.RequiredText("language");
    if (!captions.language.empty() && !IsLanguage(captions.language)) {
      in.Add("language", kLanguageRule);
    }
    captions.label = in.Text("label").value_or("");
    if (captions.label.find_first_not_of(" \t") == std::string::npos) {
      captions.label = captions.language;
    }
    captions.other = in.Rest(&document_.unknown_keys);
    return captions;
  }

  Document document_;
  std::vector<std::string> violations_;
  std::set<std::string> thing_ids_, story_ids_;
};

}  // namespace

Document ParseDocument(const std::string& text, const std::string& where) {
  if (text.size() > kMostBytes) {
    Fail(ErrorCode::kInput, "The document is larger than 4 MiB, which is more than any room needs.",
         where);
  }
  const Json json = Migrated(ParseJson(text, where), where);
  DocumentReader reader;
  Document document = reader.Read(json);
  FailOnViolations(reader.violations(), where);
  return document;
}

}  // namespace ajar::room
