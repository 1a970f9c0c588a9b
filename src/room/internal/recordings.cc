#include "room/internal/recordings.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <thread>

#include "base/error.h"
#include "base/hash.h"
#include "base/subprocess.h"
#include "room/internal/json.h"
#include "room/internal/ledger.h"

namespace ajar::room {
namespace {

namespace fs = std::filesystem;

constexpr int kHeardVersion = 1;
constexpr double kBelowSpeech_db = 24, kShortestSilence_s = 0.5;
constexpr double kMostGain_db = 30;
constexpr double kTimeout_s = 6 * 3600;

// Forms that hold one recording. A playlist could name any other file, so it is none of them.
constexpr const char* kForms =
    "mp3,mov,ogg,wav,w64,flac,matroska,aac,amr,amrnb,amrwb,aiff,caf,asf,avi,mpeg,mpegts,au,ac3,"
    "eac3,"
    "flv,dsf,wv,ape,tta,mpc,mpc8,voc,gsm,rm,dv,mxf,3dostr,loas,latm,opus";

std::vector<std::string> Reading(const char* program, const Path& file) {
  return {program,
          "-v",
          "info",
          "-nostdin",
          "-nostats",
          "-protocol_whitelist",
          "file",
          "-format_whitelist",
          kForms,
          "-i",
          "file:" + fs::absolute(file).string()};
}

SubprocessOptions Limited(std::vector<std::string> argv) {
  SubprocessOptions options;
  options.argv = std::move(argv);
  options.timeout_s = kTimeout_s;
  options.max_memory_bytes = 4ull << 30;
  options.niceness = 5;
  return options;
}

[[noreturn]] void FailUnreadable(const Path& file) {
  Fail(ErrorCode::kInput, "This is no sound or video that FFmpeg can read.", file.string(),
       "Bring it in another form: MP3, M4A, WAV, MP4 and MOV are read.");
}

// The number after `name` in a line, if it is there and a number.
std::optional<double> NumberAfter(const std::string& line, const std::string& name) {
  const size_t at = line.rfind(name);
  if (at == std::string::npos) return std::nullopt;
  const char* begin = line.c_str() + at + name.size();
  char* end = nullptr;
  const double value = std::strtod(begin, &end);
  if (end == begin || !std::isfinite(value)) return std::nullopt;
  return value;
}

void ReportTime(const std::string& line, double whole_s, const std::string& stage,
                const Progress& progress) {
  const auto done_us = NumberAfter(line, "out_time_us=");
  if (done_us && whole_s > 0) {
    progress.Report({stage, std::clamp(*done_us / 1e6 / whole_s, 0.0, 1.0), std::nullopt, {}});
  }
}

struct Streams {
  bool sound = false, video = false;
};

// By FFprobe; a cover picture is no video.
Streams StreamsOf(const Path& file, const Progress& progress) {
  SubprocessOptions probe =
      Limited({"ffprobe", "-v", "error", "-protocol_whitelist", "file", "-format_whitelist", kForms,
               "-show_entries", "stream=codec_type:stream_disposition=attached_pic", "-of", "json",
               "file:" + fs::absolute(file).string()});
  probe.timeout_s = 60;
  std::string text;
  probe.on_stdout_bytes = [&](const uint8_t* bytes, size_t count) {
    if (text.size() < (1 << 20)) text.append(reinterpret_cast<const char*>(bytes), count);
  };
  const SubprocessResult result = RunSubprocess(probe, progress);
  const Json json = Json::parse(text, nullptr, false);
  Streams streams;
  if (!result.ok() || !json.is_object()) return streams;
  for (const Json& stream : json.value("streams", Json::array())) {
    const std::string kind = stream.value("codec_type", "");
    const Json disposition = stream.value("disposition", Json::object());
    if (kind == "audio") streams.sound = true;
    if (kind == "video" && disposition.value("attached_pic", 0) == 0) streams.video = true;
  }
  return streams;
}

struct Measurement {
  std::optional<double> loudness_lufs;
  double peak_dbtp = 0, seconds = 0;
};

Measurement MeasureLoudness(const Path& file, const Progress& progress) {
  Measurement found;
  SubprocessOptions ffmpeg = Limited(Reading("ffmpeg", file));
  for (const char* word : {"-map", "0:a:0", "-af", "ebur128=peak=true:framelog=verbose",
                           "-progress", "-", "-f", "null", "-"}) {
    ffmpeg.argv.emplace_back(word);
  }
  ffmpeg.on_line = [&](const std::string& line) {
    if (line.starts_with("    I:")) found.loudness_lufs = NumberAfter(line, "I:");
    if (line.starts_with("    Peak:")) found.peak_dbtp = NumberAfter(line, "Peak:").value_or(-100);
    if (const auto us = NumberAfter(line, "out_time_us=")) found.seconds = *us / 1e6;
  };
  if (!RunSubprocess(ffmpeg, progress).ok()) FailUnreadable(file);
  // -70 is what it says of silence.
  if (found.loudness_lufs && *found.loudness_lufs <= -69.9) found.loudness_lufs.reset();
  return found;
}

void FindSilences(const Path& file, const Progress& progress, Recording* recording) {
  if (!recording->loudness_lufs) {
    recording->silences = {{0, recording->seconds}};
    return;
  }
  char filter[80];
  std::snprintf(filter, sizeof(filter), "silencedetect=noise=%.1fdB:duration=%.2f",
                std::clamp(*recording->loudness_lufs - kBelowSpeech_db, -80.0, -20.0),
                kShortestSilence_s);
  SubprocessOptions ffmpeg = Limited(Reading("ffmpeg", file));
  const std::vector<std::string> how = {"-map", "0:a:0", "-af", filter, "-f", "null", "-"};
  ffmpeg.argv.insert(ffmpeg.argv.end(), how.begin(), how.end());
  std::optional<double> begun;
  ffmpeg.on_line = [&](const std::string& line) {
    if (const auto from = NumberAfter(line, "silence_start: ")) begun = std::max(0.0, *from);
    const auto to = NumberAfter(line, "silence_end: ");
    if (to && begun) {
      recording->silences.push_back({*begun, std::min(*to, recording->seconds)});
      begun.reset();
    }
  };
  if (!RunSubprocess(ffmpeg, progress).ok()) FailUnreadable(file);
  if (begun) recording->silences.push_back({*begun, recording->seconds});
}

double SilentVideoSeconds(const Path& file, const Progress& progress) {
  double seconds = 0;
  SubprocessOptions ffmpeg = Limited(Reading("ffmpeg", file));
  for (const char* word : {"-map", "0:v:0", "-c", "copy", "-progress", "-", "-f", "null", "-"}) {
    ffmpeg.argv.emplace_back(word);
  }
  ffmpeg.on_line = [&](const std::string& line) {
    if (const auto us = NumberAfter(line, "out_time_us=")) seconds = *us / 1e6;
  };
  if (!RunSubprocess(ffmpeg, progress).ok()) FailUnreadable(file);
  return seconds;
}

Json ToJson(const Recording& recording) {
  Json silences = Json::array();
  for (const auto& [from, to] : recording.silences) silences.push_back({from, to});
  return {{"video", recording.video},
          {"seconds", recording.seconds},
          {"loudness_lufs", recording.loudness_lufs ? Json(*recording.loudness_lufs) : Json()},
          {"peak_dbtp", recording.peak_dbtp},
          {"silences", silences},
          {"speech", {recording.speech.first, recording.speech.second}}};
}

Recording RecordingFromJson(const Json& json) {
  Recording recording;
  recording.video = json.at("video").get<bool>();
  recording.seconds = json.at("seconds").get<double>();
  if (json.at("loudness_lufs").is_number())
    recording.loudness_lufs = json["loudness_lufs"].get<double>();
  recording.peak_dbtp = json.at("peak_dbtp").get<double>();
  for (const Json& span : json.at("silences")) recording.silences.push_back({span[0], span[1]});
  recording.speech = {json.at("speech")[0], json.at("speech")[1]};
  return recording;
}

// The gain that levels it, and a limiter where its peaks would go too far.
std::string LevellingFilter(const Recording& recording) {
  if (!recording.loudness_lufs) return "anull";
  const double gain =
      std::clamp(kLoudness_lufs - *recording.loudness_lufs, -kMostGain_db, kMostGain_db);
  char text[160];
  std::snprintf(text, sizeof(text), "volume=%.2fdB", gain);
  std::string filter = text;
  if (recording.peak_dbtp + gain > kPeak_dbtp) {
    // It looks at samples, so it works on four times as many: true peaks lie between them.
    std::snprintf(text, sizeof(text),
                  ",aresample=192000,alimiter=limit=%.4f:level=0:attack=5:release=80",
                  std::pow(10, (kPeak_dbtp - 0.3) / 20));
    filter += text;
  }
  return filter + ",aresample=48000";
}

// Errors: kTool when FFmpeg cannot.
void Encode(const Path& file, const std::vector<std::string>& how, const Path& target,
            const std::optional<Trim>& trim, double seconds, const Progress& progress) {
  SubprocessOptions ffmpeg = Limited(Reading("ffmpeg", file));
  const auto add = [&](std::initializer_list<std::string> words) {
    ffmpeg.argv.insert(ffmpeg.argv.end(), words);
  };
  if (trim) {
    add({"-ss", std::to_string(trim->from_s)});
    if (trim->to_s) add({"-to", std::to_string(*trim->to_s)});
  }
  ffmpeg.argv.insert(ffmpeg.argv.end(), how.begin(), how.end());
  add({"-map_metadata", "-1", "-map_metadata:s", "-1", "-map_chapters", "-1", "-fflags",
       "+bitexact", "-flags:a", "+bitexact", "-progress", "-", "-y",
       "file:" + fs::absolute(target).string()});
  ffmpeg.on_line = [&](const std::string& line) {
    ReportTime(line, seconds, "making a recording ready", progress);
  };
  const SubprocessResult result = RunSubprocess(ffmpeg, progress);
  if (!result.ok() || !fs::exists(target)) {
    Fail(ErrorCode::kInput,
         "FFmpeg could not make this recording ready for visitors" +
             (result.last_lines.empty() ? "." : " (" + result.last_lines.back() + ")."),
         file.string());
  }
}

std::string KeyOf(const Path& file, const std::optional<Trim>& trim) {
  std::string part = "whole";
  if (trim) {
    part = std::to_string(trim->from_s) + " " + (trim->to_s ? std::to_string(*trim->to_s) : "");
  }
  return StageKey("heard", kHeardVersion, {Sha256HexOfFile(file), part}).substr(0, 32);
}

Heard HeardFromJson(const Json& json, const Path& folder) {
  Heard heard;
  heard.folder = folder;
  for (const Json& source : json.at("sources")) {
    heard.sources.push_back(
        {source.at("name").get<std::string>(), source.at("type").get<std::string>()});
  }
  heard.poster = json.at("poster").get<std::string>();
  heard.seconds = json.at("seconds").get<double>();
  if (json.at("loudness_lufs").is_number())
    heard.loudness_lufs = json["loudness_lufs"].get<double>();
  heard.recording = RecordingFromJson(json.at("recording"));
  return heard;
}

// Null where it is not there, or not whole.
std::optional<Heard> Kept(const Path& folder) {
  std::error_code error;
  if (!fs::is_regular_file(folder / "heard.json", error)) return std::nullopt;
  try {
    return HeardFromJson(Json::parse(ReadTextFile(folder / "heard.json")), folder);
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

void MakeSound(const Path& file, const Recording& recording, const std::optional<Trim>& trim,
               double seconds, const Path& folder, const Progress& progress, Json* sources) {
  const std::string filter = LevellingFilter(recording);
  Encode(
      file,
      {"-map", "0:a:0", "-ac", "2", "-af", filter, "-c:a", "libopus", "-b:a", "80k", "-f", "ogg"},
      folder / "sound.ogg", trim, seconds, progress);
  Encode(file,
         {"-map", "0:a:0", "-ac", "2", "-af", filter, "-c:a", "aac", "-b:a", "128k", "-movflags",
          "+faststart", "-f", "mp4"},
         folder / "sound.m4a", trim, seconds, progress);
  sources->push_back({{"name", "sound.ogg"}, {"type", "audio/ogg; codecs=opus"}});
  sources->push_back({{"name", "sound.m4a"}, {"type", "audio/mp4"}});
}

void MakeVideo(const Path& file, const Recording& recording, bool sound,
               const std::optional<Trim>& trim, double seconds, const Path& folder,
               const Progress& progress, Json* sources) {
  constexpr const char* kSize =
      "scale='min(1280,iw)':'min(1280,ih)':force_original_aspect_ratio=decrease:force_divisible_by="
      "2,"
      "fps=fps='min(30,source_fps)',format=yuv420p";
  std::vector<std::string> how = {"-map",    "0:v:0",    "-vf",  kSize, "-c:v",     "libx264",
                                  "-preset", "veryfast", "-crf", "23",  "-flags:v", "+bitexact"};
  if (sound) {
    for (const std::string& word :
         {std::string("-map"), std::string("0:a:0"), std::string("-ac"), std::string("2"),
          std::string("-af"), LevellingFilter(recording), std::string("-c:a"), std::string("aac"),
          std::string("-b:a"), std::string("128k")}) {
      how.push_back(word);
    }
  }
  for (const char* word : {"-movflags", "+faststart", "-f", "mp4"}) how.emplace_back(word);
  Encode(file, how, folder / "video.mp4", trim, seconds, progress);
  sources->push_back({{"name", "video.mp4"}, {"type", "video/mp4"}});
  Encode(folder / "video.mp4",
         {"-ss", std::to_string(std::min(1.0, seconds / 2)), "-map", "0:v:0", "-frames:v", "1",
          "-c:v", "libwebp", "-quality", "80", "-f", "webp"},
         folder / "poster.webp", std::nullopt, 0, progress);
}

// Two programs that want the same recording wait for one another.
std::unique_ptr<FileLock> OneAtATime(const Path& path, const Progress& progress) {
  for (;;) {
    try {
      return std::make_unique<FileLock>(path, "Another ajar makes recordings ready.");
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kBusy) throw;
    }
    progress.ThrowIfCancelled();
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

}  // namespace

bool IsVideo(const Path& file, const std::string& name) {
  const Streams streams = StreamsOf(file, Progress());
  if (!streams.sound && !streams.video) FailUnreadable(name);
  return streams.video;
}

Recording Examine(const Path& file, const Progress& progress) {
  const Streams streams = StreamsOf(file, progress);
  if (!streams.sound && !streams.video) FailUnreadable(file);
  Recording recording;
  recording.video = streams.video;
  if (streams.sound) {
    const Measurement measured = MeasureLoudness(file, progress);
    recording.seconds = measured.seconds;
    recording.loudness_lufs = measured.loudness_lufs;
    recording.peak_dbtp = measured.peak_dbtp;
    FindSilences(file, progress, &recording);
  } else {
    recording.seconds = SilentVideoSeconds(file, progress);
  }
  if (!(recording.seconds > 0)) FailUnreadable(file);
  if (recording.seconds > kLongestRecording_s) {
    Fail(ErrorCode::kInput, "This recording is longer than a day.", file.string());
  }
  recording.speech = {0, recording.seconds};
  if (!recording.silences.empty()) {
    const Span& first = recording.silences.front();
    const Span& last = recording.silences.back();
    if (first.first < 0.05 && first.second < recording.seconds)
      recording.speech.first = first.second;
    if (last.second > recording.seconds - 0.05 && last.first > 0)
      recording.speech.second = last.first;
  }
  return recording;
}

std::optional<Heard> FindHeard(const Folder& folder, const std::string& path,
                               const std::optional<Trim>& trim) {
  return Kept(folder.heard() / KeyOf(folder.stories() / path, trim));
}

Heard MakeHeard(const Folder& folder, const std::string& path, const std::optional<Trim>& trim,
                const Progress& progress) {
  const Path file = folder.stories() / path;
  const std::string key = KeyOf(file, trim);
  const Path target = folder.heard() / key;
  if (auto kept = Kept(target)) return std::move(*kept);
  MakeFolder(folder.heard());
  const std::unique_ptr<FileLock> lock = OneAtATime(folder.heard() / ".lock", progress);
  if (auto kept = Kept(target)) return std::move(*kept);

  Json made = {{"sources", Json::array()}, {"poster", ""}};
  const Recording recording = Examine(file, progress);
  double seconds = recording.seconds;
  if (trim) {
    seconds = std::min(trim->to_s.value_or(seconds), seconds) - trim->from_s;
    if (!(seconds > 0.05)) {
      Fail(ErrorCode::kInput, "The part that visitors should hear lies behind the recording's end.",
           file.string());
    }
  }
  const Path staging = folder.heard() / (key + ".new");
  fs::remove_all(staging);
  MakeFolder(staging);
  const bool sound = StreamsOf(file, progress).sound;
  if (recording.video) {
    MakeVideo(file, recording, sound, trim, seconds, staging, progress, &made["sources"]);
    made["poster"] = "poster.webp";
  } else {
    MakeSound(file, recording, trim, seconds, staging, progress, &made["sources"]);
  }
  const Path checked = staging / made["sources"].back()["name"].get<std::string>();
  made["seconds"] = seconds;
  made["loudness_lufs"] = nullptr;
  if (sound) {
    const Measurement levelled = MeasureLoudness(checked, progress);
    if (levelled.loudness_lufs) made["loudness_lufs"] = *levelled.loudness_lufs;
  }
  made["recording"] = ToJson(recording);
  WriteFileAtomic(staging / "heard.json", Dump(made));
  SyncTree(staging);
  CommitFolder(staging, target);
  return HeardFromJson(made, target);
}

}  // namespace ajar::room
