#include "sfm/internal/features.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "sfm/internal/descriptor.h"
#include "sfm/internal/kernels/blur.h"
#include "sfm/internal/scale_space.h"

namespace ajar::sfm::internal {
namespace {

constexpr double kCameraSigma_px = 0.5;   // blur that a photograph comes with
constexpr int kLeastSide_px = 24;         // of an octave
constexpr int kPixelsToOne = 100;         // what is nearer together than that tells nothing new
constexpr int kCellsAlong = 14;           // of the longer side, when features are spread
constexpr double kShareByContrast = 0.4;  // the others are spread

std::vector<float> LumaOf(const Image8& picture) {
  std::vector<float> luma(static_cast<size_t>(picture.width) * static_cast<size_t>(picture.height));
  for (size_t i = 0; i < luma.size(); ++i) {
    const uint8_t* p = picture.data.data() + 3 * i;
    luma[i] = (0.299f * p[0] + 0.587f * p[1] + 0.114f * p[2]) / 255;
  }
  return luma;
}

// Twice the size: pixel 2 i is pixel i, what is between is interpolated.
std::vector<float> Doubled(const std::vector<float>& luma, int width, int height) {
  const size_t w = static_cast<size_t>(width), h = static_cast<size_t>(height);
  std::vector<float> doubled(4 * luma.size());
  for (size_t y = 0; y < 2 * h; ++y) {
    const float* a = luma.data() + y / 2 * w;
    const float* b = luma.data() + std::min(h - 1, (y + 1) / 2) * w;
    float* out = doubled.data() + y * 2 * w;
    for (size_t x = 0; x < w; ++x) {
      const size_t right = std::min(w - 1, x + 1);
      const float here = 0.5f * (a[x] + b[x]);
      out[2 * x] = here;
      out[2 * x + 1] = 0.5f * (here + 0.5f * (a[right] + b[right]));
    }
  }
  return doubled;
}

struct Candidate {
  Blob blob;
  int octave = 0;
  float x_px = 0, y_px = 0, scale_px = 0;
};

// Some by contrast alone, the rest from every region in turn, so that a bookcase does not
// outshout the walls. In the order of the candidates.
std::vector<size_t> Chosen(const std::vector<Candidate>& all, int width, int height, int most) {
  std::vector<size_t> order(all.size());
  std::iota(order.begin(), order.end(), size_t{0});
  if (all.size() <= static_cast<size_t>(most)) return order;
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return all[a].blob.contrast > all[b].blob.contrast; });
  const size_t first = static_cast<size_t>(kShareByContrast * most);
  std::vector<size_t> chosen(order.begin(), order.begin() + static_cast<ptrdiff_t>(first));
  const double cell = static_cast<double>(std::max(width, height)) / kCellsAlong;
  const size_t across = static_cast<size_t>(width / cell) + 1;
  std::vector<int> in_cell(across * (static_cast<size_t>(height / cell) + 1));
  std::vector<std::pair<int, size_t>> turns;  // the how-manieth of its cell, rank
  for (size_t rank = 0; rank < order.size(); ++rank) {
    const Candidate& c = all[order[rank]];
    int& count =
        in_cell[static_cast<size_t>(c.y_px / cell) * across + static_cast<size_t>(c.x_px / cell)];
    ++count;
    if (rank >= first) turns.emplace_back(count, rank);
  }
  std::sort(turns.begin(), turns.end());
  for (size_t k = 0; chosen.size() < static_cast<size_t>(most); ++k) {
    chosen.push_back(order[turns[k].second]);
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

}  // namespace

Features FindFeatures(const Image8& picture, const FeatureOptions& options) {
  int width = picture.width, height = picture.height;
  std::vector<float> luma = LumaOf(picture);
  double pixel = 1;  // of the octave, in pixels of the picture
  if (options.double_size) {
    luma = Doubled(luma, width, height);
    width *= 2;
    height *= 2;
    pixel = 0.5;
  }
  std::vector<float> scratch, first(luma.size());
  const double there = kCameraSigma_px / pixel;
  Blur(luma.data(), width, height, std::sqrt(kFirstSigma_px * kFirstSigma_px - there * there),
       &scratch, first.data());
  std::vector<Octave> octaves;
  std::vector<Candidate> candidates;
  const float contrast = static_cast<float>(options.least_contrast);
  for (double size = pixel; std::min(width, height) >= kLeastSide_px; size *= 2) {
    octaves.push_back(MakeOctave(std::move(first), width, height));
    for (const Blob& blob : FindBlobs(octaves.back(), contrast)) {
      candidates.push_back(
          {blob, static_cast<int>(octaves.size()) - 1, static_cast<float>(blob.x * size + 0.5),
           static_cast<float>(blob.y * size + 0.5),
           static_cast<float>(kFirstSigma_px * std::exp2(blob.scale / kScales) * size)});
    }
    first = NextFirst(octaves.back(), &width, &height);
  }
  const int most = std::min(options.most, picture.width * picture.height / kPixelsToOne);
  Features found;
  for (const size_t i : Chosen(candidates, picture.width, picture.height, most)) {
    const Candidate& c = candidates[i];
    const Octave& octave = octaves[static_cast<size_t>(c.octave)];
    const int nearest = std::clamp(static_cast<int>(std::lround(c.blob.scale)), 1, kScales);
    const Level level{octave.levels[static_cast<size_t>(nearest)].data(), octave.width,
                      octave.height};
    const double sigma = kFirstSigma_px * std::exp2(c.blob.scale / kScales);
    for (const float angle : Directions(level, c.blob.x, c.blob.y, sigma)) {
      const auto bytes = Describe(level, c.blob.x, c.blob.y, sigma, angle);
      found.features.push_back({c.x_px, c.y_px, c.scale_px, angle});
      found.descriptors.insert(found.descriptors.end(), bytes.begin(), bytes.end());
    }
  }
  return found;
}

}  // namespace ajar::sfm::internal
