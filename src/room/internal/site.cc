#include "room/internal/site.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "base/error.h"
#include "base/hash.h"
#include "bundle/compress.h"
#include "bundle/parts.h"
#include "bundle/picture.h"
#include "bundle/splat_ply.h"
#include "room/internal/as_shown.h"
#include "room/internal/names.h"
#include "room/internal/page_files.h"
#include "room/internal/photo_pieces.h"
#include "room/internal/places.h"
#include "room/internal/reading.h"
#include "room/internal/recordings.h"
#include "room/internal/tour_time.h"
#include "room/internal/viewer_folder.h"

namespace ajar::room {
namespace {

namespace fs = std::filesystem;

constexpr int kSiteVersion = 14;
// Splats of the first part of a large room, about 1.3 MB; and of each further one, at most: a
// browser takes in so many without a halt that a person feels.
constexpr size_t kFirstSplats = 95'000, kFurtherSplats = 130'000;
constexpr int kOriginalQuality = 92;
constexpr size_t kWorthCompressing_bytes = 512;

// The page takes a text of spaces for none at all, and so do we.
Json OrNull(const std::optional<std::string>& text) {
  const bool blank = !text || text->find_first_not_of(" \t\r\n") == std::string::npos;
  return blank ? Json() : Json(*text);
}

// Tenths of a millimetre are plenty for a page.
Json Rounded(const Eigen::Vector3d& v) {
  Json json = Json::array();
  for (int i = 0; i < 3; ++i) json.push_back(std::round(v[i] * 1e4) / 1e4 + 0.0);
  return json;
}

std::optional<std::string> Credits(const Document& document) {
  std::string credits = document.credit.value_or("");
  if (document.rights && !document.rights->empty()) {
    credits += (credits.empty() ? "" : "\n") + *document.rights;
  }
  return credits.empty() ? std::nullopt : std::optional(credits);
}

// The box that holds nearly all splats; a few lie far out of any window.
Json Bounds(const SplatCloud& cloud) {
  Eigen::Vector3d low = Eigen::Vector3d::Zero(), high = Eigen::Vector3d::Zero();
  for (int axis = 0; axis < 3 && cloud.size() > 0; ++axis) {
    std::vector<float> values;
    for (const Eigen::Vector3f& mean : cloud.means) values.push_back(mean[axis]);
    std::ranges::sort(values);
    const size_t margin = values.size() / 50;
    low[axis] = values[margin];
    high[axis] = values[values.size() - 1 - margin];
  }
  return {{"min", Rounded(low)}, {"max", Rounded(high)}};
}

// Where walls were found a visitor stays within their box.
Json BoundsOf(const SplatCloud& cloud, const Json& plan) {
  Json bounds = Bounds(cloud);
  const Json& outline = plan["outline"];
  for (const int axis : {0, 1}) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const Json& corner : outline) {
      low = std::min(low, corner[static_cast<size_t>(axis)].get<double>());
      high = std::max(high, corner[static_cast<size_t>(axis)].get<double>());
    }
    if (outline.empty()) continue;
    bounds["min"][static_cast<size_t>(2 * axis)] = low;
    bounds["max"][static_cast<size_t>(2 * axis)] = high;
  }
  return bounds;
}

// Numbers, not names: recorders and phones write places and times into the names of files.
std::string StoryUrl(size_t story, const Path& file) {
  return "stories/" + std::to_string(story + 1) + file.extension().string();
}

std::string CaptionsUrl(size_t story, size_t captions) {
  return "stories/" + std::to_string(story + 1) + "-" + std::to_string(captions + 1) + ".vtt";
}

std::string PhotographUrl(size_t number) {
  return "photos/" + std::to_string(number + 1) + ".webp";
}

std::string PiecesFolder(size_t number) { return "photos/" + std::to_string(number + 1); }

// By language, with the texts that are there; `name` is the key of the name.
Json TranslationsJson(const Translations& translations, const char* name) {
  Json json = Json::object();
  for (const auto& [language, t] : translations) {
    Json& texts = json[language] = Json::object();
    if (t.name) texts[name] = *t.name;
    if (const Json alt = OrNull(t.alt); !alt.is_null()) texts["alt"] = alt;
    if (t.words) texts["words"] = *t.words;
    if (const Json note = OrNull(t.content_note); !note.is_null()) texts["content_note"] = note;
    if (t.last_words) texts["last_words"] = *t.last_words;
    if (t.support) texts["support_words"] = *t.support;
    if (t.offer) texts["offer_words"] = *t.offer;
  }
  return json;
}

