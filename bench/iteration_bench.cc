// Whole training iterations with each instruction set and number of threads, as ratios to the
// best set with two threads (or all there are) in the same run:
//
//   iteration_bench [--size WxH] [--splats N] [--rounds N] [--sets NAME,NAME] [--threads N,N]
//                   [--json]
//
// One training of a synthetic room runs from start to end: first a few hundred iterations that
// are not measured, then stretches of 25, one of each photograph, at full size, with all
// harmonics and a fixed number of splats. The configurations take turns at the stretches, so
// that other work on the machine falls on all of them alike; the figure of each is that of its
// fastest stretch, which other work held up least.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/parallel.h"
#include "bench/instruction_sets.h"
#include "photo/photo.h"
#include "synthetic/room.h"
#include "train/train.h"

namespace {

using namespace ajar;
using Clock = std::chrono::steady_clock;

constexpr int kStretch = 25;  // iterations between two reports of the training
constexpr int kPhotos = kStretch;
constexpr int kWarmUp = 400;  // iterations
// Where the pictures have their full size, colour all its harmonics, and no splats are added.
constexpr double kLateProgress = 0.9;
// Every so many iterations splats are pruned: that stretch is not measured.
constexpr int kPruned = 100;

struct Words {
  int width = 360, height = 640;
  int64_t splats = 20'000;
  int rounds = 3;
  std::vector<std::string> sets = bench::InstructionSets();
  std::vector<int> threads;
  bool json = false;
};

struct Configuration {
  std::string set;
  int threads;
  std::vector<double> seconds;  // of each of its stretches
};

train::TrainInput MakeInput(const Words& words) {
  synthetic::RoomOptions options;
  options.photos = kPhotos;
  options.width = words.width;
  options.height = words.height;
  options.focal_px = 0.8 * std::max(words.width, words.height);
  options.noise = 1.5;
  options.supersampling = 1;
  const synthetic::Room room = synthetic::MakeRoom(options);
  train::TrainInput input;
  for (const auto& [id, image] : room.reconstruction.images) {
    train::TrainPhoto photo;
    photo.name = image.name;
    const Camera& camera = room.reconstruction.cameras.at(image.camera_id);
    photo.camera = UndistortedCamera(camera);
    photo.cam_from_world = image.cam_from_world;
    photo.picture = photo::Undistorted(room.photos[input.photos.size()], camera, photo.camera);
    input.photos.push_back(std::move(photo));
  }
  for (const auto& [id, point] : room.reconstruction.points) {
    input.points.push_back(point.x_in_world.cast<float>());
    input.point_colours.push_back(point.rgb);
  }
  input.scene_extent = CameraExtent(room.reconstruction);
  return input;
}

// Hands each measured stretch to a configuration in turn. Called between two iterations, when no
// loop runs in parallel.
class Turns {
 public:
  Turns(std::vector<Configuration>* configurations, const Configuration& best)
      : configurations_(configurations), best_(best) {}

  void Report() {
    const Clock::time_point now = Clock::now();
    if (current_) {
      current_->seconds.push_back(std::chrono::duration<double>(now - begin_).count());
      current_ = nullptr;
    }
    const int iteration = kStretch * reports_++;
    const bool pruned_at_end = iteration % kPruned == kPruned - kStretch;
    if (iteration >= kWarmUp && !pruned_at_end) {
      current_ = &(*configurations_)[next_++ % configurations_->size()];
    }
    const Configuration& use = current_ ? *current_ : best_;
    bench::UseInstructionSet(use.set);
    SetThreadCount(use.threads);
    begin_ = Clock::now();
  }

