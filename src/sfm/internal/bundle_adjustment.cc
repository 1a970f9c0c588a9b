#include "sfm/internal/bundle_adjustment.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "base/parallel.h"

namespace ajar::sfm::internal {
namespace {

constexpr size_t kPointChunk = 256;
constexpr double kBehind_px = 1000;  // the error of a point behind a camera

using Pose6 = Eigen::Matrix<double, 6, 1>;
using LensVector = Eigen::Matrix<double, kLensParams, 1>;
using Matrix63 = Eigen::Matrix<double, 6, 3>;
using MatrixL3 = Eigen::Matrix<double, kLensParams, 3>;

Rigid3 Moved(const Rigid3& pose, const Pose6& delta) {
  Rigid3 moved = pose;
  const Eigen::Vector3d turn = delta.head<3>();
  const double angle = turn.norm();
  if (angle > 0) {
    moved.rotation = (Eigen::Quaterniond(Eigen::AngleAxisd(angle, Eigen::Vector3d(turn / angle))) *
                      pose.rotation)
                         .normalized();
  }
  moved.translation += delta.tail<3>();
  return moved;
}

// One observation, linearised and weighted.
struct Linearised {
  Eigen::Vector2d residual;
  Eigen::Matrix<double, 2, 6> by_pose;
  Eigen::Matrix<double, 2, 3> by_point;
  Eigen::Matrix<double, 2, kLensParams> by_lens;
  Matrix63 pose_point;  // by_pose' by_point
  Matrix63 eliminated;  // and that times the inverse of the point's block
};

// What a point's observations through one lens have in common.
struct LensOfPoint {
  uint32_t lens = 0;
  MatrixL3 lens_point = MatrixL3::Zero();
  MatrixL3 eliminated = MatrixL3::Zero();
};

struct PointSystem {
  Eigen::Matrix3d block = Eigen::Matrix3d::Zero();
  Eigen::Matrix3d inverse = Eigen::Matrix3d::Zero();
  Eigen::Vector3d gradient = Eigen::Vector3d::Zero();
  std::vector<LensOfPoint> lenses;
};

class Solver {
 public:
  Solver(const BundleOptions& options, BundleProblem* problem)
      : options_(options), problem_(*problem) {
    const size_t points = problem_.points.size();
    begin_.assign(points + 1, 0);
    for (const BundleObservation& o : problem_.observations) {
      AJAR_CHECK_LT(o.point, points);
      ++begin_[o.point + 1];
    }
    for (size_t p = 0; p < points; ++p) begin_[p + 1] += begin_[p];
    of_image_.resize(problem_.images.size());
    for (size_t i = 0; i < problem_.observations.size(); ++i) {
      const BundleObservation& o = problem_.observations[i];
      AJAR_CHECK(i == 0 || problem_.observations[i - 1].point <= o.point);
      of_image_[o.image].push_back(static_cast<uint32_t>(i));
    }
    const bool held = std::any_of(problem_.images.begin(), problem_.images.end(),
                                  [](const BundleImage& image) { return image.fixed; });
    slot_.assign(problem_.images.size(), -1);
    Eigen::Index next = 0;
    for (size_t i = 0; i < slot_.size(); ++i) {
      if (problem_.images[i].fixed || (!held && i == 0)) continue;
      slot_[i] = next;
      next += 6;
    }
    lens_at_ = next;
    size_ = next + kLensParams * static_cast<Eigen::Index>(problem_.lenses.size());
    linearised_.resize(problem_.observations.size());
    systems_.resize(points);
  }

  BundleReport Run() {
    BundleReport report;
    double cost = Cost(problem_.images, problem_.points, problem_.lenses);
    report.first_cost = report.last_cost = cost;
    double damping = 1e-4, growth = 2;
    bool fresh = false;
    while (report.steps < options_.most_steps) {
      if (!fresh) Linearise();
      fresh = true;
      ++report.steps;
      Eigen::VectorXd delta;
      if (!Solve(damping, &delta)) {
        damping *= growth;
        growth *= 2;
        if (damping > 1e10) break;
        continue;
      }
      std::vector<BundleImage> images = problem_.images;
      std::vector<Lens> lenses = problem_.lenses;
      std::vector<Eigen::Vector3d> points = problem_.points;
      Apply(delta, &images, &points, &lenses);
      const double moved = Cost(images, points, lenses);
      if (moved < cost) {
        const double gain = (cost - moved) / cost;
        problem_.images = std::move(images);
        problem_.points = std::move(points);
        problem_.lenses = std::move(lenses);
        cost = moved;
        damping = std::max(1e-12, damping / 5);
        growth = 2;
        fresh = false;
        if (gain < options_.settled) break;
      } else {
        damping *= growth;
        growth *= 2;
        if (damping > 1e10) break;
      }
    }
    report.last_cost = cost;
    return report;
  }

