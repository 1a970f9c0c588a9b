#include "bench/instruction_sets.h"

#include <hwy/highway.h>

#include <algorithm>

namespace ajar::bench {
namespace {

// Before any is chosen: asking again afterwards would tell of the chosen one alone.
const std::vector<int64_t>& Targets() {
  static const std::vector<int64_t> targets = hwy::SupportedAndGeneratedTargets();
  return targets;
}

}  // namespace

std::vector<std::string> InstructionSets() {
  std::vector<std::string> names;
  for (const int64_t target : Targets()) names.emplace_back(hwy::TargetName(target));
  return names;
}

bool UseInstructionSet(const std::string& name) {
  const auto found = std::find_if(Targets().begin(), Targets().end(),
                                  [&](int64_t target) { return name == hwy::TargetName(target); });
  if (found == Targets().end()) return false;
  hwy::SetSupportedTargetsForTest(*found);
  hwy::GetChosenTarget().DeInit();  // the next call of a kernel looks anew
  return true;
}

}  // namespace ajar::bench
