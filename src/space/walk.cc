#include "space/walk.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "space/internal/contour.h"

namespace ajar::space {
namespace {

using Eigen::Vector2d;
using Eigen::Vector3f;

constexpr double kCell_m = 0.01;
constexpr double kMostCells = 64e6;

double Cross(const Vector2d& a, const Vector2d& b) { return a.x() * b.y() - a.y() * b.x(); }

// Every cell whose centre a triangle covers from above, and what its sides run through.
void Paint(const Vector2d& a, const Vector2d& b, const Vector2d& c, bool sides, Mask* mask) {
  const Vector2d low = a.cwiseMin(b).cwiseMin(c), high = a.cwiseMax(b).cwiseMax(c);
  const double turn = Cross(b - a, c - a);
  if (std::abs(turn) > 1e-12) {
    for (int z = std::max(0, mask->Z(low.y())); z <= std::min(mask->nz - 1, mask->Z(high.y())); ++z) {
      for (int x = std::max(0, mask->X(low.x())); x <= std::min(mask->nx - 1, mask->X(high.x()));
           ++x) {
        const Vector2d p = mask->Centre(x, z);
        const double u = Cross(b - a, p - a) / turn, v = Cross(c - b, p - b) / turn,
                     w = Cross(a - c, p - c) / turn;
        if (u >= 0 && v >= 0 && w >= 0) mask->at(x, z) = 1;
      }
    }
  }
  if (!sides) return;
  const auto line = [&](const Vector2d& from, const Vector2d& to) {
    const int steps = 1 + static_cast<int>((to - from).norm() / (0.5 * kCell_m));
    for (int i = 0; i <= steps; ++i) {
      const Vector2d p = from + (to - from) * (static_cast<double>(i) / steps);
      if (mask->Has(mask->X(p.x()), mask->Z(p.y()))) mask->at(mask->X(p.x()), mask->Z(p.y())) = 1;
    }
  };
  line(a, b), line(b, c), line(c, a);
}

}  // namespace

struct Walker::Field {
  Mask floor;
  Map<float> clear;  // distance to what is in the way
  double radius_m = 0;
};

Walker::Walker(const CollisionMesh& mesh, const Body& body) : field_(std::make_unique<Field>()) {
  field_->radius_m = body.radius_m;
  if (mesh.empty()) return;
  Vector3f low = mesh.positions[0], high = low;
  for (const Vector3f& p : mesh.positions) low = low.cwiseMin(p), high = high.cwiseMax(p);
  const double nx = (static_cast<double>(high.x()) - static_cast<double>(low.x())) / kCell_m + 3;
  const double nz = (static_cast<double>(high.z()) - static_cast<double>(low.z())) / kCell_m + 3;
  if (!(nx * nz < kMostCells)) return;
  Mask floor(static_cast<double>(low.x()) - kCell_m, static_cast<double>(low.z()) - kCell_m, kCell_m,
             static_cast<int>(nx), static_cast<int>(nz));
  Mask blocked = floor;
  const auto paint = [&](const std::vector<uint32_t>& triangles, bool is_floor) {
    for (size_t i = 0; i + 2 < triangles.size(); i += 3) {
      const Vector3f& a = mesh.positions[triangles[i]];
      const Vector3f& b = mesh.positions[triangles[i + 1]];
      const Vector3f& c = mesh.positions[triangles[i + 2]];
      const auto top = static_cast<double>(std::max({a.y(), b.y(), c.y()}));
      const auto foot = static_cast<double>(std::min({a.y(), b.y(), c.y()}));
      if (!is_floor && (top <= body.step_m || foot >= body.height_m)) continue;
      const auto flat = [](const Vector3f& p) -> Vector2d { return {p.x(), p.z()}; };
      Paint(flat(a), flat(b), flat(c), !is_floor, is_floor ? &floor : &blocked);
    }
  };
  paint(mesh.floor, true);
  paint(mesh.obstacles, false);
  paint(mesh.walls, false);
  paint(mesh.unknown, false);
  field_->clear = DistanceTo(blocked);
  field_->floor = std::move(floor);
}

Walker::~Walker() = default;
Walker::Walker(Walker&&) noexcept = default;

bool Walker::CanStand(const Vector2d& place) const {
  const Field& f = *field_;
  if (f.floor.data.empty() || !place.allFinite()) return false;
  const double x = (place.x() - f.floor.low_x) / kCell_m, z = (place.y() - f.floor.low_z) / kCell_m;
  if (!(x >= 0 && z >= 0 && x < f.floor.nx && z < f.floor.nz)) return false;
  const size_t i = f.floor.Index(static_cast<int>(x), static_cast<int>(z));
  return f.floor.data[i] && static_cast<double>(f.clear.data[i]) >= field_->radius_m;
}

Vector2d Walker::Walk(const Vector2d& place, const Vector2d& by) const {
  const double length = by.norm();
  if (!(length > 0) || !std::isfinite(length)) return place;
  const int steps = static_cast<int>(std::ceil(std::min(length, 1e3) / kCell_m));
  const Vector2d step = by / length * (std::min(length, 1e3) / steps);
  Vector2d at = place;
  for (int i = 0; i < steps; ++i) {
    if (CanStand(at + step)) {
      at += step;
      continue;
    }
    // Along the wall: as far to the side as is left of the step.
    bool moved = false;
    for (const double turn : {0.5, -0.5, 1.0, -1.0, 1.35, -1.35}) {
      const Eigen::Rotation2Dd rotation(turn);
      const Vector2d aside = std::cos(turn) * (rotation * step);
      if (!CanStand(at + aside)) continue;
      at += aside;
      moved = true;
      break;
    }
    if (!moved) break;
  }
  return at;
}

Vector2d Walker::Nearest(const Vector2d& place, double reach_m) const {
  if (CanStand(place)) return place;
  Vector2d best = place;
  double least = std::numeric_limits<double>::infinity();
  const int reach = static_cast<int>(std::ceil(reach_m / kCell_m));
  for (int dz = -reach; dz <= reach; ++dz) {
    for (int dx = -reach; dx <= reach; ++dx) {
      const Vector2d there = place + kCell_m * Vector2d(dx, dz);
      const double distance = (there - place).norm();
      if (distance < least && distance <= reach_m && CanStand(there)) least = distance, best = there;
    }
  }
  return best;
}

}  // namespace ajar::space
