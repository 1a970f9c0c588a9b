// The person's browser.
#pragma once

#include <string>

namespace ajar::room {

// Where none can be opened the log says so; the link is on the screen in any case.
void OpenInBrowser(const std::string& url);

}  // namespace ajar::room
