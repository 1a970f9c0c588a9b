// How long it takes to find floor, walls and free space in a room that is there, and what is found.
//
//   space_bench ROOM [--scale METRES] [-o FOLDER]
//   space_bench --walks N COLLISION.glb X,Z      N seeded walks from there, and where they led
//   space_bench --pixels ROOM < FILE             where pixels ("PHOTO X Y", one a line) meet the
//   room,
//                                                and how well that is known; "-" for nowhere
//
// Into the folder go plan.svg, collision.glb and space.json (the similarity and what was found).
#include <chrono>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <random>
#include <string>

#include "base/error.h"
#include "base/files.h"
#include "bundle/collision.h"
#include "bundle/colmap.h"
#include "bundle/splat_ply.h"
#include "room/internal/pictures.h"
#include "space/space.h"
#include "space/walk.h"

namespace {

double Now_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string Describe(const ajar::space::Space& found) {
  const ajar::Sim3& t = found.room_from_reconstruction;
  const Eigen::Vector4d q = ajar::WxyzFromQuaternion(t.rotation);
  std::string outline;
  for (const Eigen::Vector2d& p : found.plan.outline) {
    char corner[64];
    std::snprintf(corner, sizeof(corner), "%s[%.4f, %.4f]", outline.empty() ? "" : ", ", p.x(),
                  p.y());
    outline += corner;
  }
  char text[1000];
  std::snprintf(text, sizeof(text),
                "{\"scale\": %.12g, \"rotation_wxyz\": [%.12g, %.12g, %.12g, %.12g], "
                "\"translation\": [%.12g, %.12g, %.12g], \"doorway\": [%.4f, %.4f, %.4f], "
                "\"image\": %u, \"up_from\": %d, \"height_m\": %.4f, ",
                t.scale, q[0], q[1], q[2], q[3], t.translation.x(), t.translation.y(),
                t.translation.z(), found.doorway.position.x(), found.doorway.position.y(),
                found.doorway.position.z(), found.doorway.image_id, static_cast<int>(found.up_from),
                found.plan.height_m.value_or(0));
  return text + ("\"outline\": [" + outline + "]}\n");
}

ajar::SplatCloud SplatsOf(const ajar::Path& room) {
  const ajar::Path ply = room / "splats" / "room.ply";
  return ajar::bundle::DecodeSplatPly(ajar::ReadFile(ply), ply.string());
}

int Run(int argc, char** argv) {
  const ajar::Path room = argv[1];
  ajar::space::Known known;
  ajar::Path folder;
  for (int i = 2; i + 1 < argc; i += 2) {
    const std::string word = argv[i];
    if (word == "-o") folder = argv[i + 1];
    if (word == "--scale") known.metres_per_unit = std::stod(argv[i + 1]);
  }
  const ajar::Reconstruction reconstruction = ajar::bundle::ReadColmap(room / "reconstruction");
  const ajar::SplatCloud cloud = SplatsOf(room);
  const double begin_s = Now_s();
  const ajar::space::Space found =
      ajar::space::Find(reconstruction, cloud, known, {}, ajar::Progress());
  const double seconds = Now_s() - begin_s;
  const ajar::space::Plan& p = found.plan;
  std::printf(
      "{\"seconds\": %.2f, \"splats\": %zu, \"photographs\": %zu, \"voxel_m\": %.3f, "
      "\"floor_seen\": %s, \"area_m2\": %.3f, \"free_m2\": %.3f, \"reached_m2\": %.3f, "
      "\"height_m\": %.3f, \"furniture\": %zu, \"openings\": %zu, \"triangles\": %zu}\n",
      seconds, cloud.size(), reconstruction.images.size(), found.voxel_m,
      found.floor_seen ? "true" : "false", p.area_m2, p.free_m2, p.reached_m2,
      p.height_m.value_or(0), p.furniture.size(), p.openings.size(),
      (found.collision.floor.size() + found.collision.walls.size() +
       found.collision.obstacles.size() + found.collision.unknown.size()) /
          3);
  if (folder.empty()) return 0;
  ajar::MakeFolder(folder);
  ajar::WriteFileAtomic(folder / "plan.svg", ajar::space::PlanSvg(p, {room.string(), false}));
  ajar::WriteFileAtomic(folder / "collision.glb", ajar::bundle::EncodeCollision(found.collision));
  ajar::WriteFileAtomic(folder / "space.json", Describe(found));
  return 0;
}

// As a visitor strolls: straight on for a while, then another way. Places every five centimetres.
int Walk(int count, const ajar::Path& file, const std::string& start) {
  const ajar::space::CollisionMesh mesh =
      ajar::bundle::DecodeCollision(ajar::ReadFile(file), file.string());
  const ajar::space::Walker walker(mesh, {});
  double x = 0, z = 0;
  std::sscanf(start.c_str(), "%lf,%lf", &x, &z);
  const Eigen::Vector2d begin = walker.Nearest({x, z}, 1.0);
  for (int walk = 0; walk < count; ++walk) {
    std::mt19937_64 random(static_cast<uint64_t>(walk));
    std::uniform_real_distribution<double> turn(-3.14159265, 3.14159265), length(0.3, 3);
    Eigen::Vector2d at = begin;
    for (int leg = 0; leg < 20; ++leg) {
      const double heading = turn(random);
      const Eigen::Vector2d way(0.05 * std::cos(heading), 0.05 * std::sin(heading));
      for (double left = length(random); left > 0; left -= 0.05) {
        const Eigen::Vector2d next = walker.Walk(at, way);
        if ((next - at).norm() < 1e-3) break;
        at = next;
        std::printf("%d %.3f %.3f\n", walk, at.x(), at.y());
      }
    }
  }
  return 0;
}

int Pixels(const ajar::Path& room) {
  const ajar::Reconstruction reconstruction = ajar::bundle::ReadColmap(room / "reconstruction");
  const ajar::SplatCloud cloud = SplatsOf(room);
  const ajar::space::PictureOf pictures = ajar::room::PicturesIn(reconstruction, room / "photos");
  std::string photo;
  double x = 0, y = 0;
  while (std::cin >> photo >> x >> y) {
    std::optional<ajar::space::SurfacePoint> point;
    for (const auto& [id, image] : reconstruction.images) {
      if (image.name == photo) {
        point = ajar::space::FindSurfacePoint(reconstruction, id, {x, y}, cloud, pictures);
      }
    }
    if (!point) {
      std::printf("-\n");
      continue;
    }
    const Eigen::Vector3d& p = point->x_in_world;
    std::printf("%.9g %.9g %.9g %.9g\n", p.x(), p.y(), p.z(), point->deviation_su);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string verb = argc < 2 ? "" : argv[1];
  if (argc < 2 || (verb == "--walks" && argc < 5) || (verb == "--pixels" && argc < 3)) {
    std::fprintf(
        stderr,
        "space_bench ROOM [--scale METRES] [-o FOLDER] | --walks N FILE.glb X,Z | --pixels "
        "ROOM\n");
    return 2;
  }
  try {
    if (verb == "--walks") return Walk(std::stoi(argv[2]), argv[3], argv[4]);
    if (verb == "--pixels") return Pixels(argv[2]);
    return Run(argc, argv);
  } catch (const ajar::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