// Of all stories, in their order.
Json StoryJson(const Document& document, size_t number, const std::optional<Heard>& heard) {
  const Story& story = document.stories[number];
  Json captions = Json::array();
  for (size_t c = 0; c < story.captions.size(); ++c) {
    captions.push_back({{"url", CaptionsUrl(number, c)},
                        {"language", story.captions[c].language},
                        {"label", story.captions[c].label}});
  }
  Json sources;
  for (size_t i = 0; heard && i < heard->sources.size(); ++i) {
    const Source& source = heard->sources[i];
    sources.push_back({{"url", StoryUrl(number, source.name)}, {"type", source.type}});
    if (!heard->poster.empty()) sources.back()["poster"] = StoryUrl(number, heard->poster);
  }
  Json passages = Json::array();
  for (const Passage& passage : story.passages) {
    const double begin = story.trim ? story.trim->from_s : 0;
    const double from = std::max(0.0, passage.from_s - begin);
    const double to = heard ? std::min(passage.to_s - begin, heard->seconds) : 0;
    if (to > from) passages.push_back({{"from_s", from}, {"to_s", to}, {"things", passage.things}});
  }
  return {{"id", story.id},
          {"title", story.title},
          {"speaker", OrNull(story.speaker)},
          {"language", story.language.value_or(document.language)},
          {"things", story.things},
          {"words", story.words},
          {"content_note", OrNull(story.content_note)},
          {"sound", story.video ? Json() : sources},
          {"video", story.video ? sources : Json()},
          {"seconds", heard ? Json(heard->seconds) : Json()},
          {"captions", std::move(captions)},
          {"passages", std::move(passages)},
          {"translations", TranslationsJson(story.translations, "title")}};
}

Json TourJson(const Document& document, const std::vector<std::optional<Heard>>& heard) {
  if (document.tour.empty()) return {};
  Json steps = Json::array();
  for (const TourStep& step : document.tour) {
    Json place;
    if (step.place) {
      place = {{"position", Rounded(step.place->position)},
               {"look_at", Rounded(step.place->look_at)}};
    }
    steps.push_back({{"thing", OrNull(step.thing)},
                     {"story", OrNull(step.story)},
                     {"place", std::move(place)},
                     {"words", step.words},
                     {"pause_s", step.pause_s.value_or(kTourPause_s)},
                     {"translations", TranslationsJson(step.translations, "title")}});
  }
  std::vector<double> seconds;
  for (const auto& each : heard) seconds.push_back(each ? each->seconds : 0);
  const double minutes = std::max(1.0, std::round(TourSeconds(document, seconds) / 60));
  return {{"minutes", minutes}, {"steps", std::move(steps)}};
}

Json FurtherJson(const std::optional<Further>& further) {
  if (!further) return {};
  return {{"words", further->words}, {"link", OrNull(further->link)}};
}

// What they show, where they were taken and which way they look, for the page to lead there; null
// for one that was not placed.
Json PhotographsJson(const Document& document, const std::vector<PhotoInSite>& written,
                     const Reconstruction& reconstruction, const Placement& placement) {
  const Sim3& room_from_reconstruction = placement.room_from_reconstruction;
  Json photographs = Json::array();
  for (const Photograph& said : PhotographsInSite(document)) {
    const PhotoInSite& photo = written[photographs.size()];
    Json photograph = {{"url", PhotographUrl(photographs.size())},
                       {"size", {photo.width, photo.height}},
                       {"alt", OrNull(said.alt)},
                       {"position", nullptr},
                       {"look_at", nullptr},
                       {"translations", TranslationsJson(said.translations, "name")}};
    if (const PosedImage* image = ImageNamed(reconstruction, said.photo)) {
      const Rigid3 world_from_cam = Inverse(image->cam_from_world);
      const Eigen::Vector3d eye = room_from_reconstruction * world_from_cam.translation;
      const Eigen::Vector3d ahead =
          room_from_reconstruction.rotation * (world_from_cam.rotation * Eigen::Vector3d::UnitZ());
      photograph["position"] = Rounded(eye);
      photograph["look_at"] = Rounded(eye + ahead);
      const double fov_deg = VerticalFov_deg(reconstruction.cameras.at(image->camera_id));
      photograph["fov_deg"] = std::round(fov_deg * 100) / 100;
    }
    if (photo.levels > 0) {
      photograph["tiles"] = {{"folder", PiecesFolder(photographs.size())},
                             {"side", kPieceSide_px},
                             {"levels", photo.levels}};
    }
    photographs.push_back(std::move(photograph));
  }
  return photographs;
}

