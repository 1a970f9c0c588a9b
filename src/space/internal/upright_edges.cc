#include "space/internal/upright_edges.h"

#include <Eigen/Eigenvalues>
#include <Eigen/Geometry>
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <set>

namespace ajar::space {
namespace {

using Eigen::Matrix2d;
using Eigen::Matrix3d;
using Eigen::Vector2d;
using Eigen::Vector3d;

constexpr double kRad = std::numbers::pi / 180;
constexpr int kLongSide_px = 640;        // that edges are looked for at
constexpr float kLeastGradient = 0.02f;  // of grey, from pixel to pixel
constexpr double kMayLean = 0.94;        // cosine, 20 degrees: of a pixel's edge from upright
constexpr double kAlike = 0.966;         // cosine, 15 degrees: of one region's pixels
constexpr double kLeastLength = 0.05;    // of the longer side
constexpr double kMostWidth_px = 1.5;    // standard deviation across
constexpr size_t kPhotographs = 24;
constexpr std::array<double, 8> kWidths_deg = {12, 12, 8, 8, 4, 4, 2, 2};
// So many edges in so many photographs agree, by length so much of all that are about upright (a
// third of what leans any way would be a fifth), and not on a whole circle of directions.
constexpr size_t kFewestEdges = 20, kFewestPhotographs = 3;
constexpr double kLeastShare = 0.3, kLeastSpread = 0.01;

// Means over squares.
ImageF Reduced(const ImageF& grey) {
  const int step = std::max(1, std::max(grey.width, grey.height) / kLongSide_px);
  if (step == 1) return grey;
  ImageF out(grey.width / step, grey.height / step, 1);
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      float sum = 0;
      for (int j = 0; j < step; ++j) {
        for (int i = 0; i < step; ++i) sum += *grey.pixel(x * step + i, y * step + j);
      }
      *out.pixel(x, y) = sum / static_cast<float>(step * step);
    }
  }
  return out;
}

// A line through a region's pixels, each weighted by its gradient.
std::optional<Edge> Line(const std::vector<Vector3d>& pixels, double least_length) {
  Vector2d mean = Vector2d::Zero();
  double weight = 0;
  for (const Vector3d& p : pixels) mean += p.z() * p.head<2>(), weight += p.z();
  mean /= weight;
  Matrix2d squares = Matrix2d::Zero();
  for (const Vector3d& p : pixels) {
    const Vector2d d = p.head<2>() - mean;
    squares += p.z() / weight * d * d.transpose();
  }
  const Eigen::SelfAdjointEigenSolver<Matrix2d> solver(squares);
  if (solver.eigenvalues()[0] > kMostWidth_px * kMostWidth_px) return std::nullopt;
  const Vector2d along = solver.eigenvectors().col(1);
  double low = 0, high = 0;
  for (const Vector3d& p : pixels) {
    const double t = along.dot(p.head<2>() - mean);
    low = std::min(low, t), high = std::max(high, t);
  }
  if (high - low < least_length) return std::nullopt;
  return Edge{mean + low * along, mean + high * along};
}

// Planes through camera and edge: their normals, unit length, and how long the edge is (sine of the
// angle it is seen under).
struct EdgePlane {
  Vector3d normal;
  double weight;
  uint32_t image_id;
};

double Tukey(double x, double width) {
  const double r = x / width;
  return std::abs(r) < 1 ? (1 - r * r) * (1 - r * r) : 0;
}

std::vector<EdgePlane> PlanesOf(const Vector3d& near, const Reconstruction& reconstruction,
                                const PictureOf& picture_of) {
  std::vector<EdgePlane> planes;
  const size_t count = reconstruction.images.size();
  const size_t stride = std::max<size_t>(1, (count + kPhotographs - 1) / kPhotographs);
  size_t at = 0;
  for (const auto& [id, image] : reconstruction.images) {
    if (at++ % stride != 0) continue;
    const auto picture = picture_of(id);
    if (!picture) continue;
    const Camera& camera = reconstruction.cameras.at(image.camera_id);
    const double scale = static_cast<double>(camera.width) / picture->width;
    for (const Edge& e : UprightEdges(*picture, camera, image.cam_from_world.rotation * near)) {
      const auto a = camera.CamFromImg(scale * e.from_px), b = camera.CamFromImg(scale * e.to_px);
      if (!a || !b) continue;
      const Vector3d across =
          Vector3d(a->x(), a->y(), 1).normalized().cross(Vector3d(b->x(), b->y(), 1).normalized());
      if (across.norm() < 1e-6) continue;
      planes.push_back(
          {image.cam_from_world.rotation.conjugate() * across.normalized(), across.norm(), id});
    }
  }
  return planes;
}

}  // namespace

