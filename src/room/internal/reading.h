// The room as a page to read, without 3D and without JavaScript: for whoever would rather read, for
// screen readers, for paper.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "room/document.h"
#include "room/internal/json.h"
#include "room/internal/placement.h"
#include "scene/reconstruction.h"
#include "scene/splat_cloud.h"

namespace ajar::room {

// Addresses within the site; empty where there is none.
struct ReadingFiles {
  std::string doorway;                             // picture of the room from its doorway
  std::map<std::string, std::string> things;       // picture of a thing by its id
  std::map<std::string, std::string> photographs;  // of the keeper's, by their names
  struct Recording {
    bool video = false;
    std::vector<std::pair<std::string, std::string>> sources;  // address and type
    std::string poster;                                        // of a video
    struct Words {
      std::string url, language, label;
      std::vector<std::string> paragraphs;  // what is said
    };
    std::vector<Words> captions;
  };
  std::vector<Recording> recordings;  // one a story
};

// The languages that a document has texts in, its own first.
std::vector<std::string> LanguagesOf(const Document& document);

// "read.html", and "read.es.html" for a language that is not the document's own.
std::string ReadingUrl(const Document& document, const std::string& language);

// HTML in one of the document's languages; what is not translated stands in the first one, and is
// marked as such. `visit` is visit.json, `plan` place/plan.json.
std::string ReadingPage(const Document& document, const std::string& language, const Json& visit,
                        const Json& plan, const ReadingFiles& files);

// Draws what stands in the room for ReadingFiles: from the doorway, and each thing from where a
// photograph was taken that shows it. Writes to `site` / pictures. `document` has positions,
// `cloud` is in the room frame.
void DrawReadingPictures(const Document& document, const Reconstruction& reconstruction,
                         const Placement& placement, const SplatCloud& cloud, const Path& site,
                         ReadingFiles* files);

}  // namespace ajar::room
