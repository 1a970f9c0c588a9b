#include "room/internal/report.h"

#include "base/parallel.h"

namespace ajar::room {
namespace {

constexpr int kReportVersion = 1;

Json CostsJson(const Ledger& ledger) {
  Json costs = Json::object();
  for (const char* stage : kStages) {
    if (const StageRecord* record = ledger.Find(stage)) {
      costs[stage] = {{"seconds", record->seconds},
                      {"peak_memory_bytes", record->peak_memory_bytes}};
    }
  }
  return costs;
}

}  // namespace

Json OptionsJson(BuildOptions options) {
  Json json = Json::object();
  for (const OptionField& field : Fields(options)) {
    std::visit([&](const auto* value) { json[field.name] = *value; }, field.value);
  }
  json["time_s"] = options.train.time_s;
  json["hold-out"] = options.hold_out;
  json["poses"] = options.poses ? "given" : "reconstructed";
  json["schedule"] = options.schedule ? "given" : "by the clock";
  json["threads"] = ThreadCount();
  return json;
}

void WriteReport(const BuildOptions& options, const Folder& folder, const Ledger& ledger) {
  const StageRecord* splats = ledger.Find("splats");
  Json report = {
      {"version", kReportVersion},
      {"program", "ajar " AJAR_VERSION},
      {"options", splats ? splats->report.value("options", Json()) : OptionsJson(options)},
      {"stages", CostsJson(ledger)}};
  const auto add = [&](const char* key, const char* stage) {
    if (const StageRecord* record = ledger.Find(stage)) report[key] = record->report;
  };
  add("photographs", "photos");
  add("poses", "poses");
  add("training", "splats");
  if (splats) report["training"].erase("options");  // told above
  add("evaluation", "evaluation");
  add("place", "place");
  add("site", "site");
  WriteFileAtomic(folder.report(), Dump(report));
}

std::optional<Figures> MeanFigures(const Ledger& ledger) {
  const StageRecord* record = ledger.Find("evaluation");
  if (!record) return std::nullopt;
  std::vector<std::string> ignored;
  ObjectReader report(record->report, "", &ignored);
  const Json* mean = report.Object("mean");
  if (!mean) return std::nullopt;
  ObjectReader in(*mean, "mean", &ignored);
  return Figures{in.Number("psnr_db").value_or(0), in.Number("ssim").value_or(0)};
}

}  // namespace ajar::room
