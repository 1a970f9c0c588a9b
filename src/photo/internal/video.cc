#include "photo/internal/video.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <map>
#include <system_error>

#include "base/error.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/subprocess.h"
#include "photo/internal/pixels.h"

namespace ajar::photo {
namespace fs = std::filesystem;
namespace {

constexpr int kScoreLongSide = 640;
constexpr double kShortestSlot_s = 0.2;
// Mean difference of the thumbnails, in 0..255 and apart from brightness, below which two frames
// show the same. A still camera's noise gives about 0.3 after averaging, a step to the side of
// one pixel in a hundred several times this limit.
constexpr double kSameBelow = 0.8;
constexpr uint64_t kMemoryBytes = 8ull << 30;

[[noreturn]] void FailVideo(const Path& video) {
  Fail(ErrorCode::kInput, "This video could not be read.", video.string());
}

double NumberOr(const std::string& text, double otherwise) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && std::isfinite(value) ? value : otherwise;
}

// Playlists and the like must not make FFmpeg open other files, much less the network.
std::vector<std::string> Input(const Path& video) {
  return {"-protocol_whitelist", "file,pipe", "-i", "file:" + fs::absolute(video).string()};
}

std::vector<std::string> FfmpegArguments(const Path& video, const std::string& filters,
                                         const std::vector<std::string>& output) {
  std::vector<std::string> argv = {"ffmpeg", "-hide_banner", "-nostdin", "-nostats", "-y"};
  for (const std::string& word : Input(video)) argv.push_back(word);
  // Only the moving picture (V: not a cover); each decoded frame once, whatever its time.
  for (const char* word :
       {"-map", "0:V:0", "-an", "-sn", "-dn", "-fps_mode", "passthrough", "-vf"}) {
    argv.emplace_back(word);
  }
  argv.push_back(filters);
  argv.insert(argv.end(), output.begin(), output.end());
  return argv;
}

double TimeLimit(const VideoInfo& info) { return 600 + 60 * info.duration_s; }

std::optional<double> TimeOf(const std::string& showinfo_line) {
  constexpr std::string_view kField = "pts_time:";
  if (!showinfo_line.starts_with("[Parsed_showinfo")) return std::nullopt;
  const size_t at = showinfo_line.find(kField);
  if (at == std::string::npos) return std::nullopt;
  const size_t begin = at + kField.size();
  return NumberOr(showinfo_line.substr(begin, showinfo_line.find(' ', begin) - begin),
                  std::numeric_limits<double>::quiet_NaN());
}

FrameScore ScoreOf(const std::vector<uint8_t>& grey, int width, int height) {
  FrameScore score;
  Image8 frame(width, height, 1);
  frame.data = grey;
  ImageF luma(width, height, 1);
  std::copy(grey.begin(), grey.end(), luma.data.begin());
  score.sharpness = LaplacianVariance(luma);
  const int side_x = std::min(kThumbnailSide, width), side_y = std::min(kThumbnailSide, height);
  Image8 thumbnail(side_x, side_y, 1);
  ReduceRows(frame, width, height, thumbnail, 0, side_y);
  score.thumbnail = std::move(thumbnail.data);
  return score;
}

// Decodes the whole video once, small and grey.
std::vector<FrameScore> ScoreFrames(const Path& video, const std::string& name,
                                    const VideoInfo& info, const Progress& progress) {
  const Size size = FitLongSide(info.width, info.height, kScoreLongSide);
  const size_t frame_bytes = static_cast<size_t>(size.width) * size.height;
  std::vector<FrameScore> scores;
  std::vector<double> times_s;
  std::vector<uint8_t> frame;

  SubprocessOptions options;
  options.argv =
      FfmpegArguments(video,
                      "scale=" + std::to_string(size.width) + ":" + std::to_string(size.height) +
                          ":flags=area,format=gray,showinfo=checksum=0",
                      {"-f", "rawvideo", "pipe:1"});
  options.timeout_s = TimeLimit(info);
  options.max_memory_bytes = kMemoryBytes;
  options.on_line = [&](const std::string& line) {
    if (const auto time_s = TimeOf(line)) times_s.push_back(*time_s);
  };
  options.on_stdout_bytes = [&](const uint8_t* bytes, size_t count) {
    while (count > 0) {
      const size_t part = std::min(count, frame_bytes - frame.size());
      frame.insert(frame.end(), bytes, bytes + part);
      bytes += part;
      count -= part;
      if (frame.size() < frame_bytes) continue;
      scores.push_back(ScoreOf(frame, size.width, size.height));
      frame.clear();
      if (scores.size() % 16 == 0 && info.duration_s > 0 && !times_s.empty()) {
        progress.Report({"choosing the sharp frames of " + name,
                         std::clamp(0.8 * times_s.back() / info.duration_s, 0.0, 0.8),
                         {},
                         {}});
      }
    }
  };
  const SubprocessResult result = RunSubprocess(options, progress);
  // What could be decoded of a damaged video counts.
  if (scores.empty()) FailVideo(video);
  if (!result.ok()) Log(LogLevel::kWarning, name + " could be read in part only.");
  for (size_t i = 0; i < scores.size(); ++i) {
    const double previous_s = i > 0 ? scores[i - 1].time_s : -1.0 / 30;
    scores[i].time_s =
        i < times_s.size() && std::isfinite(times_s[i]) ? times_s[i] : previous_s + 1.0 / 30;
  }
  return scores;
}

bool FfmpegHasFilters() {
  bool zscale = false, tonemap = false;
  SubprocessOptions options;
  options.argv = {"ffmpeg", "-hide_banner", "-filters"};
  options.timeout_s = 60;
  options.on_line = [&](const std::string& line) {
    zscale = zscale || line.find(" zscale ") != std::string::npos;
    tonemap = tonemap || line.find(" tonemap ") != std::string::npos;
  };
  return RunSubprocess(options).ok() && zscale && tonemap;
}

// From the video's own pixels to square pixels in RGB.
std::string ToRgb(const VideoInfo& info) {
  const auto or_else = [](const std::string& value, const char* otherwise) {
    return value == "unknown" ? std::string(otherwise) : value;
  };
  const std::string square =
      "scale=w='max(1,round(iw*sar))':h=ih:flags=bicubic+accurate_rnd+"
      "full_chroma_int";
  if (info.is_hdr() && FfmpegHasFilters()) {
    // 203 cd/m² is where BT.2408 puts the white of an ordinary picture.
    return "zscale=tin=" + info.transfer + ":pin=" + or_else(info.primaries, "bt2020") +
           ":min=" + or_else(info.matrix, "bt2020nc") +
           ":t=linear:npl=203,format=gbrpf32le,zscale=p=bt709,tonemap=mobius:desat=0,"
           "zscale=t=iec61966-2-1:r=full,format=gbrp," +
           square + ",format=rgb24";
  }
  // FFmpeg takes an unmarked video for standard definition, whatever its size.
  const std::string matrix = info.matrix == "unknown"
                                 ? (info.height >= 720 || info.width >= 1280 ? "bt709" : "bt601")
                                 : "auto";
  return square + ":in_color_matrix=" + matrix + ",format=rgb24";
}

void WriteFrames(const Path& video, const std::string& name, const VideoInfo& info,
                 const std::vector<size_t>& chosen, const Path& folder, const Progress& progress) {
  std::string select = "select='";
  for (size_t i = 0; i < chosen.size(); ++i) {
    select += (i > 0 ? "+" : "") + ("eq(n," + std::to_string(chosen[i]) + ")");
  }
  select += "',";
  SubprocessOptions options;
  options.argv = FfmpegArguments(video, select + ToRgb(info) + ",showinfo=checksum=0",
                                 {"-f", "image2", "-c:v", "png", "-compression_level", "3", "-pred",
                                  "up", "-start_number", "0", "%06d.png"});
  options.working_folder = folder;
  options.timeout_s = TimeLimit(info);
  options.max_memory_bytes = kMemoryBytes;
  size_t written = 0;
  options.on_line = [&](const std::string& line) {
    if (!TimeOf(line)) return;
    ++written;
    progress.Report({"choosing the sharp frames of " + name,
                     0.8 + 0.2 * static_cast<double>(written) / chosen.size(),
                     {},
                     {}});
  };
  const SubprocessResult result = RunSubprocess(options, progress);
  for (const std::string& line : result.last_lines) {
    if (line.find("No space left on device") != std::string::npos) {
      Fail(ErrorCode::kDisk, "The disk is full.", folder.string(), "Make room and try again.");
    }
  }
  // From numbers in the order of writing to numbers of frames; from the last, as they only rise.
  for (size_t i = chosen.size(); i-- > 0;) {
    char from[32], to[32];
    std::snprintf(from, sizeof(from), "%06zu.png", i);
    std::snprintf(to, sizeof(to), "%06zu.png", chosen[i]);
    std::error_code error;
    if (fs::exists(folder / from)) fs::rename(folder / from, folder / to, error);
    if (error) FailErrno(error.value(), "rename", (folder / from).string());
  }
}

std::vector<Path> FilesIn(const Path& folder) {
  std::vector<Path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".png") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

double Difference(const std::vector<uint8_t>& a, const std::vector<uint8_t>& b) {
  if (a.size() != b.size() || a.empty()) return 255;
  const double count = static_cast<double>(a.size());
  double shift = 0, sum = 0;
  for (size_t i = 0; i < a.size(); ++i) shift += (double(a[i]) - b[i]) / count;
  for (size_t i = 0; i < a.size(); ++i) sum += std::abs(double(a[i]) - b[i] - shift);
  return sum / count;
}

}  // namespace

