#include "dense/dense.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "base/parallel.h"
#include "dense/internal/depth_map.h"
#include "dense/internal/fuse.h"
#include "dense/internal/neighbours.h"
#include "dense/internal/planes.h"
#include "dense/internal/rims.h"

namespace ajar::dense {
namespace {

using internal::DepthMap;
using internal::InverseRange;
using internal::Pose;
using internal::Prepared;

constexpr size_t kAgreeing = 8;    // photographs that are asked whether they agree
constexpr double kPlaneTolerance = 0.01;  // of the scene's extent
constexpr size_t kPlanePoints = 30'000;
constexpr size_t kFewPoints = 20;  // fewer sparse points say nothing of a photograph's depths

struct Known {
  std::vector<InverseRange> ranges;
  std::vector<std::vector<Eigen::Vector3d>> seen;  // places that each view shows
};

InverseRange RangeOf(std::vector<double>* inverse_depths) {
  std::sort(inverse_depths->begin(), inverse_depths->end());
  const auto at = [&](double share) {
    return (*inverse_depths)[static_cast<size_t>(
        share * static_cast<double>(inverse_depths->size() - 1))];
  };
  return {0.7 * at(0.02), 1.5 * at(0.98)};
}

bool Shows(const Pose& pose, const Eigen::Vector3d& x, double* depth) {
  const Eigen::Vector3d in_cam = pose.cam_from_world * x;
  const auto pixel = pose.camera.ImgFromCam(in_cam);
  *depth = in_cam.z();
  return pixel && pixel->x() >= 0 && pixel->y() >= 0 && pixel->x() <= pose.camera.width &&
         pixel->y() <= pose.camera.height;
}

// Nothing is known: places along the rays of a grid of pixels, at depths from near to far.
void Guess(const Pose& pose, double scene_extent, InverseRange* range,
           std::vector<Eigen::Vector3d>* seen) {
  *range = {0.05 / scene_extent, 6 / scene_extent};
  const Rigid3 world_from_cam = Inverse(pose.cam_from_world);
  for (const double depth : {0.5 * scene_extent, scene_extent, 2 * scene_extent}) {
    for (int i = 0; i < 48; ++i) {
      const double x = (i % 8 + 0.5) / 8 * pose.camera.width;
      const double y = (i / 8 + 0.5) / 6 * pose.camera.height;
      seen->push_back(world_from_cam *
                      Eigen::Vector3d((x - pose.camera.cx()) / pose.camera.fx() * depth,
                                      (y - pose.camera.cy()) / pose.camera.fy() * depth, depth));
    }
  }
}

Known FromPoints(std::span<const View> views, std::span<const Eigen::Vector3f> points,
                 double scene_extent, bool* all_known) {
  constexpr size_t kPlaces = 400;  // of a view's points that choose its neighbours
  Known known;
  known.ranges.resize(views.size());
  known.seen.resize(views.size());
  std::vector<uint8_t> is_known(views.size());
  ParallelFor(views.size(), 1, [&](size_t i) {
    const Pose pose{views[i].camera, views[i].cam_from_world};
    std::vector<double> inverse_depths;
    std::vector<Eigen::Vector3d> places;
    for (const Eigen::Vector3f& x : points) {
      double depth = 0;
      if (!Shows(pose, x.cast<double>(), &depth)) continue;
      inverse_depths.push_back(1 / depth);
      places.push_back(x.cast<double>());
    }
    is_known[i] = places.size() >= kFewPoints;
    if (!is_known[i]) {
      Guess(pose, scene_extent, &known.ranges[i], &known.seen[i]);
      return;
    }
    known.ranges[i] = RangeOf(&inverse_depths);
    const size_t count = std::min(kPlaces, places.size());
    for (size_t k = 0; k < count; ++k) {
      known.seen[i].push_back(places[k * places.size() / count]);
    }
  });
  *all_known = std::all_of(is_known.begin(), is_known.end(), [](uint8_t k) { return k != 0; });
  return known;
}

// Depths of all views at one size, and where they agree.
class Round {
 public:
  Round(std::span<const View> views, const Known& known, int long_side_px, size_t neighbours) {
    prepared_.resize(views.size());
    ParallelFor(views.size(), 1, [&](size_t i) {
      prepared_[i] = internal::Prepare(*views[i].picture, {views[i].camera, views[i].cam_from_world},
                                       long_side_px);
    });
    std::vector<Pose> poses;
    for (const Prepared& p : prepared_) poses.push_back(p.pose);
    neighbours_ = internal::ChooseNeighbours(poses, known.seen, std::max(neighbours, kAgreeing));
    ranges_ = known.ranges;
    compared_ = neighbours;
  }

