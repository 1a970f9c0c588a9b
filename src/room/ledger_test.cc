#include "room/internal/ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/error.h"

namespace ajar::room {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

ErrorCode CodeOf(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "no Error was raised";
  return ErrorCode::kUsage;
}

int DoCounting(const Folder& folder, Ledger* ledger, const std::string& key, int* runs) {
  const StageRecord& record =
      DoStage(folder, ledger, "splats", key, folder.splats(), [&](const Path& staging) {
        WriteFileAtomic(staging / "room.ply", std::string_view(key));
        return Json{{"runs", ++*runs}};
      });
  return record.report["runs"].get<int>();
}

TEST(Ledger, AStageIsDoneOnceForOneKey) {
  const TempFolder temp;
  const Folder folder = Folder::OpenForWriting(temp.path() / "room");
  int runs = 0;
  {
    Ledger ledger(folder);
    EXPECT_EQ(DoCounting(folder, &ledger, "a", &runs), 1);
    EXPECT_EQ(DoCounting(folder, &ledger, "a", &runs), 1);
  }
  Ledger ledger(folder);  // read again from disk
  EXPECT_EQ(DoCounting(folder, &ledger, "a", &runs), 1);
  EXPECT_EQ(DoCounting(folder, &ledger, "b", &runs), 2);
  EXPECT_EQ(ReadTextFile(folder.splat_ply()), "b");
  fs::remove_all(folder.splats());
  EXPECT_EQ(DoCounting(folder, &ledger, "b", &runs), 3);
}

TEST(Ledger, AFailedStageLeavesEverythingAsItWas) {
  const TempFolder temp;
  const Folder folder = Folder::OpenForWriting(temp.path() / "room");
  Ledger ledger(folder);
  int runs = 0;
  DoCounting(folder, &ledger, "a", &runs);
  const std::string before = ReadTextFile(folder.ledger());
  EXPECT_EQ(CodeOf([&] {
              DoStage(folder, &ledger, "splats", "b", folder.splats(), [&](const Path& staging) {
                WriteFileAtomic(staging / "room.ply", std::string_view("half"));
                Fail(ErrorCode::kDisk, "The disk is full.");
                return Json();
              });
            }),
            ErrorCode::kDisk);
  EXPECT_EQ(ReadTextFile(folder.splat_ply()), "a");
  EXPECT_EQ(ReadTextFile(folder.ledger()), before);
  EXPECT_TRUE(fs::is_empty(folder.work()));
}

TEST(Ledger, AnInterruptedReplacementIsNotTrusted) {
  const TempFolder temp;
  const Folder folder = Folder::OpenForWriting(temp.path() / "room");
  Ledger ledger(folder);
  int runs = 0;
  DoCounting(folder, &ledger, "a", &runs);
  // As a program does that dies between the replacement and its record.
  ledger.Forget("splats");
  WriteFileAtomic(folder.splat_ply(), std::string_view("b"));
  Ledger again(folder);
  EXPECT_EQ(DoCounting(folder, &again, "a", &runs), 2);
  EXPECT_EQ(ReadTextFile(folder.splat_ply()), "a");
}

TEST(Ledger, OneThatCannotBeReadCountsAsEmpty) {
  const TempFolder temp;
  const Folder folder = Folder::OpenForWriting(temp.path() / "room");
  for (const char* text : {"", "{", "[]", "{\"version\": 9, \"stages\": {}}",
                           "{\"version\": 1, \"stages\": {\"splats\": 3}}",
                           "{\"version\": 1, \"stages\": {\"splats\": {\"key\": 3}}}"}) {
    WriteFileAtomic(folder.ledger(), std::string_view(text));
    EXPECT_EQ(Ledger(folder).Find("splats"), nullptr) << text;
  }
}

TEST(Ledger, KeysTellInputsApart) {
  const std::string key = StageKey("poses", 1, {"ab", "c"});
  EXPECT_EQ(key, StageKey("poses", 1, {"ab", "c"}));
  EXPECT_NE(key, StageKey("poses", 1, {"a", "bc"}));
  EXPECT_NE(key, StageKey("poses", 2, {"ab", "c"}));
  EXPECT_NE(key, StageKey("splats", 1, {"ab", "c"}));
}

TEST(Folder, OnlyOneProgramWrites) {
  const TempFolder temp;
  const Folder folder = Folder::OpenForWriting(temp.path() / "room");
  EXPECT_EQ(CodeOf([&] { Folder::OpenForWriting(temp.path() / "room"); }), ErrorCode::kBusy);
}

TEST(Folder, RefusesWhatIsNotARoom) {
  const TempFolder temp;
  WriteFileAtomic(temp.path() / "tax.pdf", std::string_view("x"));
  EXPECT_EQ(CodeOf([&] { Folder::OpenForWriting(temp.path()); }), ErrorCode::kInput);
  EXPECT_EQ(CodeOf([&] { Folder::OpenForWriting(temp.path() / "tax.pdf"); }), ErrorCode::kInput);
  EXPECT_EQ(CodeOf([&] { Folder::OpenForReading(temp.path()); }), ErrorCode::kInput);
  EXPECT_EQ(CodeOf([&] { Folder::OpenForReading(temp.path() / "none"); }), ErrorCode::kInput);
  EXPECT_EQ(std::distance(fs::directory_iterator(temp.path()), {}), 1);
}

TEST(Folder, PutsAnInterruptedReplacementRight) {
  const TempFolder temp;
  const Path room = temp.path() / "room";
  {
    const Folder folder = Folder::OpenForWriting(room);
    MakeFolder(room / ".site.old");
    WriteFileAtomic(room / ".site.old" / "index.html", std::string_view("old"));
  }
  const Folder folder = Folder::OpenForWriting(room);
  EXPECT_EQ(ReadTextFile(folder.site() / "index.html"), "old");
}

TEST(Folder, NeverTouchesADocumentThatIsThere) {
  const TempFolder temp;
  const Folder folder = Folder::OpenForWriting(temp.path() / "my-room");
  folder.WriteDocumentIfMissing();
  EXPECT_EQ(folder.ReadDocument().title, "My room");
  const std::string by_hand = "{\n\n \"title\":   \"Mine\",\"extra\":[ 1 ]}";
  WriteFileAtomic(folder.document(), by_hand);
  folder.WriteDocumentIfMissing();
  EXPECT_EQ(ReadTextFile(folder.document()), by_hand);
}

}  // namespace
}  // namespace ajar::room
