#include "room/internal/editor.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>

#include "base/hash.h"
#include "base/subprocess.h"
#include "bundle/picture.h"
#include "photo/photo.h"
#include "room/internal/captions.h"
#include "room/internal/editor_json.h"
#include "room/internal/media_files.h"
#include "room/internal/tour_time.h"
#include "room/internal/transcribe.h"

namespace ajar::room {
namespace {

namespace fs = std::filesystem;
using serve::Question;

constexpr int kShownSide_px = 1600, kThumbSide_px = 320, kPictureQuality = 82;

}  // namespace

Editor::Editor(const Folder& folder)
    : folder_(folder),
      lock_((MakeFolder(folder.work()), folder.work() / "edit.lock"),
            "This room is open for editing already; look for its page in another window."),
      history_(folder),
      places_(folder),
      uploads_(folder),
      desk_(folder) {}

std::optional<serve::Answer> Editor::Answer(const serve::Question& question) {
  try {
    if (const auto name = After(question.name, "api/")) return AnswerApi(question, *name);
    if (question.method != "GET" && question.method != "HEAD") return NothingThere();
    if (const auto name = After(question.name, "photos/")) return Picture(*name, kShownSide_px);
    if (const auto name = After(question.name, "thumbs/")) return Picture(*name, kThumbSide_px);
    if (const auto path = After(question.name, "heard/")) {
      const auto entry = desk_.Find(*path);
      if (!entry || !entry->heard) return Refusal(404, "This recording is not ready yet.");
      serve::Answer answer;
      answer.file = serve::Answer::File{entry->heard->folder, entry->heard->sources.back().name};
      return answer;
    }
    return std::nullopt;
  } catch (const BadBody& bad) {
    return Refusal(bad.status, bad.message);
  } catch (const Error& error) {
    return FromError(error);
  } catch (const std::bad_alloc&) {
    return Refusal(500, "There is not enough memory.");
  }
}

std::optional<serve::Answer> Editor::Picture(const std::string& name, int long_side_px) {
  if (PathViolation(name) || !IsFileBelow(folder_.photos(), name)) return NothingThere();
  const Path original = folder_.photos() / name;
  std::error_code error;
  const std::string looks =
      name + " " + std::to_string(fs::file_size(original, error)) + " " +
      std::to_string(fs::last_write_time(original, error).time_since_epoch().count()) + " " +
      std::to_string(long_side_px);
  const Path kept = folder_.work() / "pictures" / (Sha256Hex(looks).substr(0, 32) + ".webp");
  if (!fs::is_regular_file(kept, error)) {
    MakeFolder(kept.parent_path());
    WriteFileAtomic(kept, bundle::EncodeWebp(photo::Load(original, long_side_px), kPictureQuality));
  }
  serve::Answer answer;
  answer.file = serve::Answer::File{kept.parent_path(), kept.filename().string()};
  return answer;
}

serve::Answer Editor::AnswerApi(const Question& question, const std::string& name) {
  const bool get = question.method == "GET" || question.method == "HEAD";
  const bool post = question.method == "POST";
  if (name == "room" || name == "undo" || name == "redo" || name == "restore" ||
      name == "history" || name.starts_with("history/")) {
    return RoomAt(question, name);
  }
  if (name == "photos")
    return get ? JsonAnswer({{"photos", places_.Photographs()}}) : WrongMethod();
  if (name == "seen" || name == "pick" || name == "place") {
    return post ? Placing(question, name) : WrongMethod();
  }
  if (name == "uploads") return Uploading(question, "");
  if (const auto id = After(name, "uploads/")) return Uploading(question, *id);
  if (name == "recordings") return RecordingsAt(question, "");
  if (const auto path = After(name, "recordings/")) return RecordingsAt(question, *path);
  if (name == "captions") return CaptionsAt(question, "");
  if (const auto what = After(name, "captions/")) return CaptionsAt(question, *what);
  if (name == "build") {
    if (!post) return WrongMethod();
    const std::string id =
        jobs_.Start("build", "", Jobs::Meanwhile::kOnceMore, [this](const Progress& progress) {
          return RunVerb({"build", "-o", folder_.path().string()}, progress);
        });
    return JsonAnswer({{"id", id}}, 202);
  }
  if (const auto id = After(name, "jobs/")) {
    if (question.method == "DELETE") return jobs_.Cancel(*id) ? NoContent() : NothingThere();
    const auto job = jobs_.Show(*id);
    return job ? JsonAnswer(*job) : NothingThere();
  }
  return NothingThere();
}

Json Editor::StateJson(const History::State& state) {
  const Document document = ParseDocument(state.text, folder_.document().string());
  const auto what_of = [&](int64_t revision) -> Json {
    return {{"what", history_.Get(revision).what}};
  };
  std::vector<double> seconds;
  std::map<std::string, DeskEntry> recordings;
  for (DeskEntry& entry : desk_.All()) recordings[entry.path] = std::move(entry);
  for (const Story& story : document.stories) {
    const std::string* path = RecordingOf(story);
    const auto found = path ? recordings.find(*path) : recordings.end();
    double length =
        found != recordings.end() && found->second.heard ? found->second.heard->seconds : 0;
    if (story.trim)
      length = std::min(length, story.trim->to_s.value_or(length)) - story.trim->from_s;
    seconds.push_back(std::max(0.0, length));
  }
  const Path visit_file = folder_.site() / "visit.json";
  std::error_code error;
  std::string made_from;
  if (fs::is_regular_file(visit_file, error)) {
    const Json visit = Json::parse(ReadTextFile(visit_file), nullptr, false);
    if (visit.is_object()) made_from = visit.value("document", "");
  }
  Json doorway, scale, up;
  if (const auto placed = places_.Placed()) {
    doorway = {{"position", PointJson(placed->doorway.position)},
               {"look_at", PointJson(placed->doorway.look_at)},
               {"estimated", placed->doorway_estimated}};
    scale = {{"from", placed->scale_from},
             {"deviation", placed->scale_deviation},
             {"estimated", placed->scale_estimated}};
    up = {{"from", placed->up_from}, {"estimated", placed->up_estimated}};
  }
  return {
      {"revision", state.now.revision},
      {"document", Json::parse(state.text)},
      {"saved_at", state.now.at},
      {"undo", state.now.back > 0 ? Json{{"what", state.now.what}} : Json()},
      {"redo", state.now.forward > 0 ? what_of(state.now.forward) : Json()},
      {"problems", MediaViolations(document, folder_.path())},
      {"places", places_.PositionsOf(document)},
      {"doorway", std::move(doorway)},
      {"scale", std::move(scale)},
      {"up", std::move(up)},
      {"tour_minutes", document.tour.empty()
                           ? Json()
                           : Json(std::max(1.0, std::round(TourSeconds(document, seconds) / 60)))},
      {"site",
       {{"there", fs::is_regular_file(folder_.site() / "index.html", error)},
        {"fresh", made_from == Sha256Hex(state.text)},
        {"made_from", made_from}}},
      {"can", {{"transcribe", CanTranscribe()}, {"record_bytes", uploads_.Room() >> 20 << 20}}},
      {"jobs", jobs_.ShowAll()}};
}

serve::Answer Editor::StateAnswer(const History::State& state, int status) {
  serve::Answer answer = JsonAnswer(StateJson(state), status);
  answer.headers["ETag"] = "\"" + Sha256Hex(answer.body).substr(0, 32) + "\"";
  return answer;
}

serve::Answer Editor::Committed(const History::Result& result, const Json& yours) {
  if (!result.conflict) return StateAnswer(result.state);
  const auto& [theirs, base] = *result.conflict;
  return JsonAnswer(
      {{"error",
        {{"message", "The room was changed meanwhile, in another window or by another program."},
         {"where", ""},
         {"hint", "Nothing was overwritten; choose which to keep."}}},
       {"revision", theirs.now.revision},
       {"document", Json::parse(theirs.text)},
       {"base", Json::parse(base)},
       {"yours", yours}},
      409);
}

serve::Answer Editor::RoomAt(const Question& question, const std::string& name) {
  const bool get = question.method == "GET" || question.method == "HEAD";
  if (name == "room" && get) {
    serve::Answer answer = StateAnswer(history_.Now());
    if (HeaderOf(question, "if-none-match") == answer.headers["ETag"]) answer.status = 304;
    return answer;
  }
  if (name == "history" && get) {
    Json entries = Json::array();
    for (const Revision& r : history_.All()) {
      entries.push_back({{"revision", r.revision},
                         {"at", r.at},
                         {"kind", r.kind},
                         {"what", r.what},
                         {"document", r.document}});
    }
    return JsonAnswer({{"entries", std::move(entries)}});
  }
  if (const auto number = After(name, "history/"); number && get) {
    const auto revision = WholeNumber(*number);
    if (!revision) return NothingThere();
    return JsonAnswer(
        {{"revision", *revision}, {"document", Json::parse(history_.TextOf(*revision))}});
  }
  if (name == "room" ? question.method != "PUT" : question.method != "POST") return WrongMethod();
  const Json body = BodyOf(question);
  const int64_t revision = RevisionIn(body);
  if (name == "undo") return Committed(history_.Undo(revision), Json());
  if (name == "redo") return Committed(history_.Redo(revision), Json());
  if (name == "restore") {
    const std::string text = history_.TextOf(RevisionIn(body, "to"));
    return Committed(history_.Commit(revision, text, "restore"), Json::parse(text));
  }
  if (name != "room") return NothingThere();
  const auto document = body.find("document");
  if (document == body.end()) throw BadBody{400, "\"document\" is missing."};
  const std::string what = body.contains("what") ? TextIn(body, "what") : std::string();
  // In one form, so that the same document is the same text whoever wrote it.
  const std::string text = FormatDocument(ParseDocument(document->dump(), "room.json"));
  return Committed(history_.Commit(revision, text, what), *document);
}

serve::Answer Editor::Uploading(const Question& question, const std::string& id) {
  const bool get = question.method == "GET" || question.method == "HEAD";
  if (id.empty()) {
    if (get) {
      Json list = Json::array();
      for (const Upload& upload : uploads_.Unfinished()) list.push_back(UploadJson(upload));
      return JsonAnswer({{"uploads", std::move(list)}});
    }
    if (question.method != "POST") return WrongMethod();
    const Json body = BodyOf(question);
    const double bytes = NumberIn(body, "bytes", 0, 1e15);
    if (bytes > static_cast<double>(kMostUploadBytes)) {
      return Refusal(413,
                     "This file is larger than 4 GiB; make a smaller copy, or bring it in parts.");
    }
    return JsonAnswer(
        UploadJson(uploads_.Create(TextIn(body, "name"), static_cast<uint64_t>(bytes))), 201);
  }
  if (id.ends_with("/finish")) {
    if (question.method != "POST") return WrongMethod();
    const std::string which = id.substr(0, id.size() - 7);
    const Json body = BodyOf(question);
    if (!uploads_.Find(which)) return NothingThere();
    const bool checked = body.contains("sha256") && !body["sha256"].is_null();
    const Uploads::Arrived arrived =
        uploads_.Finish(which, checked ? std::optional(TextIn(body, "sha256")) : std::nullopt);
    desk_.All();
    return JsonAnswer({{"path", arrived.path}, {"kind", arrived.kind}});
  }
  const auto upload = uploads_.Find(id);
  if (!upload) return NothingThere();
  const auto with_offset = [](serve::Answer answer, uint64_t offset) {
    answer.headers["Upload-Offset"] = std::to_string(offset);
    return answer;
  };
  if (get) return with_offset(JsonAnswer(UploadJson(*upload)), upload->offset);
  if (question.method == "DELETE") {
    uploads_.Remove(id);
    return NoContent();
  }
  if (question.method != "PUT") return WrongMethod();
  if (HeaderOf(question, "content-type") != "application/octet-stream") {
    return Refusal(415, "Pieces of a file come as application/octet-stream.");
  }
  const auto offset = WholeNumber(HeaderOf(question, "upload-offset"));
  const auto checksum = After(HeaderOf(question, "upload-checksum"), "sha256 ");
  if (!offset || *offset < 0 || !checksum) {
    return Refusal(400, "Upload-Offset and Upload-Checksum must be given.");
  }
  const auto now = uploads_.Append(id, static_cast<uint64_t>(*offset), question.body, *checksum);
  if (now) return with_offset(NoContent(), now->offset);
  return with_offset(Refusal(409, "The file has come to another place."), upload->offset);
}

Json Editor::RecordingJson(const DeskEntry& entry, bool whole) {
  Json json = {{"path", entry.path},   {"kind", nullptr},
               {"bytes", entry.bytes}, {"seconds", nullptr},
               {"state", entry.state}, {"fraction", entry.fraction},
               {"loudness", nullptr},  {"error", entry.error.empty() ? Json() : Json(entry.error)},
               {"used", false}};
  const Document document = ParseDocument(history_.Now().text, folder_.document().string());
  for (const Story& story : document.stories) {
    const std::string* path = RecordingOf(story);
    if (path && *path == entry.path) json["used"] = true;
  }
  if (!entry.heard) return json;
  const Recording& recording = entry.heard->recording;
  json["kind"] = recording.video ? "video" : "sound";
  json["seconds"] = recording.seconds;
  if (recording.loudness_lufs && entry.heard->loudness_lufs) {
    json["loudness"] = {{"measured", *recording.loudness_lufs},
                        {"made", *entry.heard->loudness_lufs}};
  }
  if (!whole) return json;
  json["silences"] = Json::array();
  for (const auto& [from, to] : recording.silences) json["silences"].push_back({from, to});
  json["speech"] = {{"from", recording.speech.first}, {"to", recording.speech.second}};
  return json;
}

serve::Answer Editor::RecordingsAt(const Question& question, const std::string& path) {
  const bool get = question.method == "GET" || question.method == "HEAD";
  if (path.empty()) {
    if (!get) return WrongMethod();
    Json list = Json::array();
    for (const DeskEntry& entry : desk_.All()) list.push_back(RecordingJson(entry, false));
    return JsonAnswer({{"recordings", std::move(list)}});
  }
  const auto entry = desk_.Find(path);
  if (!entry) return NothingThere();
  if (get) return JsonAnswer(RecordingJson(*entry, true));
  if (question.method != "DELETE") return WrongMethod();
  if (RecordingJson(*entry, false)["used"].get<bool>()) {
    Fail(ErrorCode::kUsage, "A story still has this recording.", path,
         "Take it out of the story first.");
  }
  desk_.Remove(path);
  return NoContent();
}

serve::Answer Editor::CaptionsAt(const Question& question, const std::string& what) {
  if (question.method == "GET" || question.method == "HEAD") {
    const std::string ending = EndingOf(what);
    const bool captions = ending == ".vtt" || ending == ".srt";
    if (!captions || PathViolation(what) || !IsFileBelow(folder_.stories(), what)) {
      return NothingThere();
    }
    return JsonAnswer(
        {{"cues", CuesJson(ReadCaptions(ReadTextFile(folder_.stories() / what, kMostCaptionBytes),
                                        what))}});
  }
  if (question.method != "POST") return WrongMethod();
  const Json body = BodyOf(question);
  if (what == "read") {
    const std::string text = TextIn(body, "text");
    std::vector<std::string> notes;
    const auto cues = ReadCaptions(text, "", &notes);
    const bool vtt = text.starts_with("WEBVTT") || text.starts_with("\xef\xbb\xbfWEBVTT");
    return JsonAnswer(
        {{"cues", CuesJson(cues)}, {"format", vtt ? "vtt" : "srt"}, {"notes", notes}});
  }
  if (what == "spread" || what == "transcribe") {
    const std::string path = TextIn(body, "recording");
    const auto entry = desk_.Find(path);
    if (!entry) return NothingThere();
    if (!entry->heard) {
      Fail(ErrorCode::kUsage,
           entry->state == "failed" ? entry->error
                                    : "This recording is not ready yet; wait a moment.",
           path);
    }
    if (what == "transcribe") {
      if (!CanTranscribe())
        Fail(ErrorCode::kUsage, "whisper.cpp is not installed on this computer.");
      const std::string language = LanguageIn(body);
      const Path file = folder_.stories() / path;
      const std::string id =
          jobs_.Start("transcribe", path + " " + language, Jobs::Meanwhile::kSame,
                      [=](const Progress& progress) {
                        return Json{{"cues", CuesJson(Transcribe(file, language, progress))}};
                      });
      return JsonAnswer({{"id", id}}, 202);
    }
    const std::string text = TextIn(body, "text");
    if (text.size() > kMostCaptionBytes) return Refusal(413, "This is more than anybody says.");
    const Recording& recording = entry->heard->recording;
    return JsonAnswer(
        {{"cues", CuesJson(SpreadOverPauses(text, recording.silences, recording.seconds))}});
  }
  if (!what.empty()) return NothingThere();
  const std::string language = LanguageIn(body);
  // What is written must be readable, line by line.
  const std::string text = FormatCaptions(CuesIn(body));
  ReadCaptions(text, "");
  const Path staged = folder_.uploads() / (RandomHex(8) + ".vtt");
  WriteFileAtomic(staged, text);
  std::string stem = Path(SafeName(TextIn(body, "name") + ".vtt")).stem().string();
  const std::string name =
      LinkUnderNewName(staged, folder_.stories(), stem + "." + language + ".vtt");
  std::error_code ignored;
  fs::remove(staged, ignored);
  return JsonAnswer({{"path", name}}, 201);
}

serve::Answer Editor::Placing(const Question& question, const std::string& what) {
  const Json body = BodyOf(question);
  if (what == "seen") {
    Json photos = Json::array();
    for (const EditPlaces::Seen& seen : places_.SeenFrom(PointIn(body, "position"), 12)) {
      photos.push_back({{"name", seen.photo}, {"at", {seen.at_px.x(), seen.at_px.y()}}});
    }
    return JsonAnswer({{"photos", std::move(photos)}});
  }
  if (what == "pick") {
    PickView view;
    view.position = PointIn(body, "position");
    const auto q = NumbersIn(body, "rotation_wxyz", 4);
    view.room_from_view = Eigen::Quaterniond(q[0], q[1], q[2], q[3]);
    if (!(std::abs(view.room_from_view.norm() - 1) < 1e-3)) {
      throw BadBody{400, "\"rotation_wxyz\" must be a turn."};
    }
    view.fov_deg = NumberIn(body, "fov_deg", 1, 150);
    view.width = static_cast<int>(NumberIn(body, "width", 16, 16384));
    view.height = static_cast<int>(NumberIn(body, "height", 16, 16384));
    const auto at = NumbersIn(body, "at", 2);
    return JsonAnswer(places_.Pick(view, {at[0], at[1]}));
  }
  const int64_t revision = RevisionIn(body);
  const History::State now = history_.Now();
  if (revision != now.now.revision) {
    return Committed({now, History::Conflict{now, history_.TextOf(revision)}}, Json());
  }
  std::vector<std::string> words = {"place", folder_.path().string()};
  char text[400];
  if (body.contains("length") && body["length"].is_object()) {
    const Json& length = body["length"];
    const auto ends = places_.SeenTogether(PointIn(length, "from"), PointIn(length, "to"));
    if (!ends) {
      Fail(ErrorCode::kUsage, "No photograph shows both of these places.", "",
           "Choose two that are seen at once: the sides of a door, the ends of a table.");
    }
    std::snprintf(text, sizeof(text), ":%.2f,%.2f:%.2f,%.2f=%.4fm", ends->first.at_px.x(),
                  ends->first.at_px.y(), ends->second.at_px.x(), ends->second.at_px.y(),
                  NumberIn(length, "metres", 0.01, 1000));
    words.insert(words.end(), {"--length", ends->first.photo + text});
  } else if (body.contains("up") && body["up"].is_object()) {
    const Eigen::Vector3d up = PointIn(body["up"], "high") - PointIn(body["up"], "low");
    if (!(up.norm() > 0.05))
      Fail(ErrorCode::kUsage, "These two places are too near to one another.");
    const Eigen::Vector3d direction = places_.InReconstruction(up.normalized());
    std::snprintf(text, sizeof(text), "--up=%.9f,%.9f,%.9f", direction.x(), direction.y(),
                  direction.z());
    words.emplace_back(text);
  } else if (body.contains("forget")) {
    const std::string forget = TextIn(body, "forget");
    if (forget != "length" && forget != "up") throw BadBody{400, "\"forget\" is length or up."};
    words.insert(words.end(), {"--" + forget, "estimate"});
  } else {
    throw BadBody{400, "A length or up must be given."};
  }
  std::string of;
  for (const std::string& word : words) of += word + " ";
  const std::string id =
      jobs_.Start("place", of, Jobs::Meanwhile::kSame,
                  [this, words](const Progress& progress) { return RunVerb(words, progress); });
  return JsonAnswer({{"id", id}}, 202);
}

Json Editor::RunVerb(const std::vector<std::string>& words, const Progress& progress) {
  SubprocessOptions verb;
  verb.argv = {ThisProgram().string()};
  verb.argv.insert(verb.argv.end(), words.begin(), words.end());
  verb.argv.emplace_back("--json");
  verb.niceness = 5;
  Json error;
  verb.on_line = [&](const std::string& line) {
    const Json said = Json::parse(line, nullptr, false);
    if (!said.is_object()) return;
    const std::string type = said.value("type", "");
    if (type == "progress") {
      progress.Report({said.value("stage", ""), said.value("fraction", 0.0), std::nullopt, {}});
    } else if (type == "error") {
      error = said;
    }
  };
  const SubprocessResult result = RunSubprocess(verb, progress);
  if (!result.ok()) {
    if (error.is_object()) {
      const int code = error.value("code", static_cast<int>(ErrorCode::kTool));
      Fail(static_cast<ErrorCode>(code), error.value("message", ""), error.value("where", ""),
           error.value("hint", ""));
    }
    Fail(ErrorCode::kTool, "This ended without saying why.", words.front());
  }
  return StateJson(history_.Now());
}

}  // namespace ajar::room
