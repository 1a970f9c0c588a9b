#include "room/internal/front_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ajar::room {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(FrontPage, ASentenceEndsWhereItEnds) {
  EXPECT_EQ(FirstSentence("It is quiet. Come in."), "It is quiet.");
  EXPECT_EQ(FirstSentence("Is it 2.5 metres high?\nYes."), "Is it 2.5 metres high?");
  EXPECT_EQ(FirstSentence("Come in"), "Come in");
  EXPECT_EQ(FirstSentence(""), "");
}

TEST(FrontPage, ShowsEachRoomInItsOwnLanguage) {
  const std::string page =
      FrontPage({{"1/index.html", "1/pictures/room.webp", "A <room>", "Quiet.", "en"},
                 {"2/index.html", "", "\u05d7\u05d3\u05e8", "", "he"}});
  EXPECT_THAT(page, HasSubstr("<html lang=\"en\">"));
  EXPECT_THAT(page, HasSubstr("<h2><a href=\"1/index.html\">A &lt;room&gt;</a></h2>"));
  EXPECT_THAT(page, HasSubstr("<img src=\"1/pictures/room.webp\" alt=\"\""));
  EXPECT_THAT(page, HasSubstr("<section lang=\"he\" dir=\"rtl\">"));
  EXPECT_THAT(page, Not(HasSubstr("<img src=\"\"")));
  EXPECT_THAT(page, Not(HasSubstr("<p></p>")));
}

TEST(FrontPage, SpeaksSpanishWhereTheFirstRoomDoes) {
  EXPECT_THAT(FrontPage({{"1/index.html", "", "Cuarto", "", "es-MX"}}),
              HasSubstr("<h1>Habitaciones</h1>"));
}

}  // namespace
}  // namespace ajar::room
