// Sharp, well-spaced frames out of a video, by the programs ffprobe and ffmpeg.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/progress.h"

namespace ajar::photo {

struct VideoInfo {
  int width = 0, height = 0;  // as shown: turned
  double duration_s = 0;      // 0: not known
  // FFmpeg's names, "unknown" where the video does not say.
  std::string transfer = "unknown", primaries = "unknown", matrix = "unknown";
  bool is_hdr() const { return transfer == "smpte2084" || transfer == "arib-std-b67"; }
};

// Errors: kInput when FFmpeg finds no moving picture in the file; kTool.
VideoInfo ProbeVideo(const Path& video);

// What is kept of each frame of a video to choose by.
struct FrameScore {
  double time_s = 0;
  double sharpness = 0;            // LaplacianVariance of the reduced luma
  std::vector<uint8_t> thumbnail;  // kThumbnailSide² block means of luma
};
constexpr int kThumbnailSide = 48;

// The indices, rising, of at most `count` frames: one for each of `count` equal slots of time of
// at least 0.2 s each, the sharpest of the slot's middle; a frame that shows the same as the
// one before it is left out.
std::vector<size_t> ChooseFrames(const std::vector<FrameScore>& frames, int64_t count);

// Writes the chosen frames as upright PNG in sRGB into a folder below `frames_folder` that is
// named for the video's bytes and the count, committed as a whole; when it is there already,
// nothing is done. HDR is brought to sRGB by FFmpeg's zscale and tonemap filters; where FFmpeg
// lacks them the picture is taken as it is. Returns the files in order of time.
// Errors: kInput when the video cannot be read; kTool, kDisk, kCancelled.
std::vector<Path> ExtractFrames(const Path& video, const std::string& video_sha256,
                                const std::string& name, const Path& frames_folder, int64_t count,
                                const Progress& progress);

}  // namespace ajar::photo