  void FindDepths(const std::string& what, const Progress& progress) {
    maps_.resize(prepared_.size());
    const size_t at_once = static_cast<size_t>(ThreadCount());
    for (size_t start = 0; start < prepared_.size(); start += at_once) {
      progress.ThrowIfCancelled();
      progress.Report({what,
                       static_cast<double>(start) / static_cast<double>(prepared_.size()),
                       std::nullopt,
                       {}});
      ParallelFor(std::min(at_once, prepared_.size() - start), 1, [&](size_t k) {
        const size_t i = start + k;
        std::vector<const Prepared*> others;
        for (const size_t j : neighbours_[i]) {
          if (others.size() < compared_) others.push_back(&prepared_[j]);
        }
        maps_[i] = internal::FindDepth(prepared_[i], others, ranges_[i],
                                       internal::HypothesisCount(prepared_[i], others, ranges_[i]));
      });
    }
    known_.resize(prepared_.size());
    ParallelFor(prepared_.size(), 1, [&](size_t i) {
      // Two others must agree; where only one could, one.
      const int least = neighbours_[i].size() > 1 ? 2 : 1;
      known_[i] = internal::Agreed(prepared_, maps_, i, neighbours_[i], least);
    });
  }

  // Plain parts get the depths of the planes that their edges lie on.
  void FillPlainParts(double scene_extent) {
    const double tolerance = kPlaneTolerance * scene_extent;
    const std::vector<SurfacePoint> points = Points(kPlanePoints);
    const std::vector<internal::Plane> planes = internal::FindPlanes(points, tolerance);
    const auto mark = [&](size_t i, const std::vector<uint8_t>& filled) {
      for (size_t k = 0; k < filled.size(); ++k) {
        if (filled[k]) known_[i][k] = internal::kFilled;
      }
    };
    std::vector<std::vector<internal::Rim>> rims(prepared_.size());
    ParallelFor(prepared_.size(), 1, [&](size_t i) {
      mark(i, internal::FillPlain(prepared_[i], planes, tolerance, known_[i], &maps_[i]));
      rims[i] = internal::FindRims(prepared_[i], planes, tolerance, known_[i], maps_[i]);
    });
    std::vector<Eigen::Vector3d> cameras;
    for (const Prepared& p : prepared_) {
      cameras.push_back(Inverse(p.pose.cam_from_world).translation);
    }
    const auto through = internal::BoundsThroughRims(rims, planes, points, cameras, tolerance);
    const auto others = internal::BoundsAmong(planes, points, cameras, tolerance);
    ParallelFor(prepared_.size(), 1, [&](size_t i) {
      mark(i, internal::FillBehindRims(prepared_[i], rims[i], through, others, tolerance, known_[i],
                                       &maps_[i]));
    });
  }

  // What the agreed depths say of each view.
  Known Learned(double scene_extent) const {
    std::vector<Eigen::Vector3f> places;
    for (const SurfacePoint& point : Points(20'000)) places.push_back(point.x_in_world);
    std::vector<View> views;
    for (const Prepared& p : prepared_) {
      views.push_back({&p.picture, p.pose.camera, p.pose.cam_from_world});
    }
    bool ignored = false;
    return FromPoints(views, places, scene_extent, &ignored);
  }

  std::vector<SurfacePoint> Points(size_t max_points) const {
    return internal::Fuse(prepared_, maps_, known_, neighbours_, max_points);
  }

 private:
  std::vector<Prepared> prepared_;
  std::vector<std::vector<size_t>> neighbours_;
  std::vector<InverseRange> ranges_;
  std::vector<DepthMap> maps_;
  std::vector<std::vector<uint8_t>> known_;
  size_t compared_ = 0;
};

}  // namespace

std::vector<OptionField> Fields(Options& options) {
  return {
      {"long-side", "Longer side of the pictures that are compared, in pixels",
       &options.long_side_px, 64, 4096},
      {"neighbours", "Photographs that each is compared with", &options.neighbours, 1, 8},
      {"max-points", "Most surface points", &options.max_points, 1, 10'000'000},
  };
}

std::vector<SurfacePoint> FindSurface(std::span<const View> views,
                                      std::span<const Eigen::Vector3f> sparse_points,
                                      double scene_extent, const Options& options,
                                      const Progress& progress) {
  AJAR_CHECK(scene_extent > 0);
  for (const View& view : views) {
    AJAR_CHECK(view.picture != nullptr && view.picture->channels == 3 &&
               view.picture->width == view.camera.width &&
               view.picture->height == view.camera.height && !view.camera.has_distortion());
  }
  if (views.size() < 2) return {};
  const size_t neighbours = static_cast<size_t>(options.neighbours);
  const int long_side = static_cast<int>(options.long_side_px);
  bool all_known = false;
  Known known = FromPoints(views, sparse_points, scene_extent, &all_known);
  if (!all_known) {
    Round coarse(views, known, long_side / 2, neighbours);
    coarse.FindDepths("finding out how far things are", progress);
    known = coarse.Learned(scene_extent);
  }
  Round fine(views, known, long_side, neighbours);
  fine.FindDepths("finding surfaces", progress);
  fine.FillPlainParts(scene_extent);
  return fine.Points(static_cast<size_t>(options.max_points));
}

}  // namespace ajar::dense
