// room.txt: all words of a room as plain text, for whoever has no program to read the rest with.
#pragma once

#include <string>

#include "room/document.h"
#include "room/internal/folder.h"

namespace ajar::room {

// In the document's own language, then what there is in each other one. Captions are read from
// `stories`; those that cannot be read are passed over.
std::string RoomText(const Document& document, const Path& stories);

// Writes room.txt from a room.json's text. What cannot be written is told in the log: the words are
// safe.
void WriteRoomText(const Folder& folder, const std::string& document_text);

}  // namespace ajar::room