VideoInfo ProbeVideo(const Path& video) {
  std::map<std::string, std::string> values;
  SubprocessOptions options;
  options.argv = {"ffprobe",
                  "-v",
                  "error",
                  "-select_streams",
                  "V:0",
                  "-show_entries",
                  "stream=width,height,color_transfer,color_primaries,color_space:"
                  "stream_side_data=rotation:format=duration",
                  "-of",
                  "default=noprint_wrappers=1"};
  for (const std::string& word : Input(video)) options.argv.push_back(word);
  options.timeout_s = 120;
  options.max_memory_bytes = kMemoryBytes;
  options.on_line = [&](const std::string& line) {
    const size_t equals = line.find('=');
    if (equals != std::string::npos) values[line.substr(0, equals)] = line.substr(equals + 1);
  };
  if (!RunSubprocess(options).ok()) FailVideo(video);

  VideoInfo info;
  info.width = static_cast<int>(std::clamp(NumberOr(values["width"], 0), 0.0, 65536.0));
  info.height = static_cast<int>(std::clamp(NumberOr(values["height"], 0), 0.0, 65536.0));
  if (info.width < 1 || info.height < 1) {
    Fail(ErrorCode::kInput, "There is no moving picture in this file.", video.string());
  }
  const double quarter_turns = NumberOr(values["rotation"], 0) / 90;
  if (std::lround(quarter_turns) % 2 != 0) std::swap(info.width, info.height);
  info.duration_s = std::clamp(NumberOr(values["duration"], 0), 0.0, 1e6);
  if (!values["color_transfer"].empty()) info.transfer = values["color_transfer"];
  if (!values["color_primaries"].empty()) info.primaries = values["color_primaries"];
  if (!values["color_space"].empty()) info.matrix = values["color_space"];
  return info;
}

