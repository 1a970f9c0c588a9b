#include "room/internal/uploads.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/hash.h"

namespace ajar::room {
namespace {

dev_t DiskOf(const Path& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
  return status.st_dev;
}

TEST(SafeName, IsOneThatAnySystemTakes) {
  EXPECT_EQ(SafeName("../Ton 1.WAV"), "Ton 1.WAV");
  EXPECT_EQ(SafeName("C:\\tunes\\one.mp3"), "one.mp3");
  EXPECT_EQ(SafeName(".hidden.wav"), "hidden.wav");
  EXPECT_EQ(SafeName(""), "recording");
  EXPECT_EQ(SafeName("\xe7\xaa\x93.m4a"), "recording.m4a");
  EXPECT_LE(SafeName(std::string(500, 'a') + ".webm").size(), 100u);
  EXPECT_TRUE(SafeName(std::string(500, 'a') + ".webm").ends_with(".webm"));
}

TEST(LinkUnderNewName, NeverTakesThePlaceOfAnother) {
  const TempFolder temp;
  const Path stories = temp.path() / "stories";
  for (const char* words : {"first", "second"}) {
    WriteFileAtomic(temp.path() / "new", std::string_view(words));
    LinkUnderNewName(temp.path() / "new", stories, "tune.wav");
    std::filesystem::remove(temp.path() / "new");
  }
  EXPECT_EQ(ReadTextFile(stories / "tune.wav"), "first");
  EXPECT_EQ(ReadTextFile(stories / "tune-2.wav"), "second");
}

// A link from one disk to another fails as one does on a memory card.
TEST(LinkUnderNewName, CopiesWhereADiskHasNoSecondNames) {
  const Path other = "/dev/shm";
  const TempFolder temp;
  if (!std::filesystem::is_directory(other) || DiskOf(other) == DiskOf(temp.path())) {
    GTEST_SKIP() << "there is no second disk here";
  }
  const Path from = other / ("ajar-" + RandomHex(8));
  WriteFileAtomic(from, std::string_view("words"));
  EXPECT_EQ(LinkUnderNewName(from, temp.path() / "stories", "tune.wav"), "tune.wav");
  EXPECT_EQ(LinkUnderNewName(from, temp.path() / "stories", "tune.wav"), "tune-2.wav");
  std::filesystem::remove(from);
  EXPECT_EQ(ReadTextFile(temp.path() / "stories" / "tune-2.wav"), "words");
  size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(temp.path() / "stories")) {
    files += entry.is_regular_file() ? 1 : 0;
  }
  EXPECT_EQ(files, 2u);  // and nothing half done
}

}  // namespace
}  // namespace ajar::room
