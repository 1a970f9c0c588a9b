// Files and video to upright pixels in sRGB. Originals are only ever read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/options.h"
#include "base/progress.h"
#include "scene/camera.h"
#include "scene/raster.h"

namespace ajar::photo {

struct OpenOptions {
  int64_t video_frames = 120;      // sharp, well-spaced frames picked from each video, at most
  int64_t min_side_px = 200;       // smaller pictures are left out
  double max_megapixels = 200;     // larger pictures are left out
};
std::vector<OptionField> Fields(OpenOptions& options);

struct Photo {
  std::string name;                  // unique in the set; relative, '/' between folders
  Path path;                         // the file to read: the original, or a frame of a video
  std::string sha256;                // of that file
  int width = 0, height = 0;         // upright, pixels
  std::optional<double> focal_px;    // prior from EXIF for these pixels; absent if not known
  std::string camera_key;            // photographs with equal keys share their intrinsics
                                     // (make, model, lens, focal length, size)
  std::optional<std::string> taken;  // EXIF DateTimeOriginal, as written
  std::optional<std::string> video;  // name of the video this is a frame of,
  Path video_path;                   // and where it lies
};

struct LeftOut {
  std::string name;
  std::string reason;  // one sentence for people
};

struct PhotoSet {
  std::vector<Photo> photos;      // by name, in natural order of bytes
  std::vector<LeftOut> left_out;
};

// Looks through files and folders (folders recursively; hidden files are skipped; links are
// followed once). JPEG, PNG, TIFF, WebP, HEIC/HEIF and whatever video FFmpeg reads, told by
// content, not by name. Frames of videos are written as PNG below `frames_folder` (atomically;
// found again on the next call for the same video bytes and options). Unreadable, tiny, huge
// and exactly repeated files are listed in left_out and the rest goes on.
// Errors: kInput when an input does not exist; kNotEnough when no usable photograph is found.
PhotoSet Open(const std::vector<Path>& inputs, const Path& frames_folder,
              const OpenOptions& options, const Progress& progress);

// Decodes upright and in sRGB (by the embedded ICC profile; none means sRGB), 3 channels, at full
// size or, when `long_side_px` > 0 and the picture is larger, resized (area average) so that
// its longer side is that. Transparent pixels are laid over white. Runs the decoder in a child
// process within limits of memory and time. Errors: kInput.
Image8 Load(const Photo& photo, int long_side_px = 0);
Image8 Load(const Path& path, int long_side_px = 0);

// width × height scaled so that the longer side is long_side_px (never enlarged), each at
// least 1, rounded to nearest.
struct Size {
  int width = 0, height = 0;
};
Size FitLongSide(int width, int height, int long_side_px);

// Area-averaging resize to a smaller (or equal) size.
Image8 Resized(const Image8& picture, int width, int height);

// `picture` seen by `camera` (of the picture's size) redrawn as `pinhole` sees it (any size;
// bilinear, after area averaging when it is much smaller). Pixels that fall outside repeat the
// border.
Image8 Undistorted(const Image8& picture, const Camera& camera, const Camera& pinhole);

// Variance of the Laplacian of luma at a long side of 1000 px or less, in (0..255)^2: larger is
// sharper. Only comparable between pictures of one scene.
double Sharpness(const Image8& picture);

}  // namespace ajar::photo
