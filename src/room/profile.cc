#include <algorithm>
#include <cstdio>

#include "room/internal/folder.h"
#include "room/internal/ledger.h"
#include "room/internal/report.h"
#include "room/verbs.h"

namespace ajar::room {
namespace {

std::string Line(const std::string& what, double value, const char* format) {
  char figure[64];
  std::snprintf(figure, sizeof(figure), format, value);
  return "  " + what + std::string(what.size() < 26 ? 26 - what.size() : 1, ' ') + figure + "\n";
}

std::string Stages(const Ledger& ledger) {
  std::string text = "Stages, seconds:\n";
  for (const char* stage : kStages) {
    if (const StageRecord* record = ledger.Find(stage)) {
      text += Line(stage, record->seconds, "%10.1f");
    }
  }
  return text;
}

std::string Training(const Json& training) {
  std::vector<std::string> ignored;
  ObjectReader in(training, "training", &ignored);
  const Json* workload = in.Object("workload");
  const double iterations =
      workload ? std::max(1.0, workload->value("iterations", 1.0)) : in.Number("iterations").value_or(1);
  std::string text = "Training, milliseconds an iteration:\n";
  if (const Json* costs = in.Object("costs_s")) {
    for (const auto& [step, seconds] : costs->items()) {
      if (seconds.is_number()) text += Line(step, 1000 * seconds.get<double>() / iterations, "%10.2f");
    }
  }
  text += "Training, work:\n";
  text += Line("iterations", in.Number("iterations").value_or(0), "%10.0f");
  text += Line("iterations a second",
               in.Number("iterations").value_or(0) / std::max(1e-9, in.Number("seconds").value_or(0)),
               "%10.1f");
  text += Line("splats", in.Number("splats").value_or(0), "%10.0f");
  if (workload) {
    ObjectReader work(*workload, "workload", &ignored);
    text += Line("visible, % of splats", 100 * work.Number("visible_share").value_or(0), "%10.1f");
    text += Line("tiles a visible splat", work.Number("pairs_per_splat").value_or(0), "%10.2f");
    text += Line("splats a pixel", work.Number("evaluations_per_pixel").value_or(0), "%10.1f");
  }
  return text;
}

}  // namespace

std::string Profile(const Path& room) {
  const Ledger ledger(Folder::OpenForReading(room));
  const StageRecord* splats = ledger.Find("splats");
  return Stages(ledger) + (splats ? Training(splats->report) : std::string());
}

}  // namespace ajar::room
