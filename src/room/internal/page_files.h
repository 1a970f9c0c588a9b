// Files of the page, and of folders that become a site.
#pragma once

#include <vector>

#include "base/files.h"

namespace ajar::room {

// The visitor's page: without the keeper's, which lies beside it (viewer/vite.config.ts) and which
// only `ajar edit` serves. Paths below `viewer`, in the order of their names.
std::vector<Path> VisitorsPage(const Path& viewer);

// Files below a folder in the order of their names: folders list theirs in any order.
std::vector<Path> FilesBelow(const Path& folder);

// Makes the folder that it lies in, too.
void CopyFile(const Path& from, const Path& to);

// Takes out of the page in this site what asks search engines not to list it.
// Errors: kTool when it is not there.
void AllowSearch(const Path& site);

}  // namespace ajar::room
