#include <cstdio>

#include "base/error.h"
#include "room/internal/folder.h"
#include "room/internal/ledger.h"
#include "room/internal/report.h"
#include "room/verbs.h"

namespace ajar::room {
namespace {

namespace fs = std::filesystem;

uint64_t BytesBelow(const Path& folder) {
  uint64_t bytes = 0;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder, error)) {
    if (entry.is_regular_file(error)) bytes += entry.file_size(error);
  }
  return bytes;
}

size_t CountOf(const StageRecord* record, const char* key) {
  return record && record->report.contains(key) ? record->report[key].size() : 0;
}

Json JsonIn(const Path& file) {
  if (!fs::exists(file)) return nullptr;
  return Json::parse(ReadTextFile(file), nullptr, /*allow_exceptions=*/false);
}

Json Gather(const Folder& folder) {
  const Ledger ledger(folder);
  const StageRecord* photos = ledger.Find("photos");
  const StageRecord* poses = ledger.Find("poses");
  const StageRecord* splats = ledger.Find("splats");
  const StageRecord* place = ledger.Find("place");
  Json info = {{"version", 1}, {"program", "ajar " AJAR_VERSION}};
  if (fs::exists(folder.document())) {
    const Document document = folder.ReadDocument();
    info["title"] = document.title;
    info["language"] = document.language;
    info["things"] = document.things.size();
    info["stories"] = document.stories.size();
    info["media_missing"] = MediaViolations(document, folder.path());
  }
  info["photographs"] = {
      {"used", CountOf(photos, "used")},
      {"left_out", CountOf(photos, "left_out")},
      {"placed", poses ? poses->report.value("placed", 0) : 0},
      {"not_placed", poses ? poses->report.value("not_placed", Json::array()) : Json::array()}};
  info["splats"] = splats ? splats->report.value("splats", 0) : 0;
  info["has_page"] = fs::exists(folder.site() / "index.html");
  info["site_bytes"] = BytesBelow(folder.site());
  info["placement"] = JsonIn(folder.placement());
  info["plan"] = JsonIn(folder.place() / "plan.json");
  info["not_known"] = place ? place->report.value("not_known", Json::array()) : Json::array();
  const std::optional<Figures> figures = MeanFigures(ledger);
  info["held_out"] =
      figures ? Json{{"psnr_db", figures->psnr_db}, {"ssim", figures->ssim}} : Json();
  return info;
}

std::string Sentence(const char* format, double value) {
  char text[200];
  std::snprintf(text, sizeof(text), format, value);
  return text;
}

std::string ForPeople(const Json& info) {
  std::string text;
  const auto line = [&](const std::string& words) { text += words + "\n"; };
  const auto count = [](const Json& number) { return std::to_string(number.get<int64_t>()); };
  if (info.contains("title")) line(info["title"].get<std::string>());
  const Json& photos = info["photographs"];
  line(count(photos["used"]) + " photographs, " + count(photos["placed"]) + " placed, " +
       count(photos["left_out"]) + " left out");
  line(count(info["splats"]) + " splats");
  if (info.contains("things")) {
    line(count(info["things"]) + " things, " + count(info["stories"]) + " stories");
    for (const Json& missing : info["media_missing"]) line("  " + missing.get<std::string>());
  }
  if (info["placement"].is_object()) {
    const Json estimated =
        info["placement"].value("/room_from_reconstruction/estimated"_json_pointer, Json());
    if (estimated.value("scale", false)) line("The scale is an estimate.");
    if (estimated.value("up", false)) line("Which way is up is an estimate.");
    if (info["plan"].is_object() && !info["plan"]["outline"].empty()) {
      const Json& plan = info["plan"];
      const std::string about = estimated.value("scale", false) ? "About " : "";
      line(about + Sentence("%.1f square metres, ", plan["area"].get<double>()) +
           Sentence("%.1f of floor are free", plan["free"].get<double>()) +
           (plan["height"].is_number() ? Sentence(", %.2f m high", plan["height"].get<double>())
                                       : ""));
    }
  }
  for (const Json& sentence : info["not_known"]) line(sentence.get<std::string>());
  if (info["held_out"].is_object()) {
    line(Sentence("Photographs held out: %.2f dB", info["held_out"]["psnr_db"].get<double>()) +
         Sentence(", SSIM %.3f", info["held_out"]["ssim"].get<double>()));
  }
  if (info["has_page"].get<bool>()) {
    line(Sentence("The page is ready (%.1f MB).", info["site_bytes"].get<double>() / 1e6));
  } else {
    line("There is no page yet.");
  }
  return text;
}

}  // namespace

std::string Info(const Path& room, bool as_json) {
  const Json info = Gather(Folder::OpenForReading(room));
  return as_json ? Dump(info) : ForPeople(info);
}

}  // namespace ajar::room
