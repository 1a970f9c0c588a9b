#include "room/internal/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "room/internal/json.h"

namespace ajar::room {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class HistoryTest : public ::testing::Test {
 protected:
  HistoryTest() { Write("First"); }
  static std::string Text(const std::string& title) {
    Document document;
    document.title = title;
    return FormatDocument(document);
  }
  void Write(const std::string& title) { WriteFileAtomic(temp_.path() / "room.json", Text(title)); }
  Folder folder() const { return Folder::OpenForReading(temp_.path()); }
  std::string OnDisk() const { return ReadTextFile(temp_.path() / "room.json"); }
  Path Journal() const { return temp_.path() / "history" / "journal.jsonl"; }
  static std::vector<std::string> Kinds(History* history) {
    std::vector<std::string> kinds;
    for (const Revision& r : history->All()) kinds.push_back(r.kind);
    return kinds;
  }
  TempFolder temp_;
};

TEST_F(HistoryTest, BeginsWithTheRoomAsItIs) {
  History history(folder());
  EXPECT_EQ(history.Now().now.revision, 1);
  EXPECT_EQ(history.TextOf(1), Text("First"));
  EXPECT_THAT(Kinds(&history), ElementsAre("outside"));
  EXPECT_THROW(history.Undo(1), Error);
}

TEST_F(HistoryTest, UndoesToTheBeginningAndRedoesAcrossStarts) {
  {
    History history(folder());
    EXPECT_FALSE(history.Commit(1, Text("Second"), "title").conflict);
    EXPECT_FALSE(history.Commit(2, Text("Third"), "title again").conflict);
  }
  EXPECT_EQ(OnDisk(), Text("Third"));
  {
    History history(folder());
    EXPECT_EQ(history.Now().now.what, "title again");
    EXPECT_EQ(history.Undo(3).state.text, Text("Second"));
    EXPECT_EQ(history.Now().now.what, "title");
    EXPECT_EQ(history.Undo(4).state.text, Text("First"));
    EXPECT_THROW(history.Undo(5), Error);
  }
  History history(folder());
  EXPECT_EQ(OnDisk(), Text("First"));
  EXPECT_EQ(history.Redo(5).state.text, Text("Second"));
  EXPECT_EQ(history.Redo(6).state.text, Text("Third"));
  EXPECT_THROW(history.Redo(7), Error);
  EXPECT_EQ(history.Undo(7).state.text, Text("Second"));
  history.Commit(8, Text("Other"), "another way");
  EXPECT_THROW(history.Redo(9), Error);
  EXPECT_EQ(history.Undo(9).state.text, Text("Second"));
  EXPECT_EQ(history.TextOf(3), Text("Third"));  // left, and still there
}

TEST_F(HistoryTest, TwoWindowsOverwriteNothing) {
  History one(folder()), other(folder());
  EXPECT_FALSE(one.Commit(1, Text("Mine"), "").conflict);
  const auto result = other.Commit(1, Text("Theirs"), "");
  ASSERT_TRUE(result.conflict);
  EXPECT_EQ(result.conflict->theirs.now.revision, 2);
  EXPECT_EQ(result.conflict->theirs.text, Text("Mine"));
  EXPECT_EQ(result.conflict->base, Text("First"));
  EXPECT_EQ(OnDisk(), Text("Mine"));
  EXPECT_TRUE(other.Undo(1).conflict);
  EXPECT_FALSE(other.Commit(2, Text("Theirs"), "").conflict);
  EXPECT_TRUE(one.Commit(2, Text("Mine again"), "").conflict);
}

TEST_F(HistoryTest, WhatATextEditorChangedIsAVersionToo) {
  History history(folder());
  history.Commit(1, Text("Second"), "");
  Write("By hand");
  EXPECT_TRUE(history.Commit(2, Text("Third"), "").conflict);
  EXPECT_EQ(OnDisk(), Text("By hand"));
  EXPECT_EQ(history.Now().now.kind, "outside");
  EXPECT_EQ(history.Undo(3).state.text, Text("Second"));
}

TEST_F(HistoryTest, ARefusedDocumentChangesNothing) {
  History history(folder());
  EXPECT_THROW(history.Commit(1, "{\"version\": 1}", ""), Error);
  EXPECT_THROW(history.Change("", [](Document* d) { d->title = " "; }), Error);
  EXPECT_EQ(OnDisk(), Text("First"));
  EXPECT_EQ(history.Now().now.revision, 1);
}

TEST_F(HistoryTest, TheSameAgainIsNoRevision) {
  History history(folder());
  EXPECT_EQ(history.Commit(1, Text("First"), "").state.now.revision, 1);
}

// Whatever a power cut leaves of the last line, and wherever it comes between the three writes.
TEST_F(HistoryTest, EveryTornLastLineIsPutRight) {
  {
    History history(folder());
    history.Commit(1, Text("Second"), "the title");
  }
  const std::string whole = ReadTextFile(Journal());
  const size_t last = whole.find('\n') + 1;
  for (size_t size = last; size <= whole.size(); ++size) {
    WriteFileAtomic(Journal(), whole.substr(0, size));
    History history(folder());
    const auto state = history.Now();
    EXPECT_EQ(state.now.revision, 2);
    EXPECT_EQ(state.now.kind, "edit");
    EXPECT_EQ(state.now.what, "the title");
    EXPECT_EQ(history.Undo(2).state.text, Text("First"));
    history.Redo(3);
    WriteFileAtomic(temp_.path() / "history" / "next.json", whole.substr(last));
  }
  // Before room.json was written: the change was never told to be saved.
  WriteFileAtomic(Journal(), whole.substr(0, last));
  Write("First");
  History history(folder());
  EXPECT_EQ(history.Now().now.revision, 1);
}

TEST_F(HistoryTest, ADamagedJournalIsToldAndNotOverwritten) {
  {
    History history(folder());
    history.Commit(1, Text("Second"), "");
  }
  const std::string damaged = "{}\n" + ReadTextFile(Journal());
  WriteFileAtomic(Journal(), damaged);
  History history(folder());
  EXPECT_THROW(history.Now(), Error);
  EXPECT_EQ(ReadTextFile(Journal()), damaged);
}

TEST_F(HistoryTest, WordsAreThereAsPlainTextToo) {
  History history(folder());
  history.Change("a thing", [](Document* d) {
    Thing lamp;
    lamp.id = "lamp";
    lamp.name = "The lamp";
    lamp.words = {"It was left on."};
    lamp.position = Eigen::Vector3d(0, 1, 0);
    lamp.translations["es"].words = {"Se quedó encendida."};
    d->things.push_back(lamp);
  });
  const std::string text = ReadTextFile(temp_.path() / "room.txt");
  EXPECT_THAT(text, HasSubstr("First\n=====\n"));
  EXPECT_THAT(text, HasSubstr("* The lamp\n\n  It was left on.\n"));
  EXPECT_THAT(text, HasSubstr("[es]"));
  EXPECT_THAT(text, HasSubstr("  Se quedó encendida.\n"));
}

}  // namespace
}  // namespace ajar::room
