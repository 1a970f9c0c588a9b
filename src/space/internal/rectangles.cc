#include "space/internal/rectangles.h"

namespace ajar::space {
namespace {

// The rectangle with the largest sum, and that sum: for each first and last row, the best run of
// columns.
int BestRectangle(const std::vector<int>& worth, int nx, int nz, CellBox* best) {
  int most = 0;
  std::vector<int> columns(static_cast<size_t>(nx));
  for (int z0 = 0; z0 < nz; ++z0) {
    columns.assign(columns.size(), 0);
    for (int z1 = z0; z1 < nz; ++z1) {
      const int* row = worth.data() + static_cast<ptrdiff_t>(z1) * nx;
      int sum = 0, from = 0;
      for (int x = 0; x < nx; ++x) {
        columns[static_cast<size_t>(x)] += row[x];
        if (sum <= 0) sum = 0, from = x;
        sum += columns[static_cast<size_t>(x)];
        if (sum > most) most = sum, *best = {from, z0, x, z1};
      }
    }
  }
  return most;
}

}  // namespace

std::vector<CellBox> CoverByRectangles(const Mask& mask, const CellBox& within, int most,
                                       int least_cells) {
  const int nx = within.wide(), nz = within.deep();
  std::vector<int> worth;
  for (int z = within.z0; z <= within.z1; ++z) {
    for (int x = within.x0; x <= within.x1; ++x) worth.push_back(mask.at(x, z) ? 1 : -1);
  }
  std::vector<CellBox> boxes;
  while (static_cast<int>(boxes.size()) < most) {
    CellBox box;
    if (BestRectangle(worth, nx, nz, &box) < least_cells) break;
    for (int z = box.z0; z <= box.z1; ++z) {
      for (int x = box.x0; x <= box.x1; ++x) worth[static_cast<size_t>(z * nx + x)] = 0;
    }
    box.x0 += within.x0, box.x1 += within.x0, box.z0 += within.z0, box.z1 += within.z0;
    boxes.push_back(box);
  }
  return boxes;
}

}  // namespace ajar::space