 private:
  double Cost(const std::vector<BundleImage>& images, const std::vector<Eigen::Vector3d>& points,
              const std::vector<Lens>& lenses) const {
    const double c2 = options_.loss * options_.loss;
    std::vector<double> sums(ChunkCount(points.size(), kPointChunk));
    ParallelForChunks(points.size(), kPointChunk, [&](size_t chunk, size_t begin, size_t end) {
      double sum = 0;
      for (size_t i = begin_[begin]; i < begin_[end]; ++i) {
        const BundleObservation& o = problem_.observations[i];
        const BundleImage& image = images[o.image];
        const Eigen::Vector3d x = image.cam_from_world * points[o.point];
        double squared = kBehind_px * kBehind_px;
        if (x[2] > 1e-9) {
          squared = std::min(squared,
                             (lenses[image.lens].Project(x.hnormalized()) - o.x_px).squaredNorm());
        }
        squared /= o.sigma_px * o.sigma_px;
        sum += 0.5 * c2 * std::log1p(squared / c2);
      }
      sums[chunk] = sum;
    });
    double cost = 0;
    for (const double sum : sums) cost += sum;
    for (size_t l = 0; l < lenses.size(); ++l) {
      const LensPrior& prior = problem_.priors[l];
      for (int k = 0; k < kLensParams; ++k) {
        if (prior.sigma[k] <= 0) continue;
        const double off = (lenses[l].params[k] - prior.expected[k]) / prior.sigma[k];
        cost += 0.5 * off * off;
      }
    }
    return cost;
  }

  void LineariseObservation(const BundleObservation& o, Linearised* out) const {
    const BundleImage& image = problem_.images[o.image];
    const Lens& lens = problem_.lenses[image.lens];
    const Eigen::Vector3d rotated = image.cam_from_world.rotation * problem_.points[o.point];
    const Eigen::Vector3d x = rotated + image.cam_from_world.translation;
    out->by_pose.setZero();
    out->by_point.setZero();
    out->by_lens.setZero();
    out->residual.setZero();
    if (x[2] <= 1e-9) return;
    Eigen::Matrix2d by_ray;
    out->residual = lens.Project(x.hnormalized(), &by_ray, &out->by_lens) - o.x_px;
    const Eigen::Matrix<double, 2, 3> by_cam = by_ray * RayByPoint(x);
    if (slot_[o.image] >= 0) {
      Eigen::Matrix3d by_turn;
      by_turn << 0, rotated[2], -rotated[1], -rotated[2], 0, rotated[0], rotated[1], -rotated[0], 0;
      out->by_pose << by_cam * by_turn, by_cam;
    }
    out->by_point = by_cam * image.cam_from_world.rotation.toRotationMatrix();
    const double c2 = options_.loss * options_.loss;
    const double squared = out->residual.squaredNorm() / (o.sigma_px * o.sigma_px);
    const double weight = std::sqrt(1 / (1 + squared / c2)) / o.sigma_px;
    out->residual *= weight;
    out->by_pose *= weight;
    out->by_point *= weight;
    out->by_lens *= weight;
    for (int k = 0; k < kLensParams; ++k) {
      if (problem_.priors[image.lens].sigma[k] <= 0) out->by_lens.col(k).setZero();
    }
  }

  void Linearise() {
    ParallelForChunks(systems_.size(), kPointChunk, [&](size_t, size_t begin, size_t end) {
      for (size_t p = begin; p < end; ++p) {
        PointSystem& system = systems_[p];
        system.block.setZero();
        system.gradient.setZero();
        system.lenses.clear();
        for (size_t i = begin_[p]; i < begin_[p + 1]; ++i) {
          const BundleObservation& o = problem_.observations[i];
          Linearised& at = linearised_[i];
          LineariseObservation(o, &at);
          at.pose_point = at.by_pose.transpose() * at.by_point;
          system.block += at.by_point.transpose() * at.by_point;
          system.gradient += at.by_point.transpose() * at.residual;
          const uint32_t lens = problem_.images[o.image].lens;
          auto same = std::find_if(system.lenses.begin(), system.lenses.end(),
                                   [&](const LensOfPoint& l) { return l.lens == lens; });
          if (same == system.lenses.end()) {
            LensOfPoint fresh;
            fresh.lens = lens;
            system.lenses.push_back(fresh);
            same = system.lenses.end() - 1;
          }
          same->lens_point += at.by_lens.transpose() * at.by_point;
        }
      }
    });
  }

