#include "room/internal/as_shown.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace ajar::room {
namespace {

// A room of 4 x 4 m, in half its size and upside down; cameras below its ceiling look up and see
// the middle of it.
const Sim3 kRoomFromReconstruction{2, Eigen::Quaterniond(0, 1, 0, 0), {0, 2.5, 0}};
const Json kPlan =
    Json::parse(R"({"outline": [[-2, -2], [2, -2], [2, 2], [-2, 2]], "height": 2.5})");

Reconstruction LookingUp() {
  Reconstruction r;
  r.cameras[1] = {CameraModel::kPinhole, 300, 300, {200, 200, 150, 150}};
  for (uint32_t id = 1; id <= 3; ++id) {
    PosedImage image;
    image.name = std::to_string(id) + ".jpg";
    image.camera_id = 1;
    const Eigen::Vector3d eye(0.02 * id, 1, 0);
    image.cam_from_world.rotation = Eigen::Quaterniond(std::sqrt(0.5), -std::sqrt(0.5), 0, 0);
    image.cam_from_world.translation = -(image.cam_from_world.rotation * eye);
    r.images[id] = image;
  }
  return r;
}

SplatCloud Ceiling() {
  SplatCloud cloud;
  cloud.Resize(40 * 40, 1);
  for (size_t i = 0; i < cloud.size(); ++i) {
    const auto at = [](size_t k) { return 0.05f * (static_cast<float>(k) + 0.5f) - 1; };
    cloud.means[i] = {at(i % 40), 0, at(i / 40)};
    cloud.rotations[i] = {1, 0, 0, 0};
    cloud.log_scales[i] = Eigen::Vector3f(0.04f, 0.002f, 0.04f).array().log();
    cloud.opacity_logits[i] = 3;
    cloud.sh[i * cloud.sh_stride() + 3] = 0.1f;
  }
  return cloud;
}

TEST(AsShown, OnlyWhatPhotographsSawIsLeft) {
  const SplatCloud all = Ceiling();
  const SplatCloud shown = AsShown(all, LookingUp(), kRoomFromReconstruction, nullptr);
  EXPECT_GT(shown.size(), all.size() / 4);
  EXPECT_LT(shown.size(), all.size() * 3 / 4);
  for (const Eigen::Vector3f& x : shown.means) {
    EXPECT_NEAR(x.y(), 2.5f, 1e-5f);
    EXPECT_LT(std::max(std::abs(x.x()), std::abs(x.z())), 1.6f);
  }
  const Json without_height = {{"outline", kPlan["outline"]}, {"height", nullptr}};
  EXPECT_EQ(AsShown(all, LookingUp(), kRoomFromReconstruction, without_height).size(),
            shown.size());
}

TEST(AsShown, ThePlainCeilingGoesOn) {
  const SplatCloud all = Ceiling();
  const size_t seen = AsShown(all, LookingUp(), kRoomFromReconstruction, nullptr).size();
  const SplatCloud shown = AsShown(all, LookingUp(), kRoomFromReconstruction, kPlan);
  EXPECT_TRUE(Violations(shown).empty());
  EXPECT_EQ(shown.sh_degree, 1);
  ASSERT_GT(shown.size(), seen + 500);
  for (size_t i = seen; i < shown.size(); ++i) {
    EXPECT_NEAR(shown.means[i].y(), 2.5f, 1e-5f);
    EXPECT_GT(std::max(std::abs(shown.means[i].x()), std::abs(shown.means[i].z())), 1.0f);
    // Grey as the splats about it, and the same from everywhere.
    for (size_t k = 0; k < shown.sh_stride(); ++k) {
      EXPECT_NEAR(shown.sh[i * shown.sh_stride() + k], 0, 1e-5f);
    }
  }
}

}  // namespace
}  // namespace ajar::room