// What visitors get of captions: the part of the recording that they hear, in one plain form.
std::vector<Cue> CuesOf(const Folder& folder, const Captions& captions, const Story& story,
                        const std::optional<Heard>& heard) {
  const Path file = folder.stories() / captions.path;
  const std::vector<Cue> cues = ReadCaptions(ReadTextFile(file, kMostCaptionBytes), file.string());
  if (!story.trim || !heard) return cues;
  return Trimmed(cues, story.trim->from_s, story.trim->from_s + heard->seconds);
}

// The reading version in each language, with the pictures it shows.
void WriteReading(const Document& document, const Reconstruction& reconstruction,
                  const Placement& placement, const SplatCloud& room_cloud, const Folder& folder,
                  const std::vector<std::optional<Heard>>& heard, const Json& visit,
                  const Json& plan, const Path& staging) {
  ReadingFiles files;
  DrawReadingPictures(document, reconstruction, placement, room_cloud, staging, &files);
  for (const Photograph& photograph : PhotographsInSite(document)) {
    files.photographs[photograph.photo] = PhotographUrl(files.photographs.size());
  }
  for (size_t i = 0; i < document.stories.size(); ++i) {
    const Story& story = document.stories[i];
    ReadingFiles::Recording recording;
    recording.video = story.video.has_value();
    for (size_t k = 0; heard[i] && k < heard[i]->sources.size(); ++k) {
      const Source& source = heard[i]->sources[k];
      recording.sources.push_back({StoryUrl(i, source.name), source.type});
    }
    if (heard[i] && !heard[i]->poster.empty()) recording.poster = StoryUrl(i, heard[i]->poster);
    for (size_t c = 0; c < story.captions.size(); ++c) {
      const Captions& captions = story.captions[c];
      recording.captions.push_back({CaptionsUrl(i, c), captions.language, captions.label,
                                    Paragraphs(CuesOf(folder, captions, story, heard[i]))});
    }
    files.recordings.push_back(std::move(recording));
  }
  for (const std::string& language : LanguagesOf(document)) {
    WriteFileAtomic(staging / ReadingUrl(document, language),
                    ReadingPage(document, language, visit, plan, files));
  }
}

void CopyMedia(const Document& document, const Folder& folder,
               const std::vector<std::optional<Heard>>& heard, const Path& staging) {
  for (size_t i = 0; i < document.stories.size(); ++i) {
    const Story& story = document.stories[i];
    if (heard[i]) {
      for (const Source& source : heard[i]->sources) {
        CopyFile(heard[i]->folder / source.name, staging / StoryUrl(i, source.name));
      }
      if (!heard[i]->poster.empty()) {
        CopyFile(heard[i]->folder / heard[i]->poster, staging / StoryUrl(i, heard[i]->poster));
      }
    }
    for (size_t c = 0; c < story.captions.size(); ++c) {
      MakeFolder(staging / "stories");
      WriteFileAtomic(staging / CaptionsUrl(i, c),
                      FormatCaptions(CuesOf(folder, story.captions[c], story, heard[i])));
    }
  }
}

std::vector<PhotoInSite> WritePhotographs(const Document& document, const Folder& folder,
                                          const Path& staging) {
  std::vector<PhotoInSite> written;
  for (const Photograph& photograph : PhotographsInSite(document)) {
    const size_t number = written.size();
    written.push_back(WritePhotograph(photo::Load(folder.photos() / photograph.photo),
                                      kOriginalQuality, staging / PhotographUrl(number),
                                      staging / PiecesFolder(number)));
  }
  return written;
}

struct SplatsWritten {
  uint64_t bytes = 0;
  std::vector<std::string> further;  // addresses of the parts after the first
};