  Eigen::Index LensAt(uint32_t lens) const {
    return lens_at_ + kLensParams * static_cast<Eigen::Index>(lens);
  }

  // The lower half of the system without the points, and its right side.
  bool Solve(double damping, Eigen::VectorXd* delta) {
    ParallelForChunks(systems_.size(), kPointChunk, [&](size_t, size_t begin, size_t end) {
      for (size_t p = begin; p < end; ++p) {
        PointSystem& system = systems_[p];
        Eigen::Matrix3d block = system.block;
        block.diagonal() *= 1 + damping;
        block.diagonal().array() += 1e-12;
        system.inverse = block.inverse();
        for (size_t i = begin_[p]; i < begin_[p + 1]; ++i) {
          linearised_[i].eliminated = linearised_[i].pose_point * system.inverse;
        }
        for (LensOfPoint& l : system.lenses) l.eliminated = l.lens_point * system.inverse;
      }
    });
    matrix_.setZero(size_, size_);
    right_.setZero(size_);
    LensBlocks(damping);
    // Each image's rows are one thread's, and filled in the order of its observations.
    ParallelFor(of_image_.size(), 1, [&](size_t image) { ImageRows(image, damping); });
    const Eigen::LLT<Eigen::Ref<Eigen::MatrixXd>, Eigen::Lower> llt(matrix_);
    if (llt.info() != Eigen::Success) return false;
    *delta = llt.solve(right_);
    return delta->allFinite();
  }

  void ImageRows(size_t image, double damping) {
    const Eigen::Index row = slot_[image];
    if (row < 0) return;
    Eigen::Matrix<double, 6, 6> own = Eigen::Matrix<double, 6, 6>::Zero();
    Pose6 right = Pose6::Zero();
    for (const uint32_t i : of_image_[image]) {
      const Linearised& at = linearised_[i];
      const uint32_t p = problem_.observations[i].point;
      own += at.by_pose.transpose() * at.by_pose;
      right -= at.by_pose.transpose() * at.residual;
      right += at.eliminated * systems_[p].gradient;
      for (size_t k = begin_[p]; k < begin_[p + 1]; ++k) {
        const Eigen::Index column = slot_[problem_.observations[k].image];
        if (column < 0 || column > row) continue;
        matrix_.block<6, 6>(row, column).noalias() -=
            at.eliminated * linearised_[k].pose_point.transpose();
      }
      // Lens rows lie below all images' rows; this image's columns of them are this thread's too.
      const uint32_t lens = problem_.images[image].lens;
      matrix_.block<kLensParams, 6>(LensAt(lens), row).noalias() +=
          at.by_lens.transpose() * at.by_pose;
      for (const LensOfPoint& l : systems_[p].lenses) {
        matrix_.block<kLensParams, 6>(LensAt(l.lens), row).noalias() -=
            l.lens_point * at.eliminated.transpose();
      }
    }
    own.diagonal() += damping * own.diagonal();
    own.diagonal().array() += 1e-12;
    matrix_.block<6, 6>(row, row) += own;
    right_.segment<6>(row) = right;
  }

