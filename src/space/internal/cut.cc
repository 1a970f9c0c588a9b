#include "space/internal/cut.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

namespace ajar::space {
namespace {

constexpr int kDirections = 8;  // direction k and k ^ 1 are opposite
constexpr std::array<int, kDirections> kDx = {1, -1, 0, 0, 1, -1, 1, -1};
constexpr std::array<int, kDirections> kDz = {0, 0, 1, -1, 1, -1, -1, 1};
constexpr double kUnits = 1e5;  // whole numbers a unit of cost, so that nothing is rounded on the way

class Flow {
 public:
  Flow(const Map<float>& pull, const Map<float>& border)
      : nx_(pull.nx), nz_(pull.nz), count_(pull.data.size()), capacity_(kDirections * count_, 0),
        terminal_(count_), level_(count_), arc_(count_) {
    for (size_t i = 0; i < count_; ++i) {
      terminal_[i] = std::llround(static_cast<double>(pull.data[i]) * kUnits);
    }
    const double straight = pull.cell_m * std::numbers::pi / 8;
    const double diagonal = straight / std::numbers::sqrt2;
    for (int z = 0; z < nz_; ++z) {
      for (int x = 0; x < nx_; ++x) {
        for (int k = 0; k < kDirections; ++k) {
          if (!pull.Has(x + kDx[k], z + kDz[k])) continue;
          const double cost = static_cast<double>(
              std::min(border.at(x, z), border.at(x + kDx[k], z + kDz[k])));
          Capacity(k, pull.Index(x, z)) =
              std::llround(cost * (k < 4 ? straight : diagonal) * kUnits);
        }
      }
    }
  }

  void Run() {
    while (FindLevels()) {
      std::ranges::fill(arc_, 0);
      for (size_t i = 0; i < count_; ++i) {
        while (terminal_[i] > 0 && Push(i)) {
        }
      }
    }
  }

  // After Run(): what can still be reached from the inside.
  bool IsInside(size_t i) const { return level_[i] >= 0; }

 private:
  int64_t& Capacity(int direction, size_t i) {
    return capacity_[i * kDirections + static_cast<size_t>(direction)];
  }
  size_t Neighbour(size_t i, int k) const {
    return static_cast<size_t>(static_cast<std::ptrdiff_t>(i) + kDx[static_cast<size_t>(k)] +
                               static_cast<std::ptrdiff_t>(nx_) * kDz[static_cast<size_t>(k)]);
  }

  // Steps from the nearest cell with something to give; whether one that takes is reached.
  bool FindLevels() {
    std::ranges::fill(level_, -1);
    queue_.clear();
    for (size_t i = 0; i < count_; ++i) {
      if (terminal_[i] > 0) level_[i] = 0, queue_.push_back(i);
    }
    bool found = false;
    for (size_t head = 0; head < queue_.size(); ++head) {
      const size_t i = queue_[head];
      if (terminal_[i] < 0) found = true;
      for (int k = 0; k < kDirections; ++k) {
        if (Capacity(k, i) <= 0) continue;
        const size_t j = Neighbour(i, k);
        if (level_[j] < 0) level_[j] = level_[i] + 1, queue_.push_back(j);
      }
    }
    return found;
  }

  // Sends what one path can take from a cell to one that takes; false when there is none left.
  bool Push(size_t from) {
    path_.clear();
    size_t i = from;
    while (true) {
      if (terminal_[i] < 0) {
        int64_t amount = std::min(terminal_[from], -terminal_[i]);
        for (const auto& [cell, k] : path_) amount = std::min(amount, Capacity(k, cell));
        for (const auto& [cell, k] : path_) {
          Capacity(k, cell) -= amount;
          Capacity(k ^ 1, Neighbour(cell, k)) += amount;
        }
        terminal_[from] -= amount;
        terminal_[i] += amount;
        return true;
      }
      bool advanced = false;
      for (; arc_[i] < kDirections; ++arc_[i]) {
        if (Capacity(arc_[i], i) <= 0) continue;
        const size_t j = Neighbour(i, arc_[i]);
        if (level_[j] != level_[i] + 1) continue;
        path_.push_back({i, arc_[i]});
        i = j;
        advanced = true;
        break;
      }
      if (advanced) continue;
      if (path_.empty()) return false;
      i = path_.back().first;
      path_.pop_back();
      ++arc_[i];
    }
  }

  int nx_, nz_;
  size_t count_;
  std::vector<int64_t> capacity_, terminal_;  // terminal: to give (positive) or take
  std::vector<int32_t> level_;
  std::vector<int> arc_;
  std::vector<size_t> queue_;
  std::vector<std::pair<size_t, int>> path_;
};

}  // namespace

Mask CheapestBorder(const Map<float>& pull, const Map<float>& border) {
  Flow flow(pull, border);
  flow.Run();
  Mask inside = Mask::Like(pull);
  for (size_t i = 0; i < inside.data.size(); ++i) inside.data[i] = flow.IsInside(i) ? 1 : 0;
  return inside;
}

}  // namespace ajar::space
