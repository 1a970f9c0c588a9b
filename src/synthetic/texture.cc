#include "synthetic/internal/texture.h"

#include <algorithm>
#include <cmath>

namespace ajar::synthetic {
namespace {

uint32_t Hash(uint32_t a, uint32_t b, uint32_t c) {
  uint32_t h = a * 0x9e3779b1u ^ b * 0x85ebca77u ^ c * 0xc2b2ae3du;
  h ^= h >> 15;
  h *= 0x2c1b3c6du;
  h ^= h >> 12;
  h *= 0x297a2d39u;
  return h ^ (h >> 15);
}

float Unit(uint32_t h) { return static_cast<float>(h >> 8) * 0x1p-24f; }

// Value noise: random numbers on a grid, smoothly joined.
float Noise(uint32_t seed, float u, float v) {
  const float fu = std::floor(u), fv = std::floor(v);
  const auto i = static_cast<uint32_t>(static_cast<int32_t>(fu));
  const auto j = static_cast<uint32_t>(static_cast<int32_t>(fv));
  const auto smooth = [](float t) { return t * t * (3 - 2 * t); };
  const float a = smooth(u - fu), b = smooth(v - fv);
  const float low = std::lerp(Unit(Hash(seed, i, j)), Unit(Hash(seed, i + 1, j)), a);
  const float high = std::lerp(Unit(Hash(seed, i, j + 1)), Unit(Hash(seed, i + 1, j + 1)), a);
  return std::lerp(low, high, b);
}

Eigen::Vector3f Palette(uint32_t h) {
  return {0.25f + 0.6f * Unit(Hash(h, 1, 7)), 0.25f + 0.55f * Unit(Hash(h, 2, 7)),
          0.2f + 0.55f * Unit(Hash(h, 3, 7))};
}

// Patches of paper pinned to the surface, each with strokes on it like lettering.
bool Patches(uint32_t surface, float u, float v, Eigen::Vector3f* colour) {
  constexpr float kCell = 0.45f;
  const float cu = std::floor(u / kCell), cv = std::floor(v / kCell);
  const uint32_t cell = Hash(surface ^ 0x51u, static_cast<uint32_t>(static_cast<int32_t>(cu)),
                             static_cast<uint32_t>(static_cast<int32_t>(cv)));
  if (Unit(cell) < 0.35f) return false;
  const float width = 0.45f + 0.35f * Unit(Hash(cell, 1, 1));
  const float height = 0.45f + 0.35f * Unit(Hash(cell, 2, 1));
  const float x = (u / kCell - cu - 0.5f) / width + 0.5f;
  const float y = (v / kCell - cv - 0.5f) / height + 0.5f;
  if (x < 0 || x > 1 || y < 0 || y > 1) return false;
  *colour = Palette(cell);
  if (x < 0.05f || x > 0.95f || y < 0.05f || y > 0.95f) *colour *= 0.45f;
  const auto row = static_cast<uint32_t>(y * 9), column = static_cast<uint32_t>(x * 11);
  if (row % 2 == 1 && Unit(Hash(cell, row + 11, column)) < 0.6f) *colour *= 0.3f;
  return true;
}

}  // namespace

Eigen::Vector3f SurfaceColour(uint32_t surface, float u, float v) {
  const Eigen::Vector3f first = Palette(surface * 2 + 101), second = Palette(surface * 2 + 102);
  float mix = 0, weight = 0.5f, frequency = 3;
  for (uint32_t octave = 0; octave < 5; ++octave) {
    mix += weight * Noise(surface * 8 + octave, u * frequency, v * frequency);
    weight *= 0.6f;
    frequency *= 2.3f;
  }
  Eigen::Vector3f colour = first + (second - first) * std::clamp(mix, 0.0f, 1.0f);
  if (surface % 3 == 0 && std::fmod(std::abs(u), 0.17f) < 0.012f) colour *= 0.6f;  // boards
  Patches(surface, u, v, &colour);
  // Fine speckle: something to hold on to everywhere, also close up.
  const float speckle = Noise(surface + 977, u * 60, v * 60);
  colour *= 0.88f + 0.24f * speckle;
  return colour.cwiseMin(1.0f).cwiseMax(0.0f);
}

}  // namespace ajar::synthetic
