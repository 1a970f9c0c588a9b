#include "sfm/internal/kernels/nearest.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "sfm/internal/kernels/nearest.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace ajar::sfm::internal {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr size_t kBlock = 16;
constexpr size_t kColumns = 2 * kBlock;  // of the second set at a time
constexpr size_t kRows = 4;              // of the first set at a time

// dots[r * 32 + j] = rows[r] . (descriptor j of the two blocks), r < 4.
#if HWY_ARCH_X86 && HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128
using D32 = hn::CappedTag<int32_t, kBlock>;
using D16 = hn::Repartition<int16_t, D32>;

void Dots(const int16_t* const* rows, const int16_t* blocks, int32_t* dots) {
  const D32 d;
  const D16 d16;
  const size_t lanes = hn::Lanes(d);
  const int16_t *row0 = rows[0], *row1 = rows[1], *row2 = rows[2], *row3 = rows[3];
  for (size_t j = 0; j < kBlock; j += lanes) {
    auto a0 = hn::Zero(d), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
    auto unused = a0;  // on x86 both products of a pair are added into the first sum
    const int16_t* at = blocks + 2 * j;
    const auto pair = [&](const int16_t* row) {
      int32_t both;
      hwy::CopyBytes<4>(row, &both);
      return hn::BitCast(d16, hn::Set(d, both));
    };
    for (size_t p = 0; p < kDescriptorBytes; p += 2, at += 2 * kBlock) {
      const auto a = hn::LoadU(d16, at);
      const auto b = hn::LoadU(d16, at + kBlock * kDescriptorBytes);
      const auto p0 = pair(row0 + p), p1 = pair(row1 + p);
      const auto p2 = pair(row2 + p), p3 = pair(row3 + p);
      a0 = hn::ReorderWidenMulAccumulate(d, p0, a, a0, unused);
      b0 = hn::ReorderWidenMulAccumulate(d, p0, b, b0, unused);
      a1 = hn::ReorderWidenMulAccumulate(d, p1, a, a1, unused);
      b1 = hn::ReorderWidenMulAccumulate(d, p1, b, b1, unused);
      a2 = hn::ReorderWidenMulAccumulate(d, p2, a, a2, unused);
      b2 = hn::ReorderWidenMulAccumulate(d, p2, b, b2, unused);
      a3 = hn::ReorderWidenMulAccumulate(d, p3, a, a3, unused);
      b3 = hn::ReorderWidenMulAccumulate(d, p3, b, b3, unused);
    }
    int32_t* out = dots + j;
    hn::StoreU(a0, d, out);
    hn::StoreU(b0, d, out + kBlock);
    hn::StoreU(a1, d, out + kColumns);
    hn::StoreU(b1, d, out + kColumns + kBlock);
    hn::StoreU(a2, d, out + 2 * kColumns);
    hn::StoreU(b2, d, out + 2 * kColumns + kBlock);
    hn::StoreU(a3, d, out + 3 * kColumns);
    hn::StoreU(b3, d, out + 3 * kColumns + kBlock);
  }
}
#else
void Dots(const int16_t* const* rows, const int16_t* blocks, int32_t* dots) {
  for (size_t r = 0; r < kRows; ++r) {
    for (size_t j = 0; j < kColumns; ++j) {
      const int16_t* block = blocks + j / kBlock * kBlock * kDescriptorBytes;
      int32_t sum = 0;
      for (size_t p = 0; p < kDescriptorBytes; p += 2) {
        const int16_t* b = block + p * kBlock + j % kBlock * 2;
        sum += rows[r][p] * b[0] + rows[r][p + 1] * b[1];
      }
      dots[r * kColumns + j] = sum;
    }
  }
}
#endif

