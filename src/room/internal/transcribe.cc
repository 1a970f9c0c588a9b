#include "room/internal/transcribe.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <sstream>

#include "base/error.h"
#include "base/subprocess.h"

namespace ajar::room {
namespace {

namespace fs = std::filesystem;

std::optional<Path> Program() {
  for (const char* name : {"whisper-cli", "whisper-cpp"}) {
    if (const auto program = FindProgram(name)) return program;
  }
  return std::nullopt;
}

std::optional<Path> Model() {
  std::error_code error;
  if (const char* given = std::getenv("AJAR_WHISPER_MODEL")) {
    return fs::is_regular_file(given, error) ? std::optional(Path(given)) : std::nullopt;
  }
  std::vector<Path> folders = {"/usr/share/whisper.cpp/models",
                               "/usr/local/share/whisper.cpp/models"};
  if (const char* home = std::getenv("HOME")) {
    folders.push_back(Path(home) / ".local/share/whisper.cpp/models");
    folders.push_back(Path(home) / "whisper.cpp/models");
  }
  std::vector<std::pair<uint64_t, Path>> models;
  for (const Path& folder : folders) {
    for (const auto& entry : fs::directory_iterator(folder, error)) {
      const std::string name = entry.path().filename().string();
      if (name.starts_with("ggml-") && name.ends_with(".bin") && !name.starts_with("ggml-silero")) {
        models.push_back({entry.file_size(error), entry.path()});
      }
    }
  }
  if (models.empty()) return std::nullopt;
  return std::ranges::max(models).second;  // the largest hears best
}

// It also writes words that take no time, which no reader of captions takes.
std::string WithoutMoments(const std::string& captions) {
  std::istringstream lines(captions);
  std::string kept, block, line;
  bool moment = false;
  const auto end_block = [&] {
    if (!moment) kept += block + "\n";
    block.clear();
    moment = false;
  };
  while (std::getline(lines, line)) {
    if (line.empty())
      end_block();
    else
      block += line + "\n";
    const size_t arrow = line.find(" --> ");
    moment |= arrow != std::string::npos && line.substr(0, arrow) == line.substr(arrow + 5);
  }
  end_block();
  return kept;
}

}  // namespace

bool CanTranscribe() { return Program() && Model(); }

std::vector<Cue> Transcribe(const Path& recording, const std::string& language,
                            const Progress& progress) {
  const auto program = Program(), model = Model();
  if (!program || !model) Fail(ErrorCode::kTool, "whisper.cpp is not installed on this computer.");
  const TempFolder temp;
  const Path wav = temp.path() / "sound.wav";
  SubprocessOptions ffmpeg;
  ffmpeg.argv = {"ffmpeg",
                 "-nostdin",
                 "-v",
                 "error",
                 "-protocol_whitelist",
                 "file",
                 "-i",
                 "file:" + fs::absolute(recording).string(),
                 "-map",
                 "0:a:0",
                 "-ac",
                 "1",
                 "-ar",
                 "16000",
                 wav.string()};
  ffmpeg.max_memory_bytes = 4ull << 30;
  progress.Report({"listening", 0, std::nullopt, {}});
  if (!RunSubprocess(ffmpeg, progress).ok()) {
    Fail(ErrorCode::kTool, "FFmpeg could not read this recording.", recording.string());
  }
  SubprocessOptions whisper;
  whisper.argv = {program->string(),
                  "-m",
                  model->string(),
                  "-l",
                  language.substr(0, language.find('-')),
                  "-f",
                  wav.string(),
                  "-ovtt",
                  "-of",
                  (temp.path() / "said").string(),
                  "-pp"};
  whisper.niceness = 5;
  whisper.on_line = [&](const std::string& line) {
    const size_t at = line.find("progress =");
    if (at == std::string::npos) return;
    progress.Report({"listening",
                     std::clamp(std::atof(line.c_str() + at + 10) / 100, 0.0, 1.0),
                     std::nullopt,
                     {}});
  };
  const Path said = temp.path() / "said.vtt";
  if (!RunSubprocess(whisper, progress).ok() || !fs::exists(said)) {
    Fail(ErrorCode::kTool, "whisper.cpp could not make out what is said.", recording.string());
  }
  return ReadCaptions(WithoutMoments(ReadTextFile(said, kMostCaptionBytes)),
                      "what whisper.cpp wrote");
}

}  // namespace ajar::room
