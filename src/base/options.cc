#include "base/options.h"

#include <cmath>
#include <cstdio>

#include "base/error.h"

namespace ajar {
namespace {

std::string Number(double value) {
  char text[32];
  if (value == std::floor(value) && std::abs(value) < 1e16) {
    std::snprintf(text, sizeof(text), "%.0f", value);  // 10000000 rather than 1e+07
    return text;
  }
  std::snprintf(text, sizeof(text), "%.17g", value);
  double back = 0;
  for (int digits = 1; digits < 17; ++digits) {
    char shorter[32];
    std::snprintf(shorter, sizeof(shorter), "%.*g", digits, value);
    if (std::sscanf(shorter, "%lf", &back) == 1 && back == value) return shorter;
  }
  return text;
}

}  // namespace

std::vector<std::string> Violations(const std::vector<OptionField>& fields) {
  std::vector<std::string> found;
  for (const OptionField& field : fields) {
    double value = 0;
    if (const auto* const* p = std::get_if<double*>(&field.value)) value = **p;
    else if (const auto* const* i = std::get_if<int64_t*>(&field.value)) value = static_cast<double>(**i);
    else continue;
    if (!std::isfinite(value)) {
      found.push_back("--" + field.name + " is not a finite number.");
    } else if (value < field.min || value > field.max) {
      found.push_back("--" + field.name + " is " + Number(value) + "; it must be from " +
                      Number(field.min) + " to " + Number(field.max) + ".");
    }
  }
  return found;
}

void Validate(const std::vector<OptionField>& fields) {
  std::string all;
  for (const std::string& violation : Violations(fields)) {
    if (!all.empty()) all += " ";
    all += violation;
  }
  if (!all.empty()) Fail(ErrorCode::kUsage, all);
}

std::string Canonical(const std::vector<OptionField>& fields) {
  std::string text;
  for (const OptionField& field : fields) {
    text += field.name + "=";
    if (const auto* const* d = std::get_if<double*>(&field.value)) text += Number(**d);
    if (const auto* const* i = std::get_if<int64_t*>(&field.value)) text += std::to_string(**i);
    if (const auto* const* b = std::get_if<bool*>(&field.value)) text += **b ? "true" : "false";
    if (const auto* const* s = std::get_if<std::string*>(&field.value)) text += **s;
    text += "\n";
  }
  return text;
}

}  // namespace ajar
