#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <atomic>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <thread>

#include "base/check.h"
#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/options.h"
#include "base/parallel.h"
#include "base/subprocess.h"

namespace ajar {
namespace {

namespace fs = std::filesystem;

ErrorCode CodeOf(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "no Error was raised";
  return ErrorCode::kUsage;
}

TEST(Error, SaysWhereWhatAndWhatToDo) {
  const Error error(ErrorCode::kInput, "This is not a picture.", "a/b.jpg", "Leave it out.");
  EXPECT_STREQ(error.what(), "a/b.jpg: This is not a picture. Leave it out.");
}

TEST(CheckDeathTest, PrintsTheValues) {
  EXPECT_DEATH(AJAR_CHECK_EQ(1 + 1, 3), "1 \\+ 1 == 3 does not hold: 2 vs. 3");
}

TEST(Parallel, SumsHaveTheSameBitsForAnyNumberOfThreads) {
  std::vector<float> values(100'003);
  for (size_t i = 0; i < values.size(); ++i) values[i] = std::sin(static_cast<float>(i));
  const auto sum = [&] {
    std::vector<float> parts(ChunkCount(values.size(), 1000));
    ParallelForChunks(values.size(), 1000, [&](size_t chunk, size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i) parts[chunk] += values[i];
    });
    return std::accumulate(parts.begin(), parts.end(), 0.0f);
  };
  SetThreadCount(1);
  const float alone = sum();
  for (const int threads : {2, 3, 7}) {
    SetThreadCount(threads);
    EXPECT_EQ(sum(), alone) << threads;
  }
}

TEST(Parallel, VisitsEachIndexOnceAlsoWhenNested) {
  SetThreadCount(4);
  std::vector<std::atomic<int>> seen(1000);
  ParallelFor(10, 1, [&](size_t i) {
    ParallelFor(100, 7, [&](size_t j) { ++seen[i * 100 + j]; });
  });
  for (const std::atomic<int>& count : seen) EXPECT_EQ(count, 1);
}

TEST(Parallel, HandsOnAnException) {
  SetThreadCount(3);
  EXPECT_THROW(ParallelFor(100, 1, [](size_t i) { if (i == 42) throw std::runtime_error("42"); }),
               std::runtime_error);
  std::atomic<int> count = 0;
  ParallelFor(100, 1, [&](size_t) { ++count; });
  EXPECT_EQ(count, 100);
}

TEST(Files, AtomicWriteReplacesAndLeavesNothingAside) {
  const TempFolder folder;
  WriteFileAtomic(folder.path() / "a", "one");
  WriteFileAtomic(folder.path() / "a", "two");
  EXPECT_EQ(ReadTextFile(folder.path() / "a"), "two");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

TEST(Files, PiecesAreWrittenAndHashedAsOne) {
  const TempFolder folder;
  const std::vector<uint8_t> a = {'a', 'b'}, none, c = {'c'};
  const std::vector<std::span<const uint8_t>> pieces = {a, none, c};
  WriteFileAtomic(folder.path() / "a", pieces);
  EXPECT_EQ(ReadTextFile(folder.path() / "a"), "abc");
  EXPECT_EQ(Sha256Hex(pieces), Sha256Hex("abc"));
}

TEST(Files, AFullDiskLeavesTheOldFile) {
  const TempFolder folder;
  WriteFileAtomic(folder.path() / "a", "the old content");
  // A limit on file sizes acts as a full disk does, without needing one.
  struct rlimit before {};
  getrlimit(RLIMIT_FSIZE, &before);
  signal(SIGXFSZ, SIG_IGN);
  const struct rlimit small {4096, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  const ErrorCode code =
      CodeOf([&] { WriteFileAtomic(folder.path() / "a", std::string(10'000, 'x')); });
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_EQ(code, ErrorCode::kDisk);
  EXPECT_EQ(ReadTextFile(folder.path() / "a"), "the old content");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

TEST(Files, MissingAndTooLargeFilesAreInputErrors) {
  const TempFolder folder;
  EXPECT_EQ(CodeOf([&] { ReadFile(folder.path() / "none"); }), ErrorCode::kInput);
  EXPECT_EQ(CodeOf([&] { ReadFile(folder.path()); }), ErrorCode::kInput);
  WriteFileAtomic(folder.path() / "a", "12345");
  EXPECT_EQ(CodeOf([&] { ReadFile(folder.path() / "a", 4); }), ErrorCode::kInput);
}

TEST(Files, CommitFolderReplacesAndRecovers) {
  const TempFolder folder;
  const Path target = folder.path() / "stage", staged = folder.path() / "staged";
  for (const char* text : {"one", "two"}) {
    MakeFolder(staged);
    WriteFileAtomic(staged / "f", text);
    CommitFolder(staged, target);
    EXPECT_EQ(ReadTextFile(target / "f"), text);
  }
  // Interrupted between the two renames: the old folder comes back.
  fs::rename(target, folder.path() / ".stage.old");
  RecoverFolder(target);
  EXPECT_EQ(ReadTextFile(target / "f"), "two");
  // Interrupted before the old one was removed: the new one stays.
  MakeFolder(folder.path() / ".stage.old");
  RecoverFolder(target);
  EXPECT_EQ(ReadTextFile(target / "f"), "two");
  EXPECT_FALSE(fs::exists(folder.path() / ".stage.old"));
}

TEST(Files, ASecondLockIsRefused) {
  const TempFolder folder;
  {
    const FileLock lock(folder.path() / ".lock", "busy");
    EXPECT_EQ(CodeOf([&] { FileLock(folder.path() / ".lock", "busy"); }), ErrorCode::kBusy);
    EXPECT_TRUE(FileLock::IsHeld(folder.path() / ".lock"));
  }
  EXPECT_FALSE(FileLock::IsHeld(folder.path() / ".lock"));
  EXPECT_FALSE(FileLock::IsHeld(folder.path() / "none"));
  const FileLock again(folder.path() / ".lock", "busy");
}

TEST(Hash, MatchesThePublishedVector) {
  // FIPS 180-4, "abc".
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const TempFolder folder;
  WriteFileAtomic(folder.path() / "a", "abc");
  EXPECT_EQ(Sha256HexOfFile(folder.path() / "a"), Sha256Hex("abc"));
  EXPECT_NE(RandomHex(16), RandomHex(16));
}

TEST(Options, ListsEveryViolationAndNaN) {
  int64_t count = 12;
  double rate = std::numeric_limits<double>::quiet_NaN(), fine = 0.5;
  const std::vector<OptionField> fields = {{"count", "", &count, 0, 10}, {"rate", "", &rate, 0, 1},
                                           {"fine", "", &fine, 0, 1}};
  EXPECT_EQ(Violations(fields).size(), 2u);
  EXPECT_EQ(CodeOf([&] { Validate(fields); }), ErrorCode::kUsage);
  rate = 0.1;
  EXPECT_EQ(Canonical(fields), "count=12\nrate=0.1\nfine=0.5\n");
}

TEST(Subprocess, GivesLinesAndExitCode) {
  SubprocessOptions options;
  options.argv = {"sh", "-c", "echo one; printf 'two\\rthree' >&2; exit 3"};
  std::vector<std::string> lines;
  options.on_line = [&](const std::string& line) { lines.push_back(line); };
  const SubprocessResult result = RunSubprocess(options);
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(lines, (std::vector<std::string>{"one", "two", "three"}));
}

TEST(Subprocess, StopsAtItsTimeLimitAndWhenCancelled) {
  SubprocessOptions options;
  options.argv = {"sleep", "60"};
  options.timeout_s = 0.2;
  EXPECT_TRUE(RunSubprocess(options).timed_out);
  const std::atomic<bool> cancelled = true;
  EXPECT_EQ(CodeOf([&] { RunSubprocess(options, Progress({}, &cancelled)); }),
            ErrorCode::kCancelled);
}

TEST(Subprocess, SaysThatAProgramIsMissing) {
  SubprocessOptions options;
  options.argv = {"no-such-program-here"};
  EXPECT_EQ(CodeOf([&] { RunSubprocess(options); }), ErrorCode::kTool);
}

}  // namespace
}  // namespace ajar
