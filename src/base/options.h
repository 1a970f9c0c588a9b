// One table of fields per option struct gives command-line flags, JSON, validation and docs.
//
//   struct TrainOptions { int64_t seed = 0; double rate = 0.1; };
//   std::vector<OptionField> Fields(TrainOptions& o) {
//     return {{"seed", "Start of every random sequence", &o.seed, 0, 1e9},
//             {"rate", "Step of the positions, in scene units", &o.rate, 0, 1}};
//   }
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <variant>
#include <vector>

namespace ajar {

struct OptionField {
  std::string name;  // lower case with dashes, as in the flag --name
  std::string help;  // what it is, unit and meaning of special values
  std::variant<int64_t*, double*, bool*, std::string*> value;
  double min = -std::numeric_limits<double>::infinity();  // of numbers, inclusive
  double max = std::numeric_limits<double>::infinity();
};

// Every violation at once, one sentence each ("--rate is 7; it must be from 0 to 1."); NaN and
// infinity are violations. Empty when all is well.
std::vector<std::string> Violations(const std::vector<OptionField>& fields);

// Raises kUsage with all violations; does nothing when there are none.
void Validate(const std::vector<OptionField>& fields);

// "name=value" lines, in the table's order, for hashing: equal options give equal text.
std::string Canonical(const std::vector<OptionField>& fields);

}  // namespace ajar