std::vector<size_t> ChooseFrames(const std::vector<FrameScore>& frames, int64_t count) {
  if (frames.empty() || count < 1) return {};
  const auto [first, last] = std::minmax_element(
      frames.begin(), frames.end(),
      [](const FrameScore& a, const FrameScore& b) { return a.time_s < b.time_s; });
  const double begin_s = first->time_s, length_s = last->time_s - begin_s;
  const int64_t slots =
      std::clamp<int64_t>(static_cast<int64_t>(length_s / kShortestSlot_s), 1, count);

  // Two neighbouring slots' sharpest frames may lie side by side at their common border: the
  // middle three quarters are preferred.
  struct Best {
    std::optional<size_t> in_middle, anywhere;
  };
  std::vector<Best> best(static_cast<size_t>(slots));
  const auto take = [&](std::optional<size_t>& place, size_t i) {
    if (!place || frames[i].sharpness > frames[*place].sharpness) place = i;
  };
  for (size_t i = 0; i < frames.size(); ++i) {
    const double position =
        length_s > 0 ? (frames[i].time_s - begin_s) / length_s * static_cast<double>(slots) : 0;
    const auto slot = std::min<size_t>(static_cast<size_t>(position), best.size() - 1);
    take(best[slot].anywhere, i);
    if (std::abs(position - static_cast<double>(slot) - 0.5) <= 0.375)
      take(best[slot].in_middle, i);
  }
  std::vector<size_t> chosen;
  for (const Best& slot : best) {
    const std::optional<size_t> index = slot.in_middle ? slot.in_middle : slot.anywhere;
    if (!index) continue;
    if (!chosen.empty() &&
        Difference(frames[chosen.back()].thumbnail, frames[*index].thumbnail) < kSameBelow) {
      continue;
    }
    chosen.push_back(*index);
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

std::vector<Path> ExtractFrames(const Path& video, const std::string& video_sha256,
                                const std::string& name, const Path& frames_folder, int64_t count,
                                const Progress& progress) {
  // The number of the way frames are chosen: raise it when that changes.
  constexpr int kWay = 1;
  const std::string key =
      Sha256Hex("frames " + std::to_string(kWay) + " " + video_sha256 + " " + std::to_string(count))
          .substr(0, 24);
  const Path folder = frames_folder / key;
  RecoverFolder(folder);
  if (!fs::exists(folder)) {
    const VideoInfo info = ProbeVideo(video);
    const std::vector<size_t> chosen =
        ChooseFrames(ScoreFrames(video, name, info, progress), count);
    const Path staged = frames_folder / ("." + key + ".new");
    std::error_code ignored;
    fs::remove_all(staged, ignored);
    MakeFolder(staged);
    WriteFrames(video, name, info, chosen, staged, progress);
    if (FilesIn(staged).empty()) {
      fs::remove_all(staged, ignored);
      FailVideo(video);
    }
    CommitFolder(staged, folder);
  }
  return FilesIn(folder);
}

}  // namespace ajar::photo
