#include "room/internal/names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace ajar::room {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

constexpr auto kNone = std::nullopt;

TEST(MatchNames, TriesTheNearestFirst) {
  EXPECT_THAT(MatchNames({"a.jpg", "b.jpg"}, {"b.jpg", "a.jpg"}),
              ElementsAre(Optional(1u), Optional(0u)));
  // By file name, then without endings.
  EXPECT_THAT(MatchNames({"images/a.jpg", "images/b.png"}, {"a.jpg", "b.JPG"}),
              ElementsAre(Optional(0u), Optional(1u)));
  // Twins in two folders are told apart by their folders.
  EXPECT_THAT(MatchNames({"x/1.png", "y/1.png"}, {"y/1.jpg", "x/1.jpg"}),
              ElementsAre(Optional(1u), Optional(0u)));
}

TEST(MatchNames, LeavesOutWhatIsAmbiguousOrUnknown) {
  EXPECT_THAT(MatchNames({"1.jpg"}, {"x/1.jpg", "y/1.jpg"}), ElementsAre(kNone));
  EXPECT_THAT(MatchNames({"c.jpg", "a"}, {"a.jpg", "b.jpg"}), ElementsAre(kNone, Optional(0u)));
  // An exact match does not leave its twin ambiguous.
  EXPECT_THAT(MatchNames({"1.jpg", "z/2.jpg"}, {"1.jpg", "x/2.jpg"}),
              ElementsAre(Optional(0u), Optional(1u)));
  EXPECT_THAT(MatchNames({}, {"a.jpg"}), IsEmpty());
}

ErrorCode CodeOfHoldOut(const std::string& text, const std::vector<std::string>& photos) {
  try {
    SelectHoldOut(text, photos);
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << text << " was accepted";
  return ErrorCode::kInput;
}

TEST(HoldOut, EveryNthFromTheFirst) {
  const std::vector<std::string> photos = {"0.jpg", "1.jpg", "2.jpg", "3.jpg", "4.jpg"};
  EXPECT_THAT(SelectHoldOut("2", photos), ElementsAre(0, 2, 4));
  EXPECT_THAT(SelectHoldOut("9", photos), ElementsAre(0));
  EXPECT_THAT(SelectHoldOut("", photos), IsEmpty());
  EXPECT_THAT(SelectHoldOut("4.jpg, 1", photos), ElementsAre(1, 4));
  for (const char* bad : {"0", "1", "-3", "7.jpg", "1.jpg,nobody", ",", " ", "99999999999999999999999"}) {
    EXPECT_EQ(CodeOfHoldOut(bad, photos), ErrorCode::kUsage) << bad;
  }
  EXPECT_EQ(CodeOfHoldOut("a", {"a.jpg"}), ErrorCode::kUsage);
  EXPECT_THAT(SelectHoldOut("8", {"7", "8", "9"}), ElementsAre(1));
}

TEST(ListOfNames, IsCutWhenLong) {
  EXPECT_EQ(ListOfNames({"a"}), "a");
  EXPECT_EQ(ListOfNames({"a", "b", "c"}), "a, b and c");
  EXPECT_EQ(ListOfNames({"a", "b", "c"}, 2), "a, b and 1 more");
}

}  // namespace
}  // namespace ajar::room