 private:
  std::vector<Configuration>* configurations_;
  const Configuration best_;
  Configuration* current_ = nullptr;
  Clock::time_point begin_;
  int reports_ = 0;
  size_t next_ = 0;
};

// Stretches of the training that give each configuration its rounds, after the warm-up.
train::Schedule MakeSchedule(size_t measured) {
  constexpr size_t kMeasuredOfPruned = kPruned / kStretch - 1;
  const int64_t end = kWarmUp + kPruned * static_cast<int64_t>((measured + kMeasuredOfPruned - 1) /
                                                               kMeasuredOfPruned);
  train::Schedule schedule;
  for (int64_t i = 0; i < end; i += kStretch) {
    const double warm_up = std::min(1.0, static_cast<double>(i) / (kWarmUp - kStretch));
    schedule.push_back({i, "progress", kLateProgress * warm_up});
  }
  schedule.push_back({end, "end", 1});
  return schedule;
}

double Fastest(const Configuration& c) {
  return *std::min_element(c.seconds.begin(), c.seconds.end()) / kStretch;
}

void Print(const Words& words, const std::vector<Configuration>& configurations, size_t splats) {
  const double best = Fastest(configurations.front());
  if (words.json) {
    std::printf("{\"width\": %d, \"height\": %d, \"splats\": %zu, \"configurations\": [",
                words.width, words.height, splats);
  } else {
    std::printf("%d x %d, %zu splats\n%-8s %7s %14s %6s\n", words.width, words.height, splats,
                "set", "threads", "ms / iteration", "ratio");
  }
  for (const Configuration& c : configurations) {
    const double seconds = Fastest(c);
    if (words.json) {
      std::printf(
          "%s\n {\"set\": \"%s\", \"threads\": %d, \"ms_an_iteration\": %.4f, "
          "\"ratio\": %.4f}",
          &c == &configurations.front() ? "" : ",", c.set.c_str(), c.threads, 1e3 * seconds,
          seconds / best);
    } else {
      std::printf("%-8s %7d %14.2f %6.2f\n", c.set.c_str(), c.threads, 1e3 * seconds,
                  seconds / best);
    }
  }
  if (words.json) std::printf("\n]}\n");
}

int Usage() {
  std::fputs(
      "usage: iteration_bench [--size WxH] [--splats N] [--rounds N] [--sets NAME,NAME]\n"
      "                       [--threads N,N] [--json]\n",
      stderr);
  return static_cast<int>(ErrorCode::kUsage);
}

std::vector<std::string> Parted(const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, ',');) parts.push_back(part);
  return parts;
}

bool Parse(int argc, char** argv, Words* words) {
  const int most = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  for (int threads = std::min(2, most); threads >= 1; --threads) {
    words->threads.push_back(threads);
  }
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--json") {
      words->json = true;
      continue;
    }
    if (++i == argc) return false;
    const char* value = argv[i];
    if (word == "--size") {
      if (std::sscanf(value, "%dx%d", &words->width, &words->height) != 2) return false;
    } else if (word == "--splats") {
      words->splats = std::atoll(value);
    } else if (word == "--rounds") {
      words->rounds = std::atoi(value);
    } else if (word == "--sets") {
      words->sets = Parted(value);
    } else if (word == "--threads") {
      words->threads.clear();
      for (const std::string& part : Parted(value)) {
        words->threads.push_back(std::atoi(part.c_str()));
      }
    } else {
      return false;
    }
  }
  const std::vector<std::string> known = bench::InstructionSets();
  return words->width >= 100 && words->height >= 100 && words->rounds >= 1 &&
         !words->sets.empty() && !words->threads.empty() &&
         std::all_of(words->threads.begin(), words->threads.end(),
                     [](int n) { return n >= 1 && n <= 256; }) &&
         std::all_of(words->sets.begin(), words->sets.end(), [&](const std::string& set) {
           return std::find(known.begin(), known.end(), set) != known.end();
         });
}

int Run(const Words& words) {
  std::vector<Configuration> configurations;
  for (const std::string& set : words.sets) {
    for (const int threads : words.threads) configurations.push_back({set, threads, {}});
  }
  train::Options options;
  options.splats = words.splats;
  const train::Schedule schedule =
      MakeSchedule(configurations.size() * static_cast<size_t>(words.rounds));
  options.iterations = schedule.back().iteration;
  Turns turns(&configurations, configurations.front());
  const Progress progress([&](const ProgressUpdate&) { turns.Report(); }, nullptr);
  const train::Result result = train::Train(MakeInput(words), options, {}, &schedule, progress);
  Print(words, configurations, result.cloud.size());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Words words;
  if (!Parse(argc, argv, &words)) return Usage();
  try {
    return Run(words);
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return static_cast<int>(error.code());
  }
}