// The room as one SOG, or as several where it is large: the first soon shows the room, the others
// make it sharp.
SplatsWritten WriteSplats(const SplatCloud& cloud, bundle::SogOptions sog, const Path& staging,
                          const Progress& progress) {
  SplatsWritten written;
  const std::vector<SplatCloud> parts =
      bundle::PartsByImportance(cloud, kFirstSplats, kFurtherSplats);
  sog.sh_palette = std::max<int64_t>(64, sog.sh_palette / static_cast<int64_t>(parts.size()));
  for (size_t k = 0; k < parts.size(); ++k) {
    const std::string folder = k == 0 ? "splats" : "splats/" + std::to_string(k + 1);
    MakeFolder(staging / folder);
    for (const auto& [name, bytes] : bundle::EncodeSog(parts[k], sog, progress)) {
      WriteFileAtomic(staging / folder / name, bytes);
      written.bytes += bytes.size();
    }
    if (k > 0) written.further.push_back(folder + "/meta.json");
  }
  return written;
}

// Beside each file that gets smaller: it, compressed, with .br and .gz after its name. The page's
// own come so from where it is built.
void WriteCompressed(const Path& staging) {
  for (const Path& file : FilesBelow(staging)) {
    if (!bundle::IsCompressible(file.string())) continue;
    const std::vector<uint8_t> plain = ReadFile(staging / file);
    if (plain.size() < kWorthCompressing_bytes) continue;
    const auto write = [&](const char* ending,
                           std::vector<uint8_t> (*compress)(std::span<const uint8_t>)) {
      const Path target = staging / (file.string() + ending);
      if (fs::exists(target)) return;
      const std::vector<uint8_t> bytes = compress(plain);
      if (bytes.size() < plain.size()) WriteFileAtomic(target, bytes);
    };
    write(".br", bundle::Brotli);
    write(".gz", bundle::Gzip);
  }
}

// What visitors get of each story's recording.
std::vector<std::optional<Heard>> HeardOf(const Document& document, const Folder& folder,
                                          const Progress& progress) {
  std::vector<std::optional<Heard>> heard;
  for (const Story& story : document.stories) {
    const std::string* path = RecordingOf(story);
    heard.push_back(path ? std::optional(MakeHeard(folder, *path, story.trim, progress))
                         : std::nullopt);
  }
  return heard;
}

std::vector<std::string> MediaHashes(const Document& document, const Folder& folder) {
  std::vector<std::string> hashes;
  for (const Story& story : document.stories) {
    if (const std::string* recording = RecordingOf(story)) {
      hashes.push_back(Sha256HexOfFile(folder.stories() / *recording));
    }
    for (const Captions& captions : story.captions) {
      hashes.push_back(Sha256HexOfFile(folder.stories() / captions.path));
    }
  }
  for (const Photograph& photograph : PhotographsInSite(document)) {
    hashes.push_back(Sha256HexOfFile(folder.photos() / photograph.photo));
  }
  return hashes;
}

}  // namespace

Json VisitJson(const Document& document, const Placement& placement, const SplatCloud& room_cloud,
               const std::vector<std::optional<Heard>>& heard, const Json& plan,
               bool has_collision) {
  const std::vector<Photograph> photographs = PhotographsInSite(document);
  Json things = Json::array(), stories = Json::array();
  for (const Thing& thing : document.things) {
    Json photos = Json::array();
    for (const Photograph& photograph : thing.photos) {
      const auto in_site = std::ranges::find(photographs, photograph.photo, &Photograph::photo);
      photos.push_back(in_site - photographs.begin());
    }
    things.push_back({{"id", thing.id},
                      {"name", thing.name},
                      {"words", thing.words},
                      {"position", thing.position ? Rounded(*thing.position) : Json()},
                      {"alt", OrNull(thing.alt)},
                      {"photographs", std::move(photos)},
                      {"translations", TranslationsJson(thing.translations, "name")}});
  }
  for (size_t i = 0; i < document.stories.size(); ++i) {
    stories.push_back(StoryJson(document, i, heard[i]));
  }
  Json visit = {
      {"version", 1},
      {"language", document.language},
      {"title", document.title},
      {"words", document.words},
      {"content_note", OrNull(document.content_note)},
      {"last_words", document.last_words},
      {"support", FurtherJson(document.support)},
      {"offer", FurtherJson(document.offer)},
      {"credits", OrNull(Credits(document))},
      {"estimated",
       {{"scale", placement.scale_estimated},
        {"up", placement.up_estimated},
        {"doorway", placement.doorway_estimated}}},
      {"doorway",
       {{"position", Rounded(placement.doorway.position)},
        {"look_at", Rounded(placement.doorway.look_at)}}},
      {"bounds", BoundsOf(room_cloud, plan)},
      {"scale", {{"from", placement.scale_from}, {"deviation", placement.scale_deviation}}},
      {"floor_seen", placement.floor_seen},
      {"collision", has_collision ? Json("collision.glb") : Json()},
      {"plan", {{"url", "plan.svg"}, {"data", "plan.json"}}},
      {"splats", {{"url", "splats/meta.json"}, {"count", room_cloud.size()}}},
      {"view_fov_deg", std::round(placement.view_fov_deg * 100) / 100},
      {"things", std::move(things)},
      {"stories", std::move(stories)},
      {"tour", TourJson(document, heard)},
      {"translations", TranslationsJson(document.translations, "title")}};
  for (const std::string& language : LanguagesOf(document)) {
    visit["reading"][language] = ReadingUrl(document, language);
  }
  return visit;
}

