// A Document as text, and the one that a new room starts with.
#include <algorithm>
#include <cctype>

#include "room/document.h"
#include "room/internal/json.h"

namespace ajar::room {
namespace {

Json OrNull(const std::optional<std::string>& text) { return text ? Json(*text) : Json(); }

// Adds the keys that we do not know to those that we do, also within the objects we know.
void Append(const std::string& other, Json* json) {
  if (!other.empty()) json->update(Json::parse(other), /*merge_objects=*/true);
}

// Nothing when there are none; `name` is the key of the name.
void AddTranslations(const Translations& translations, const char* name, Json* json) {
  for (const auto& [language, t] : translations) {
    Json texts = Json::object();
    if (t.name) texts[name] = *t.name;
    if (t.alt) texts["alt"] = *t.alt;
    if (t.words) texts["words"] = *t.words;
    if (t.content_note) texts["content_note"] = *t.content_note;
    if (t.last_words) texts["last_words"] = *t.last_words;
    if (t.support) texts["support_words"] = *t.support;
    if (t.offer) texts["offer_words"] = *t.offer;
    Append(t.other, &texts);
    (*json)["translations"][language] = std::move(texts);
  }
}

Json ToJson(const Further& further) {
  Json json = {{"words", further.words}, {"link", OrNull(further.link)}};
  Append(further.other, &json);
  return json;
}

Json ToJson(const SeenIn& seen) {
  Json json = {{"photo", seen.photo}, {"at", {seen.at_px.x(), seen.at_px.y()}}};
  Append(seen.other, &json);
  return json;
}

// A name alone where nothing more is said of it.
Json ToJson(const std::vector<Photograph>& photographs) {
  Json list = Json::array();
  for (const Photograph& p : photographs) {
    if (!p.alt && p.translations.empty() && p.other.empty()) {
      list.push_back(p.photo);
      continue;
    }
    Json json = {{"photo", p.photo}, {"alt", OrNull(p.alt)}};
    AddTranslations(p.translations, "name", &json);
    Append(p.other, &json);
    list.push_back(std::move(json));
  }
  return list;
}

Json ToJson(const Thing& thing) {
  Json json = {{"id", thing.id}, {"name", thing.name}, {"words", thing.words}};
  if (thing.position) json["position"] = PointJson(*thing.position);
  if (thing.seen_in) json["seen_in"] = ToJson(*thing.seen_in);
  if (thing.alt) json["alt"] = *thing.alt;
  if (!thing.photos.empty()) json["photos"] = ToJson(thing.photos);
  AddTranslations(thing.translations, "name", &json);
  Append(thing.other, &json);
  return json;
}

Json ToJson(const Story& story) {
  Json captions = Json::array();
  for (const Captions& c : story.captions) {
    Json json = {{"path", c.path}, {"language", c.language}, {"label", c.label}};
    Append(c.other, &json);
    captions.push_back(std::move(json));
  }
  Json json = {{"id", story.id},
               {"title", story.title},
               {"speaker", OrNull(story.speaker)},
               {"language", OrNull(story.language)},
               {"things", story.things},
               {"words", story.words},
               {"content_note", OrNull(story.content_note)},
               {"sound", OrNull(story.sound)}};
  if (story.video) json["video"] = *story.video;
  if (story.trim) {
    json["trim"] = {{"from", story.trim->from_s}};
    if (story.trim->to_s) json["trim"]["to"] = *story.trim->to_s;
    Append(story.trim->other, &json["trim"]);
  }
  json["captions"] = std::move(captions);
  for (const Passage& p : story.passages) {
    Json passage = {{"from", p.from_s}, {"to", p.to_s}, {"things", p.things}};
    Append(p.other, &passage);
    json["passages"].push_back(std::move(passage));
  }
  AddTranslations(story.translations, "title", &json);
  Append(story.other, &json);
  return json;
}

Json ToJson(const TourStep& step) {
  Json json = Json::object();
  if (step.thing) json["thing"] = *step.thing;
  if (step.story) json["story"] = *step.story;
  if (step.place) {
    json["place"] = {{"position", PointJson(step.place->position)},
                     {"look_at", PointJson(step.place->look_at)}};
    Append(step.place->other, &json["place"]);
  }
  if (!step.words.empty()) json["words"] = step.words;
  if (step.pause_s) json["pause"] = *step.pause_s;
  AddTranslations(step.translations, "title", &json);
  Append(step.other, &json);
  return json;
}

Json ToJson(const Alignment& alignment) {
  const Sim3& t = alignment.room_from_reconstruction;
  const Eigen::Vector4d q = WxyzFromQuaternion(t.rotation);
  Json json = {
      {"scale", t.scale},
      {"rotation_wxyz", Json::array({q[0], q[1], q[2], q[3]})},
      {"translation", PointJson(t.translation)},
      {"estimated", {{"scale", alignment.scale_estimated}, {"up", alignment.up_estimated}}}};
  Append(alignment.other, &json);
  return json;
}

Json ToJson(const Doorway& doorway) {
  Json json = {{"photo", doorway.photo}};
  if (doorway.photo.empty()) {
    json = {{"position", PointJson(doorway.position)}, {"look_at", PointJson(doorway.look_at)}};
  }
  Append(doorway.other, &json);
  return json;
}

Json PixelJson(const Eigen::Vector2d& px) { return Json::array({px.x(), px.y()}); }

// Null when nothing was measured.
Json ToJson(const Measured& measured) {
  Json json = Json::object();
  if (measured.up) {
    const UpGiven& up = *measured.up;
    Json& given = json["up"] = Json::object();
    if (up.photo.empty()) {
      given["direction"] = PointJson(up.direction);
    } else {
      given = {{"photo", up.photo}, {"low", PixelJson(up.low_px)}, {"high", PixelJson(up.high_px)}};
    }
    Append(up.other, &given);
  }
  for (const LengthGiven& length : measured.lengths) {
    Json given = {{"photo", length.photo},
                  {"from", PixelJson(length.from_px)},
                  {"to", PixelJson(length.to_px)},
                  {"metres", length.metres}};
    Append(length.other, &given);
    json["lengths"].push_back(std::move(given));
  }
  if (measured.marker_m > 0) json["marker_metres"] = measured.marker_m;
  if (measured.poses_in_metres) json["poses_in_metres"] = true;
  Append(measured.other, &json);
  return json.empty() ? Json() : json;
}

}  // namespace

std::string FormatDocument(const Document& document) {
  Json json = {{"version", kDocumentVersion},
               {"title", document.title},
               {"language", document.language},
               {"words", document.words},
               {"content_note", OrNull(document.content_note)},
               {"last_words", document.last_words},
               {"place", OrNull(document.place)},
               {"captured", OrNull(document.captured)},
               {"credit", OrNull(document.credit)},
               {"rights", OrNull(document.rights)}};
  if (document.searchable) json["searchable"] = true;
  if (document.support) json["support"] = ToJson(*document.support);
  if (document.offer) json["offer"] = ToJson(*document.offer);
  if (document.doorway) json["doorway"] = ToJson(*document.doorway);
  if (document.alignment) json["room_from_reconstruction"] = ToJson(*document.alignment);
  if (Json measured = ToJson(document.measured); !measured.is_null()) {
    json["measured"] = std::move(measured);
  }
  json["things"] = Json::array();
  for (const Thing& thing : document.things) json["things"].push_back(ToJson(thing));
  json["stories"] = Json::array();
  for (const Story& story : document.stories) json["stories"].push_back(ToJson(story));
  for (const TourStep& step : document.tour) json["tour"].push_back(ToJson(step));
  json["originals_in_site"] = ToJson(document.originals_in_site);
  AddTranslations(document.translations, "title", &json);
  Append(document.other, &json);
  return Dump(json);
}

bool AddMeasured(const Measured& measured, Document* document) {
  const std::string before = ToJson(document->measured).dump();
  if (measured.up) document->measured.up = measured.up;
  if (!measured.lengths.empty()) document->measured.lengths = measured.lengths;
  if (measured.marker_m > 0) document->measured.marker_m = measured.marker_m;
  if (measured.poses_in_metres) document->measured.poses_in_metres = true;
  return ToJson(document->measured).dump() != before;
}

Document NewDocument(const Path& room_folder) {
  const Path full = std::filesystem::absolute(room_folder).lexically_normal();
  std::string title = (full.has_filename() ? full : full.parent_path()).filename().string();
  std::ranges::replace_if(
      title, [](char c) { return c == '-' || c == '_'; }, ' ');
  // A folder's name is bytes, and a title is text.
  const std::string as_text =
      Json::parse(Json(title).dump(-1, ' ', false, Json::error_handler_t::replace))
          .get<std::string>();
  if (title.empty() || as_text != title) title = "A room";
  title[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(title[0])));
  Document document;
  document.title = title;
  return document;
}

}  // namespace ajar::room