void FindNearest(const PackedDescriptors& first, const PackedDescriptors& second, Nearest* of_first,
                 Nearest* of_second) {
  using D = hn::CappedTag<int32_t, kBlock>;
  const D d;
  const size_t lanes = hn::Lanes(d);
  HWY_ALIGN int32_t dots[kRows * kColumns];
  HWY_ALIGN int32_t best[kColumns];
  HWY_ALIGN int32_t best_index[kColumns];
  const int16_t* rows[kRows];
  for (size_t begin = 0; begin < second.count; begin += kColumns) {
    const int16_t* blocks = second.blocks.data() + begin * kDescriptorBytes;
    const size_t in_block = std::min(kColumns, second.count - begin);
    std::fill(best, best + kColumns, -1);
    std::fill(best_index, best_index + kColumns, -1);
    for (size_t a = 0; a < first.count; a += kRows) {
      const size_t count = std::min(kRows, first.count - a);
      for (size_t r = 0; r < kRows; ++r) {
        rows[r] = first.rows.data() + (a + std::min(r, count - 1)) * kDescriptorBytes;
      }
      Dots(rows, blocks, dots);
      for (size_t r = 0; r < count; ++r) {
        Nearest& nearest = of_first[a + r];
        const auto row = hn::Set(d, static_cast<int32_t>(a + r));
        const auto second_best = hn::Set(d, nearest.second_dot);
        bool better = false;
        for (size_t j = 0; j < kColumns; j += lanes) {
          const auto v = hn::Load(d, dots + r * kColumns + j);
          const auto so_far = hn::Load(d, best + j);
          const auto larger = hn::Gt(v, so_far);
          hn::Store(hn::IfThenElse(larger, v, so_far), d, best + j);
          hn::Store(hn::IfThenElse(larger, row, hn::Load(d, best_index + j)), d, best_index + j);
          better = better || !hn::AllFalse(d, hn::Gt(v, second_best));
        }
        if (!better) continue;
        for (size_t j = 0; j < in_block; ++j) {
          const int32_t dot = dots[r * kColumns + j];
          if (dot > nearest.dot) {
            nearest.second_dot = nearest.dot;
            nearest.dot = dot;
            nearest.index = static_cast<int32_t>(begin + j);
          } else if (dot > nearest.second_dot) {
            nearest.second_dot = dot;
          }
        }
      }
    }
    for (size_t j = 0; j < in_block; ++j) {
      of_second[begin + j].index = best_index[j];
      of_second[begin + j].dot = best[j];
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace ajar::sfm::internal
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ajar::sfm::internal {

HWY_EXPORT(FindNearest);

PackedDescriptors Pack(std::span<const uint8_t> descriptors) {
  constexpr size_t kBlock = 16, kColumns = 32;
  PackedDescriptors packed;
  packed.count = descriptors.size() / kDescriptorBytes;
  packed.rows.assign(descriptors.begin(), descriptors.end());
  packed.blocks.resize((packed.count + kColumns - 1) / kColumns * kColumns * kDescriptorBytes);
  for (size_t i = 0; i < packed.count; ++i) {
    int16_t* block = packed.blocks.data() + i / kBlock * kBlock * kDescriptorBytes;
    for (size_t k = 0; k < kDescriptorBytes; ++k) {
      block[(k / 2 * kBlock + i % kBlock) * 2 + k % 2] = descriptors[i * kDescriptorBytes + k];
    }
  }
  return packed;
}

void FindNearest(const PackedDescriptors& first, const PackedDescriptors& second,
                 std::vector<Nearest>* of_first, std::vector<int32_t>* of_second) {
  of_first->assign(first.count, Nearest{});
  std::vector<Nearest> back(second.count);
  if (first.count > 0 && second.count > 0) {
    HWY_DYNAMIC_DISPATCH(FindNearest)(first, second, of_first->data(), back.data());
  }
  of_second->resize(second.count);
  for (size_t i = 0; i < second.count; ++i) (*of_second)[i] = back[i].index;
}

}  // namespace ajar::sfm::internal
#endif
