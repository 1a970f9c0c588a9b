// report.json: what was done, with what options, what it cost, what was left out.
#pragma once

#include "room/build.h"
#include "room/internal/folder.h"
#include "room/internal/ledger.h"

namespace ajar::room {

// Stages in the order in which they are done; the surface's is a part of the splats'.
inline constexpr const char* kStages[] = {"photos",  "poses",      "surface",
                                          "splats",  "evaluation", "place",
                                          "site"};

Json OptionsJson(BuildOptions options);

// The options told are those that the splats were made with, if there are any.
void WriteReport(const BuildOptions& options, const Folder& folder, const Ledger& ledger);

// The figures of the last evaluation, if there is one.
std::optional<Figures> MeanFigures(const Ledger& ledger);

}  // namespace ajar::room
