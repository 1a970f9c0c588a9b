#include "room/internal/jobs.h"

#include <gtest/gtest.h>

#include <condition_variable>

namespace ajar::room {
namespace {

using Meanwhile = Jobs::Meanwhile;

// Work that goes on when it is let go, and counts how often it was done.
class Gate {
 public:
  Json Pass() {
    std::unique_lock lock(mutex_);
    ++begun_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return open_ >= begun_; });
    return begun_;
  }
  void WaitForBegun(int times) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return begun_ >= times; });
  }
  void Open(int times) {
    const std::lock_guard lock(mutex_);
    open_ = times;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int begun_ = 0, open_ = 0;
};

Json Ended(const Jobs& jobs, const std::string& id) {
  for (;;) {
    const Json job = *jobs.Show(id);
    if (job["state"] != "running") return job;
    std::this_thread::yield();
  }
}

TEST(Jobs, WhatIsAskedForWhileItRunsIsDoneOnceMore) {
  Gate gate;
  Jobs jobs;
  const auto work = [&](const Progress&) { return gate.Pass(); };
  const std::string id = jobs.Start("build", "", Meanwhile::kOnceMore, work);
  gate.WaitForBegun(1);
  EXPECT_EQ(jobs.Start("build", "", Meanwhile::kOnceMore, work), id);
  EXPECT_EQ(jobs.Start("build", "", Meanwhile::kOnceMore, work), id);
  gate.Open(1);
  gate.WaitForBegun(2);
  EXPECT_EQ((*jobs.Show(id))["state"], "running");
  gate.Open(9);
  EXPECT_EQ(Ended(jobs, id)["result"], 2);
  const std::string next = jobs.Start("build", "", Meanwhile::kOnceMore, work);
  EXPECT_NE(next, id);
  EXPECT_EQ(Ended(jobs, next)["result"], 3);
}

TEST(Jobs, TheSameIsDoneOnceAndOfAnotherApart) {
  Gate gate;
  Jobs jobs;
  const auto work = [&](const Progress&) { return gate.Pass(); };
  const std::string id = jobs.Start("transcribe", "a.wav en", Meanwhile::kSame, work);
  gate.WaitForBegun(1);
  EXPECT_EQ(jobs.Start("transcribe", "a.wav en", Meanwhile::kSame, work), id);
  const std::string other = jobs.Start("transcribe", "b.wav en", Meanwhile::kSame,
                                       [](const Progress&) { return Json("b"); });
  EXPECT_NE(other, id);
  EXPECT_EQ(Ended(jobs, other)["result"], "b");
  gate.Open(9);
  EXPECT_EQ(Ended(jobs, id)["result"], 1);
}

TEST(Jobs, WhatFailsSaysWhyAndWhatIsStoppedIsNotDoneAgain) {
  Jobs jobs;
  const std::string failed =
      jobs.Start("build", "", Meanwhile::kOnceMore,
                 [](const Progress&) -> Json { Fail(ErrorCode::kDisk, "The disk is full."); });
  EXPECT_EQ(Ended(jobs, failed)["error"]["message"], "The disk is full.");
  EXPECT_EQ(Ended(jobs, failed)["state"], "failed");
  Gate gate;
  const auto work = [&](const Progress& progress) {
    gate.Pass();
    progress.Report({"", 0, std::nullopt, {}});
    if (progress.cancelled()) Fail(ErrorCode::kCancelled, "It was stopped.");
    return Json();
  };
  const std::string id = jobs.Start("build", "", Meanwhile::kOnceMore, work);
  gate.WaitForBegun(1);
  jobs.Start("build", "", Meanwhile::kOnceMore, work);
  EXPECT_TRUE(jobs.Cancel(id));
  gate.Open(9);
  EXPECT_EQ(Ended(jobs, id)["state"], "cancelled");
}

}  // namespace
}  // namespace ajar::room