  // Lens against lens: sums over all points, added in the order of the chunks.
  void LensBlocks(double damping) {
    const Eigen::Index size = size_ - lens_at_;
    const size_t chunks = ChunkCount(systems_.size(), 8 * kPointChunk);
    std::vector<Eigen::MatrixXd> own(chunks), less(chunks);
    std::vector<Eigen::VectorXd> right(chunks);
    ParallelForChunks(
        systems_.size(), 8 * kPointChunk, [&](size_t chunk, size_t begin, size_t end) {
          Eigen::MatrixXd& o = own[chunk];
          Eigen::MatrixXd& m = less[chunk];
          Eigen::VectorXd& r = right[chunk];
          o.setZero(size, size);
          m.setZero(size, size);
          r.setZero(size);
          for (size_t p = begin; p < end; ++p) {
            for (size_t i = begin_[p]; i < begin_[p + 1]; ++i) {
              const Linearised& at = linearised_[i];
              const Eigen::Index l =
                  LensAt(problem_.images[problem_.observations[i].image].lens) - lens_at_;
              o.block<kLensParams, kLensParams>(l, l).noalias() +=
                  at.by_lens.transpose() * at.by_lens;
              r.segment<kLensParams>(l).noalias() -= at.by_lens.transpose() * at.residual;
            }
            const PointSystem& system = systems_[p];
            for (const LensOfPoint& a : system.lenses) {
              const Eigen::Index row = LensAt(a.lens) - lens_at_;
              r.segment<kLensParams>(row).noalias() += a.eliminated * system.gradient;
              for (const LensOfPoint& b : system.lenses) {
                m.block<kLensParams, kLensParams>(row, LensAt(b.lens) - lens_at_).noalias() +=
                    a.eliminated * b.lens_point.transpose();
              }
            }
          }
        });
    Eigen::MatrixXd sum = Eigen::MatrixXd::Zero(size, size), eliminated = sum;
    for (size_t k = 0; k < chunks; ++k) {
      sum += own[k];
      eliminated += less[k];
      right_.tail(size) += right[k];
    }
    for (size_t l = 0; l < problem_.lenses.size(); ++l) {
      const LensPrior& prior = problem_.priors[l];
      for (int k = 0; k < kLensParams; ++k) {
        const Eigen::Index at = kLensParams * static_cast<Eigen::Index>(l) + k;
        if (prior.sigma[k] <= 0) {
          sum(at, at) = 1;
          continue;
        }
        const double weight = 1 / (prior.sigma[k] * prior.sigma[k]);
        sum(at, at) += weight;
        right_[lens_at_ + at] -= weight * (problem_.lenses[l].params[k] - prior.expected[k]);
      }
    }
    sum.diagonal() += damping * sum.diagonal();
    sum.diagonal().array() += 1e-12;
    matrix_.bottomRightCorner(size, size) = sum - eliminated;
  }

  void Apply(const Eigen::VectorXd& delta, std::vector<BundleImage>* images,
             std::vector<Eigen::Vector3d>* points, std::vector<Lens>* lenses) const {
    for (size_t i = 0; i < images->size(); ++i) {
      if (slot_[i] < 0) continue;
      (*images)[i].cam_from_world = Moved((*images)[i].cam_from_world, delta.segment<6>(slot_[i]));
    }
    for (size_t l = 0; l < lenses->size(); ++l) {
      (*lenses)[l].params += delta.segment<kLensParams>(LensAt(static_cast<uint32_t>(l)));
    }
    ParallelForChunks(points->size(), kPointChunk, [&](size_t, size_t begin, size_t end) {
      for (size_t p = begin; p < end; ++p) {
        const PointSystem& system = systems_[p];
        Eigen::Vector3d right = -system.gradient;
        for (size_t i = begin_[p]; i < begin_[p + 1]; ++i) {
          const Eigen::Index slot = slot_[problem_.observations[i].image];
          if (slot < 0) continue;
          right -= linearised_[i].pose_point.transpose() * delta.segment<6>(slot);
        }
        for (const LensOfPoint& l : system.lenses) {
          right -= l.lens_point.transpose() * delta.segment<kLensParams>(LensAt(l.lens));
        }
        (*points)[p] += system.inverse * right;
      }
    });
  }

  const BundleOptions& options_;
  BundleProblem& problem_;
  std::vector<size_t> begin_;                    // of each point's observations
  std::vector<std::vector<uint32_t>> of_image_;  // observations of each image
  std::vector<Eigen::Index> slot_;               // of each image in the system, -1: held
  Eigen::Index lens_at_ = 0, size_ = 0;
  std::vector<Linearised> linearised_;
  std::vector<PointSystem> systems_;
  Eigen::MatrixXd matrix_;
  Eigen::VectorXd right_;
};

}  // namespace

BundleReport Adjust(const BundleOptions& options, BundleProblem* problem) {
  AJAR_CHECK_EQ(problem->priors.size(), problem->lenses.size());
  return Solver(options, problem).Run();
}

}  // namespace ajar::sfm::internal