std::vector<std::string> MakeSite(const BuildOptions& options, const Document& document,
                                  const std::string& text, const Reconstruction& reconstruction, const Placement& placement,
                                  const Folder& folder, Ledger* ledger, const Progress& progress) {
  FailOnViolations(MediaViolations(document, folder.path()), folder.document().string());
  const Path viewer = ViewerFolder();
  const std::vector<Path> page = VisitorsPage(viewer);
  bundle::SogOptions sog = options.sog;
  std::vector<std::string> key_parts = {text, Dump(ToJson(placement)), Canonical(Fields(sog)),
                                        Sha256HexOfFile(folder.splat_ply())};
  for (const Path& file : page) {
    key_parts.push_back(file.string() + " " + Sha256HexOfFile(viewer / file));
  }
  for (const std::string& hash : MediaHashes(document, folder)) key_parts.push_back(hash);
  const std::vector<Path> place = FilesBelow(folder.place());
  for (const Path& file : place) key_parts.push_back(Sha256HexOfFile(folder.place() / file));
  const std::string key = StageKey("site", kSiteVersion, key_parts);

  DoStage(folder, ledger, "site", key, folder.site(), [&](const Path& staging) {
    progress.Report({"packing the room", 0, std::nullopt, {}});
    SplatCloud cloud =
        bundle::DecodeSplatPly(ReadFile(folder.splat_ply()), folder.splat_ply().string());
    std::vector<std::string> notes;
    const Document placed = WithPlaces(document, reconstruction, cloud, placement, &notes);
    const Path plan_file = folder.place() / "plan.json";
    const Json plan = ParseJson(ReadTextFile(plan_file), plan_file.string());
    cloud = AsShown(cloud, reconstruction, placement.room_from_reconstruction, plan);
    for (const Path& file : page) CopyFile(viewer / file, staging / file);
    if (document.searchable) AllowSearch(staging);
    const std::vector<std::optional<Heard>> heard = HeardOf(document, folder, progress);
    CopyMedia(document, folder, heard, staging);
    const SplatsWritten splats = WriteSplats(cloud, sog, staging, progress);
    for (const Path& file : place) CopyFile(folder.place() / file, staging / file);
    const bool has_collision = fs::exists(folder.place() / "collision.glb");
    Json visit = VisitJson(placed, placement, cloud, heard, plan, has_collision);
    visit["splats"]["further"] = splats.further;
    visit["document"] = Sha256Hex(text);
    const std::vector<PhotoInSite> written = WritePhotographs(document, folder, staging);
    if (!written.empty()) {
      visit["photographs"] = PhotographsJson(document, written, reconstruction, placement);
    }
    WriteFileAtomic(staging / "visit.json", Dump(visit));
    progress.Report({"writing the page to read", 0, std::nullopt, {}});
    WriteReading(placed, reconstruction, placement, cloud, folder, heard, visit, plan, staging);
    WriteCompressed(staging);
    return Json{{"splats", cloud.size()},
                {"splat_bytes", splats.bytes},
                {"stories", document.stories.size()},
                {"things", document.things.size()},
                {"originals", written.size()},
                {"notes", notes}};
  });
  return ledger->Find("site")->report.value("notes", std::vector<std::string>());
}

}  // namespace ajar::room
