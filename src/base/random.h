// A small random generator whose whole state is one number (SplitMix64; Steele, Lea & Flood
// 2014), so that a checkpoint can keep it: the same sequence everywhere.
#pragma once

#include <cstdint>

namespace ajar {

struct Random {
  uint64_t state = 0;

  uint64_t Next() {
    uint64_t z = (state += 0x9e3779b97f4a7c15ull);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
  }
  // In [0, 1).
  float Uniform() { return static_cast<float>(Next() >> 40) * 0x1p-24f; }
  // In [0, n).
  uint64_t Below(uint64_t n) { return Next() % n; }  // n is far below 2^64: no visible bias
};

}  // namespace ajar
