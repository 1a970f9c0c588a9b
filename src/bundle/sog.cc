#include "bundle/sog.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "base/check.h"
#include "base/error.h"
#include "base/parallel.h"
#include "bundle/internal/codebook.h"
#include "bundle/picture.h"

namespace ajar::bundle {
namespace {

using internal::Codebook;
using nlohmann::json;

constexpr int kPaletteColumns = 64;     // palette entries a row of the centroids picture
constexpr size_t kMostSplats = 20'000'000;
constexpr float kSqrt2 = 1.41421356237309505f;

// Positions are stored on a scale that is fine near the origin and coarse far away.
float Squeezed(float x) { return std::copysign(std::log1p(std::abs(x)), x); }
float Unsqueezed(float x) { return std::copysign(std::expm1(std::abs(x)), x); }

int SideFor(size_t count) {
  return std::max(1, static_cast<int>(std::ceil(std::sqrt(static_cast<double>(count)))));
}

uint64_t Interleaved(uint32_t x) {
  uint64_t bits = x & 0x1fffff;
  bits = (bits | bits << 32) & 0x1f00000000ffffull;
  bits = (bits | bits << 16) & 0x1f0000ff0000ffull;
  bits = (bits | bits << 8) & 0x100f00f00f00f00full;
  bits = (bits | bits << 4) & 0x10c30c30c30c30c3ull;
  return (bits | bits << 2) & 0x1249249249249249ull;
}

// Neighbours in space next to each other: the pictures then compress well.
std::vector<size_t> MortonOrder(const SplatCloud& cloud) {
  Eigen::Vector3f low = Eigen::Vector3f::Constant(1e30f), high = -low;
  for (const Eigen::Vector3f& x : cloud.means) {
    const Eigen::Vector3f s(Squeezed(x[0]), Squeezed(x[1]), Squeezed(x[2]));
    low = low.cwiseMin(s);
    high = high.cwiseMax(s);
  }
  std::vector<std::pair<uint64_t, size_t>> keys(cloud.size());
  for (size_t i = 0; i < cloud.size(); ++i) {
    uint64_t key = 0;
    for (int k = 0; k < 3; ++k) {
      const float t = (Squeezed(cloud.means[i][k]) - low[k]) / std::max(1e-20f, high[k] - low[k]);
      key |= Interleaved(static_cast<uint32_t>(t * 2097151.0f)) << k;
    }
    keys[i] = {key, i};
  }
  std::sort(keys.begin(), keys.end());
  std::vector<size_t> order(cloud.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = keys[i].second;
  return order;
}

// The largest component is left out and made positive; the three others lie in ±1/sqrt 2.
std::array<uint8_t, 4> PackedRotation(const Eigen::Vector4f& wxyz) {
  const Eigen::Vector4f q = wxyz.normalized();
  int largest = 0;
  q.cwiseAbs().maxCoeff(&largest);
  const float sign = q[largest] < 0 ? -1.0f : 1.0f;
  std::array<uint8_t, 4> packed{};
  size_t at = 0;
  for (int k = 0; k < 4; ++k) {
    if (k == largest) continue;
    const float scaled = (sign * q[k] / kSqrt2 + 0.5f) * 255;
    packed[at++] = static_cast<uint8_t>(std::lround(std::clamp(scaled, 0.0f, 255.0f)));
  }
  packed[3] = static_cast<uint8_t>(252 + largest);
  return packed;
}

Eigen::Vector4f UnpackedRotation(const uint8_t* p) {
  const int largest = p[3] - 252;
  Eigen::Vector4f q;
  float rest = 1;
  size_t at = 0;
  for (int k = 0; k < 4; ++k) {
    if (k == largest) continue;
    q[k] = (static_cast<float>(p[at++]) / 255 - 0.5f) * kSqrt2;
    rest -= q[k] * q[k];
  }
  q[largest] = std::sqrt(std::max(0.0f, rest));
  return q.normalized();
}

json CodebookJson(const Codebook& codebook) {
  json values = json::array();
  for (const float value : codebook.values) values.push_back(value);
  return values;
}

// The palette of harmonics as a picture: 64 entries a row, one pixel a coefficient.
Image8 PalettePicture(const internal::Palette& palette, const Codebook& codebook,
                      int coefficients) {
  const int rows = static_cast<int>((palette.entries + kPaletteColumns - 1) / kPaletteColumns);
  Image8 picture(kPaletteColumns * coefficients, std::max(1, rows), 4, 255);
  for (size_t entry = 0; entry < palette.entries; ++entry) {
    for (int k = 0; k < coefficients; ++k) {
      uint8_t* pixel =
          picture.pixel(static_cast<int>(entry % kPaletteColumns) * coefficients + k,
                        static_cast<int>(entry / kPaletteColumns));
      for (int c = 0; c < 3; ++c) {
        pixel[c] = codebook.IndexOf(
            palette.values[entry * palette.dimensions + static_cast<size_t>(k * 3 + c)]);
      }
    }
  }
  return picture;
}

}  // namespace

std::vector<OptionField> Fields(SogOptions& options) {
  return {{"sh-palette", "Entries of the palette of harmonics", &options.sh_palette, 64, 65536},
          {"seed", "Start of every random sequence", &options.seed, 0, 9e15}};
}

std::map<std::string, std::vector<uint8_t>> EncodeSog(const SplatCloud& cloud,
                                                      const SogOptions& options,
                                                      const Progress& progress) {
  AJAR_CHECK(cloud.size() <= kMostSplats);
  SogOptions checked = options;
  Validate(Fields(checked));
  const size_t n = cloud.size();
  const std::vector<size_t> order = MortonOrder(cloud);
  const int side = SideFor(n);

  Eigen::Vector3f low = Eigen::Vector3f::Zero(), high = Eigen::Vector3f::Zero();
  for (size_t i = 0; i < n; ++i) {
    for (int k = 0; k < 3; ++k) {
      const float s = Squeezed(cloud.means[i][k]);
      low[k] = i == 0 ? s : std::min(low[k], s);
      high[k] = i == 0 ? s : std::max(high[k], s);
    }
  }
  progress.ThrowIfCancelled();
  std::vector<float> all_scales, all_colours;
  for (size_t i = 0; i < n; ++i) {
    for (int k = 0; k < 3; ++k) {
      all_scales.push_back(cloud.log_scales[i][k]);
      all_colours.push_back(cloud.sh[i * cloud.sh_stride() + static_cast<size_t>(k)]);
    }
  }
  const Codebook scales = internal::MakeCodebook(std::move(all_scales));
  const Codebook colours = internal::MakeCodebook(std::move(all_colours));

  Image8 means_low(side, side, 4, 255), means_high(side, side, 4, 255), rotations(side, side, 4),
      scale_picture(side, side, 4, 255), colour_picture(side, side, 4);
  ParallelFor(n, 4096, [&](size_t at) {
    const size_t i = order[at];
    for (size_t k = 0; k < 3; ++k) {
      const auto axis = static_cast<Eigen::Index>(k);
      const float range = std::max(1e-20f, high[axis] - low[axis]);
      const float t = (Squeezed(cloud.means[i][axis]) - low[axis]) / range;
      const auto step = static_cast<uint32_t>(std::lround(std::clamp(t, 0.0f, 1.0f) * 65535));
      means_low.data[4 * at + k] = static_cast<uint8_t>(step & 255);
      means_high.data[4 * at + k] = static_cast<uint8_t>(step >> 8);
      scale_picture.data[4 * at + k] = scales.IndexOf(cloud.log_scales[i][axis]);
      colour_picture.data[4 * at + k] = colours.IndexOf(cloud.sh[i * cloud.sh_stride() + k]);
    }
    const std::array<uint8_t, 4> rotation = PackedRotation(cloud.rotations[i]);
    std::copy(rotation.begin(), rotation.end(), rotations.data.begin() + 4 * static_cast<ptrdiff_t>(at));
    const float opacity = 1 / (1 + std::exp(-cloud.opacity_logits[i]));
    colour_picture.data[4 * at + 3] = static_cast<uint8_t>(std::lround(255 * opacity));
  });

  std::map<std::string, std::vector<uint8_t>> files;
  json meta = {{"version", 2},
               {"count", n},
               {"antialias", true},
               {"means",
                {{"mins", {low[0], low[1], low[2]}},
                 {"maxs", {high[0], high[1], high[2]}},
                 {"files", {"means_l.webp", "means_u.webp"}}}},
               {"scales", {{"codebook", CodebookJson(scales)}, {"files", {"scales.webp"}}}},
               {"quats", {{"files", {"quats.webp"}}}},
               {"sh0", {{"codebook", CodebookJson(colours)}, {"files", {"sh0.webp"}}}}};
  std::map<std::string, Image8> pictures;
  pictures["means_l.webp"] = std::move(means_low);
  pictures["means_u.webp"] = std::move(means_high);
  pictures["scales.webp"] = std::move(scale_picture);
  pictures["quats.webp"] = std::move(rotations);
  pictures["sh0.webp"] = std::move(colour_picture);

  if (cloud.sh_degree > 0 && n > 0) {
    const int coefficients = ShCoefficientCount(cloud.sh_degree) - 1;
    const size_t dimensions = static_cast<size_t>(coefficients) * 3;
    std::vector<float> vectors(n * dimensions);
    ParallelFor(n, 4096, [&](size_t at) {
      std::copy_n(cloud.sh.begin() + static_cast<ptrdiff_t>(order[at] * cloud.sh_stride() + 3),
                  dimensions, vectors.begin() + static_cast<ptrdiff_t>(at * dimensions));
    });
    const internal::Palette palette =
        internal::MakePalette(vectors, dimensions, static_cast<size_t>(options.sh_palette),
                              static_cast<uint64_t>(options.seed), progress);
    const Codebook codebook = internal::MakeCodebook(palette.values);
    Image8 labels(side, side, 4, 255);
    for (size_t at = 0; at < n; ++at) {
      labels.data[4 * at] = static_cast<uint8_t>(palette.labels[at] & 255);
      labels.data[4 * at + 1] = static_cast<uint8_t>(palette.labels[at] >> 8);
      labels.data[4 * at + 2] = 0;
    }
    meta["shN"] = {{"count", palette.entries},
                   {"bands", cloud.sh_degree},
                   {"codebook", CodebookJson(codebook)},
                   {"files", {"shN_centroids.webp", "shN_labels.webp"}}};
    pictures["shN_centroids.webp"] = PalettePicture(palette, codebook, coefficients);
    pictures["shN_labels.webp"] = std::move(labels);
  }
  std::vector<std::pair<std::string, const Image8*>> jobs;
  for (const auto& [name, picture] : pictures) {
    files[name] = {};
    jobs.emplace_back(name, &picture);
  }
  ParallelFor(jobs.size(), 1, [&](size_t k) {
    files.at(jobs[k].first) = EncodeWebpLossless(*jobs[k].second);
  });
  const std::string text = meta.dump();
  files["meta.json"].assign(text.begin(), text.end());
  return files;
}

SplatCloud DecodeSog(const std::map<std::string, std::vector<uint8_t>>& files) {
  const auto file = [&](const std::string& name) -> const std::vector<uint8_t>& {
    const auto found = files.find(name);
    if (found == files.end()) Fail(ErrorCode::kInput, "The file is missing.", name);
    return found->second;
  };
  SplatCloud cloud;
  try {
    const std::vector<uint8_t>& text = file("meta.json");
    const json meta = json::parse(text.begin(), text.end());
    if (meta.at("version") != 2) {
      Fail(ErrorCode::kInput, "Only version 2 of the format is read.", "meta.json: version");
    }
    // Any number may stand there; only one in range can be converted.
    const auto whole_number = [](const json& value, size_t least, size_t most, const char* where) {
      const size_t number = value.is_number_unsigned() ? value.get<size_t>() : SIZE_MAX;
      if (number < least || number > most) {
        Fail(ErrorCode::kInput, "This is not a whole number from " + std::to_string(least) +
                                    " to " + std::to_string(most) + ".",
             where);
      }
      return number;
    };
    const size_t n = whole_number(meta.at("count"), 0, kMostSplats, "meta.json: count");
    const auto picture = [&](const json& part, size_t which) {
      const auto name = part.at("files").at(which).get<std::string>();
      Image8 decoded = DecodeWebp(file(name), name);
      if (static_cast<size_t>(decoded.width) * static_cast<size_t>(decoded.height) < n) {
        Fail(ErrorCode::kInput, "The picture has fewer pixels than there are splats.", name);
      }
      return decoded;
    };
    const auto codebook = [&](const char* part) {
      auto values = meta.at(part).at("codebook").get<std::vector<float>>();
      if (values.size() != 256) {
        Fail(ErrorCode::kInput, "A codebook has 256 values.", std::string("meta.json: ") + part);
      }
      return values;
    };
    const Image8 low = picture(meta.at("means"), 0), high = picture(meta.at("means"), 1);
    const Image8 scale = picture(meta.at("scales"), 0), rotation = picture(meta.at("quats"), 0);
    const Image8 colour = picture(meta.at("sh0"), 0);
    const auto mins = meta.at("means").at("mins").get<std::array<float, 3>>();
    const auto maxs = meta.at("means").at("maxs").get<std::array<float, 3>>();
    const std::vector<float> scales = codebook("scales"), colours = codebook("sh0");
    const bool harmonics = meta.contains("shN");
    const int degree = harmonics ? static_cast<int>(whole_number(meta.at("shN").at("bands"), 1,
                                                                 kMaxShDegree,
                                                                 "meta.json: shN.bands"))
                                 : 0;
    cloud.Resize(n, degree);
    for (size_t i = 0; i < n; ++i) {
      for (size_t k = 0; k < 3; ++k) {
        const auto axis = static_cast<Eigen::Index>(k);
        const float step =
            static_cast<float>(low.data[4 * i + k] + 256 * high.data[4 * i + k]) / 65535;
        cloud.means[i][axis] = Unsqueezed(mins[k] + (maxs[k] - mins[k]) * step);
        cloud.log_scales[i][axis] = scales[scale.data[4 * i + k]];
        cloud.sh[i * cloud.sh_stride() + k] = colours[colour.data[4 * i + k]];
      }
      if (rotation.data[4 * i + 3] < 252) {
        Fail(ErrorCode::kInput, "A rotation is not one (splat " + std::to_string(i) + ").",
             "quats.webp");
      }
      cloud.rotations[i] = UnpackedRotation(rotation.data.data() + 4 * i);
      const float opacity = std::clamp(static_cast<float>(colour.data[4 * i + 3]) / 255,
                                       0.5f / 255, 254.5f / 255);
      cloud.opacity_logits[i] = std::log(opacity / (1 - opacity));
    }
    if (harmonics) {
      const json& part = meta.at("shN");
      const int coefficients = ShCoefficientCount(degree) - 1;
      const std::string name = part.at("files").at(0).get<std::string>();
      const Image8 centroids = DecodeWebp(file(name), name);
      const Image8 labels = picture(part, 1);
      const std::vector<float> values = codebook("shN");
      if (centroids.width != kPaletteColumns * coefficients) {
        Fail(ErrorCode::kInput, "The palette's width does not fit its bands.", name);
      }
      for (size_t i = 0; i < n; ++i) {
        const int label = labels.data[4 * i] + 256 * labels.data[4 * i + 1];
        if (label / kPaletteColumns >= centroids.height) {
          Fail(ErrorCode::kInput, "A label lies outside the palette.", name);
        }
        for (int k = 0; k < coefficients; ++k) {
          const uint8_t* pixel = centroids.pixel(label % kPaletteColumns * coefficients + k,
                                                 label / kPaletteColumns);
          for (int c = 0; c < 3; ++c) {
            cloud.sh[i * cloud.sh_stride() + static_cast<size_t>(3 + k * 3 + c)] = values[pixel[c]];
          }
        }
      }
    }
  } catch (const json::exception& error) {
    Fail(ErrorCode::kInput, std::string("This is not a SOG description: ") + error.what() + ".",
         "meta.json");
  }
  const std::vector<std::string> violations = Violations(cloud, 1);
  if (!violations.empty()) {
    Fail(ErrorCode::kInput, "The splats are not sound: " + violations.front() + ".", "meta.json");
  }
  return cloud;
}

}  // namespace ajar::bundle