std::vector<Edge> UprightEdges(const ImageF& full, const Camera& camera,
                               const Vector3d& up_in_cam) {
  const ImageF grey = Reduced(full);
  const int w = grey.width, h = grey.height;
  if (w < 3 || h < 3) return {};
  const double camera_px = static_cast<double>(camera.width) / w;  // how many one of ours is
  // Which way each pixel's edge runs, brighter on its right; nothing where it is faint or leans.
  std::vector<Eigen::Vector2f> runs(static_cast<size_t>(w) * static_cast<size_t>(h),
                                    Eigen::Vector2f::Zero());
  for (int y = 1; y + 1 < h; ++y) {
    for (int x = 1; x + 1 < w; ++x) {
      const float gx = 0.5f * (*grey.pixel(x + 1, y) - *grey.pixel(x - 1, y));
      const float gy = 0.5f * (*grey.pixel(x, y + 1) - *grey.pixel(x, y - 1));
      const Eigen::Vector2f run(gy, -gx);
      if (run.norm() < kLeastGradient) continue;
      // The picture's lens bends this by less than what may lean.
      const double u = (camera_px * (x + 0.5) - camera.cx()) / camera.fx();
      const double v = (camera_px * (y + 0.5) - camera.cy()) / camera.fy();
      const Vector2d upward(up_in_cam.x() - u * up_in_cam.z(), up_in_cam.y() - v * up_in_cam.z());
      const double along = std::abs(run.cast<double>().dot(upward));
      if (along < kMayLean * static_cast<double>(run.norm()) * upward.norm()) continue;
      runs[static_cast<size_t>(y * w + x)] = run;
    }
  }
  const double least_length = kLeastLength * std::max(w, h);
  std::vector<Edge> edges;
  std::vector<int> stack;
  std::vector<Vector3d> region;
  for (int start = 0; start < w * h; ++start) {
    if (runs[static_cast<size_t>(start)].isZero()) continue;
    region.clear();
    Vector2d mean = Vector2d::Zero();
    const auto take = [&](int i) {
      Eigen::Vector2f& run = runs[static_cast<size_t>(i)];
      mean += run.cast<double>();
      region.push_back({i % w + 0.5, i / w + 0.5, static_cast<double>(run.norm())});
      run.setZero();
      stack.push_back(i);
    };
    take(start);
    while (!stack.empty()) {
      const int i = stack.back();
      stack.pop_back();
      // The border has no gradients, so that neighbours are always within the picture.
      for (const int step : {-w - 1, -w, -w + 1, -1, 1, w - 1, w, w + 1}) {
        const Vector2d run = runs[static_cast<size_t>(i + step)].cast<double>();
        if (run.isZero() || run.dot(mean) < kAlike * run.norm() * mean.norm()) continue;
        take(i + step);
      }
    }
    if (const auto edge = Line(region, least_length)) {
      const double scale = static_cast<double>(full.width) / w;
      edges.push_back({scale * edge->from_px, scale * edge->to_px});
    }
  }
  return edges;
}

std::optional<Vector3d> UpFromEdges(const Vector3d& near, const Reconstruction& reconstruction,
                                    const PictureOf& picture_of) {
  const std::vector<EdgePlane> planes = PlanesOf(near, reconstruction, picture_of);
  Vector3d up = near.normalized();
  double all = 0, agreeing = 0;
  for (const EdgePlane& p : planes) all += p.weight;
  for (const double width_deg : kWidths_deg) {
    Matrix3d m = Matrix3d::Zero();
    agreeing = 0;
    for (const EdgePlane& p : planes) {
      const double w = p.weight * Tukey(p.normal.dot(up), std::sin(width_deg * kRad));
      m += w * p.normal * p.normal.transpose();
      agreeing += w;
    }
    if (!(agreeing > 0)) return std::nullopt;
    const Eigen::SelfAdjointEigenSolver<Matrix3d> solver(m / agreeing);
    if (solver.eigenvalues()[1] < kLeastSpread) return std::nullopt;
    up = solver.eigenvectors().col(0);
    if (up.dot(near) < 0) up = -up;
  }
  size_t edges = 0;
  std::set<uint32_t> photographs;
  agreeing = 0;
  for (const EdgePlane& p : planes) {
    if (std::abs(p.normal.dot(up)) > std::sin(kWidths_deg.back() * kRad)) continue;
    ++edges;
    agreeing += p.weight;
    photographs.insert(p.image_id);
  }
  if (edges < kFewestEdges || photographs.size() < kFewestPhotographs ||
      agreeing < kLeastShare * all) {
    return std::nullopt;
  }
  return up;
}

}  // namespace ajar::space
