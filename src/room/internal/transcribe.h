// What is said in a recording, by whisper.cpp where it is installed. Nothing is ever fetched for
// it.
#pragma once

#include <string>
#include <vector>

#include "base/files.h"
#include "base/progress.h"
#include "room/internal/captions.h"

namespace ajar::room {

// Whether `whisper-cli` or `whisper-cpp` is in PATH and a model of it lies where AJAR_WHISPER_MODEL
// says, or in one of the folders in which it is usually kept.
bool CanTranscribe();

// Errors: kTool where it cannot.
std::vector<Cue> Transcribe(const Path& recording, const std::string& language,
                            const Progress& progress);

}  // namespace ajar::room
