#include "bundle/internal/codebook.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "base/parallel.h"

namespace ajar::bundle::internal {
namespace {

constexpr size_t kValues = 256;
constexpr int kCodebookRounds = 24, kPaletteRounds = 8;
constexpr size_t kSamplesAnEntry = 12;

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// Index of the nearest entry for each row: the smallest |e|^2 - 2 e.v, as matrix products.
void NearestEntries(const float* vectors, size_t count, const Matrix& entries, uint32_t* labels) {
  const Eigen::Index dimensions = entries.cols();
  const Eigen::RowVectorXf norms = entries.rowwise().squaredNorm().transpose();
  constexpr size_t kRows = 256;
  ParallelForChunks(count, kRows, [&](size_t, size_t begin, size_t end) {
    const Eigen::Map<const Matrix> rows(vectors + begin * static_cast<size_t>(dimensions),
                                        static_cast<Eigen::Index>(end - begin), dimensions);
    Matrix scores = rows * entries.transpose();
    scores *= -2;
    scores.rowwise() += norms;
    for (Eigen::Index i = 0; i < scores.rows(); ++i) {
      Eigen::Index best = 0;
      scores.row(i).minCoeff(&best);
      labels[begin + static_cast<size_t>(i)] = static_cast<uint32_t>(best);
    }
  });
}

uint64_t Mixed(uint64_t x) {
  x += 0x9e3779b97f4a7c15ull;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}

}  // namespace

uint8_t Codebook::IndexOf(float x) const {
  const auto above = std::lower_bound(values.begin(), values.end(), x);
  if (above == values.begin()) return 0;
  if (above == values.end()) return static_cast<uint8_t>(values.size() - 1);
  const auto below = above - 1;
  return static_cast<uint8_t>((x - *below <= *above - x ? below : above) - values.begin());
}

Codebook MakeCodebook(std::vector<float> samples) {
  Codebook codebook;
  if (samples.empty()) samples.push_back(0);
  std::sort(samples.begin(), samples.end());
  // Start at even shares of the samples, then move each value to the mean of what is nearest.
  std::vector<double> sums(samples.size() + 1, 0.0);
  for (size_t i = 0; i < samples.size(); ++i) {
    sums[i + 1] = sums[i] + static_cast<double>(samples[i]);
  }
  // Mixing shares of the samples with shares of the range keeps rare values in reach.
  codebook.values.resize(kValues);
  for (size_t k = 0; k < kValues; ++k) {
    const double t = (static_cast<double>(k) + 0.5) / kValues;
    const float share = samples[static_cast<size_t>(t * static_cast<double>(samples.size()))];
    const float even = samples.front() + static_cast<float>(t) * (samples.back() - samples.front());
    codebook.values[k] = 0.5f * (share + even);
  }
  for (int round = 0; round < kCodebookRounds; ++round) {
    size_t begin = 0;
    for (size_t k = 0; k < kValues; ++k) {
      const float middle = k + 1 < kValues
                               ? 0.5f * (codebook.values[k] + codebook.values[k + 1])
                               : std::numeric_limits<float>::infinity();
      const size_t end = static_cast<size_t>(
          std::upper_bound(samples.begin() + static_cast<ptrdiff_t>(begin), samples.end(),
                           middle) -
          samples.begin());
      if (end > begin) {
        codebook.values[k] =
            static_cast<float>((sums[end] - sums[begin]) / static_cast<double>(end - begin));
      }
      begin = end;
    }
    std::sort(codebook.values.begin(), codebook.values.end());
  }
  return codebook;
}

Palette MakePalette(const std::vector<float>& vectors, size_t dimensions, size_t most_entries,
                    uint64_t seed, const Progress& progress) {
  AJAR_CHECK(dimensions > 0 && vectors.size() % dimensions == 0 && !vectors.empty());
  const size_t count = vectors.size() / dimensions;
  Palette palette;
  palette.dimensions = dimensions;
  palette.entries = std::min(most_entries, count);
  const size_t sampled = std::min(count, palette.entries * kSamplesAnEntry);
  // A sample spread evenly with a jitter of its own, the first ones being the first entries.
  std::vector<float> sample(sampled * dimensions);
  for (size_t k = 0; k < sampled; ++k) {
    const size_t lowest = k * count / sampled, next = (k + 1) * count / sampled;
    const size_t from = lowest + Mixed(seed + k) % std::max<size_t>(1, next - lowest);
    std::copy_n(vectors.begin() + static_cast<ptrdiff_t>(from * dimensions), dimensions,
                sample.begin() + static_cast<ptrdiff_t>(k * dimensions));
  }
  const auto rows = static_cast<Eigen::Index>(palette.entries);
  const auto columns = static_cast<Eigen::Index>(dimensions);
  Matrix entries(rows, columns);
  for (size_t k = 0; k < palette.entries; ++k) {
    const size_t from = k * sampled / palette.entries;
    entries.row(static_cast<Eigen::Index>(k)) = Eigen::Map<const Eigen::RowVectorXf>(
        sample.data() + from * dimensions, columns);
  }
  std::vector<uint32_t> nearest(sampled);
  for (int round = 0; round < kPaletteRounds; ++round) {
    progress.ThrowIfCancelled();
    NearestEntries(sample.data(), sampled, entries, nearest.data());
    Matrix sums = Matrix::Zero(rows, columns);
    std::vector<uint32_t> members(palette.entries);
    for (size_t k = 0; k < sampled; ++k) {
      sums.row(nearest[k]) +=
          Eigen::Map<const Eigen::RowVectorXf>(sample.data() + k * dimensions, columns);
      ++members[nearest[k]];
    }
    for (Eigen::Index k = 0; k < rows; ++k) {
      if (members[static_cast<size_t>(k)] > 0) {
        entries.row(k) = sums.row(k) / static_cast<float>(members[static_cast<size_t>(k)]);
      }
    }
  }
  palette.labels.resize(count);
  NearestEntries(vectors.data(), count, entries, palette.labels.data());
  palette.values.assign(entries.data(), entries.data() + entries.size());
  return palette;
}

}  // namespace ajar::bundle::internal
