// A splat cloud laid out for vector units: one plane of floats a parameter.
#pragma once

#include <cstddef>
#include <new>
#include <vector>

#include "scene/splat_cloud.h"

namespace ajar::splat {

// Plane numbers. Harmonics: kSh + coefficient * 3 + channel.
enum Plane : int { kMean = 0, kRotation = 3, kScale = 7, kOpacity = 10, kSh = 11 };
constexpr int PlaneCount(int sh_degree) { return kSh + 3 * ShCoefficientCount(sh_degree); }

// Splats are worked on in blocks of so many: small enough for the first cache level together
// with their gradients, a multiple of every vector length.
inline constexpr size_t kBlockSplats = 256;

template <class T>
struct AlignedAllocator {
  using value_type = T;
  AlignedAllocator() = default;
  template <class U>
  AlignedAllocator(const AlignedAllocator<U>&) {}
  T* allocate(size_t n) {
    return static_cast<T*>(::operator new(n * sizeof(T), std::align_val_t(64)));
  }
  void deallocate(T* p, size_t) { ::operator delete(p, std::align_val_t(64)); }
  bool operator==(const AlignedAllocator&) const { return true; }
};
using AlignedFloats = std::vector<float, AlignedAllocator<float>>;

// Planes of `stride` floats, stride a multiple of kBlockSplats and >= count. Lanes beyond count
// hold a harmless splat (opacity logit -100), so that whole vectors may be processed.
class SplatPlanes {
 public:
  SplatPlanes() = default;
  SplatPlanes(size_t count, int sh_degree);
  explicit SplatPlanes(const SplatCloud& cloud);

  size_t count() const { return count_; }
  size_t stride() const { return stride_; }
  int sh_degree() const { return sh_degree_; }
  int planes() const { return PlaneCount(sh_degree_); }
  size_t blocks() const { return (count_ + kBlockSplats - 1) / kBlockSplats; }

  float* plane(int p) { return data_.data() + static_cast<size_t>(p) * stride_; }
  const float* plane(int p) const { return data_.data() + static_cast<size_t>(p) * stride_; }

  // New planes whose splat i is this one's splat source[i]; values only.
  SplatPlanes Gathered(const std::vector<size_t>& source) const;
  SplatCloud ToCloud() const;  // quaternions come out normalised

  const AlignedFloats& data() const { return data_; }
  AlignedFloats& data() { return data_; }

 private:
  void FillPadding();
  size_t count_ = 0, stride_ = 0;
  int sh_degree_ = 0;
  AlignedFloats data_;
};

}  // namespace ajar::splat
