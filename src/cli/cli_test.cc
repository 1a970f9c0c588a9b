#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/commands.h"
#include "base/error.h"
#include "cli/duration.h"
#include "cli/pointing.h"
#include "cli/screen.h"

namespace ajar::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Optional;
using ::testing::StartsWith;

TEST(Duration, ReadsWhatPeopleWrite) {
  for (const auto& [text, seconds] :
       std::vector<std::pair<const char*, double>>{{"5m", 300},
                                                   {"90s", 90},
                                                   {"90", 90},
                                                   {"1h30m", 5400},
                                                   {"1h 30 min", 5400},
                                                   {"1.5h", 5400},
                                                   {" 2 minutes ", 120},
                                                   {"0.5s", 0.5},
                                                   {"1h1m1s", 3661}}) {
    EXPECT_THAT(ParseDuration(text), Optional(seconds)) << text;
  }
  for (const char* bad : {"", " ", "m", "5x", "-5m", "5m-", "30m1h", "5m5m", "nan", "inf", "0",
                          "0s", "1e9h", "99999h", "5m30", "1 2", "5,5m"}) {
    EXPECT_EQ(ParseDuration(bad), std::nullopt) << bad;
  }
}

TEST(Pointing, ReadsLengthsAsPeopleWriteThem) {
  for (const auto& [text, metres] : std::vector<std::pair<const char*, double>>{
           {"2.03m", 2.03}, {"2.03", 2.03}, {" 203 cm", 2.03}, {"840mm", 0.84}, {"6.5ft", 1.9812},
           {"80in", 2.032}}) {
    EXPECT_NEAR(ParseMetres(text).value_or(0), metres, 1e-9) << text;
  }
  for (const char* bad : {"", "m", "-2m", "2 km", "2m3", "nan", "inf", "0", "1mm", "1001m", "1e3m"}) {
    EXPECT_EQ(ParseMetres(bad), std::nullopt) << bad;
  }
}

TEST(Pointing, ReadsPlacesOfPhotographs) {
  const room::LengthGiven length = ParseLength("upstairs/a:b=c.jpg:812,440.5:835,1210=2.03m", "--length");
  EXPECT_EQ(length.photo, "upstairs/a:b=c.jpg");
  EXPECT_EQ(length.from_px, Eigen::Vector2d(812, 440.5));
  EXPECT_EQ(length.to_px, Eigen::Vector2d(835, 1210));
  EXPECT_EQ(length.metres, 2.03);
  EXPECT_EQ(ParsePixel("a.jpg:1,2", "--from").at_px, Eigen::Vector2d(1, 2));
  EXPECT_EQ(ParseUp("a.jpg:1,2:3,4", "--up").high_px, Eigen::Vector2d(3, 4));
  EXPECT_EQ(ParseUp("0,-1,0.5", "--up").direction, Eigen::Vector3d(0, -1, 0.5));
  EXPECT_EQ(ParseDoorway("a.jpg", "--doorway").photo, "a.jpg");
  EXPECT_EQ(ParseDoorway("1,1.5,2:0,1.5,0", "--doorway").look_at, Eigen::Vector3d(0, 1.5, 0));
}

TEST(Pointing, RefusesWhatItCannotRead) {
  for (const char* bad : {"", "a.jpg", "a.jpg:1,2:3,4", "a.jpg:1,2:3,4=", "a.jpg:1,2:3=1m",
                          ":1,2:3,4=1m", "a.jpg:1,2:3,-4=1m", "a.jpg:1,2:3,4,5=1m",
                          "a.jpg:1,2:3,nan=1m", "a.jpg:1,2:3,4=one"}) {
    EXPECT_THROW(ParseLength(bad, "--length"), Error) << bad;
  }
  for (const char* bad : {"", "a.jpg", "a.jpg:1", "a.jpg:1,x", ":1,2"}) {
    EXPECT_THROW(ParsePixel(bad, "--from"), Error) << bad;
  }
  for (const char* bad : {"", "0,0,0", "1,2", "a.jpg:1,2", "up"}) {
    EXPECT_THROW(ParseUp(bad, "--up"), Error) << bad;
  }
  for (const char* bad : {"", " ", "1,2,3:1,2,3", "1,2,3:x", "1,2,30000:1,2,3"}) {
    EXPECT_THROW(ParseDoorway(bad, "--doorway"), Error) << bad;
  }
}

TEST(Pointing, LengthsAreSaidAsExactlyAsTheyAreKnown) {
  EXPECT_EQ(LengthInWords(2.034, 0.012), "2.03 m, give or take 1 cm");
  EXPECT_EQ(LengthInWords(2.034, 0.2), "2.0 m, give or take 0.2 m");
  EXPECT_EQ(LengthInWords(0.8412, 0.004), "84.1 cm, give or take 0.4 cm");
}

TEST(Duration, TimeLeftIsSaidWithoutFalsePrecision) {
  EXPECT_EQ(TimeLeftInWords(3), "less than 10 seconds left");
  EXPECT_EQ(TimeLeftInWords(-3), "less than 10 seconds left");
  EXPECT_EQ(TimeLeftInWords(37), "about 40 seconds left");
  EXPECT_EQ(TimeLeftInWords(58), "about 1 minute left");
  EXPECT_EQ(TimeLeftInWords(200), "about 3 minutes left");
  EXPECT_EQ(TimeLeftInWords(3599), "about 1 hour left");
  EXPECT_EQ(TimeLeftInWords(5000), "about 1 hour 20 minutes left");
  EXPECT_EQ(DurationInWords(0.42), "0.4 seconds");
  EXPECT_EQ(DurationInWords(485), "8 minutes 5 seconds");
  EXPECT_EQ(DurationInWords(3660), "1 hour 1 minute");
}

TEST(Screen, ABarFitsTheTerminal) {
  const ProgressUpdate update{"training", 0.505, 125, "fenêtre.jpg"};
  const std::string line = BarLine(update, 120);
  EXPECT_EQ(line, "training [############............] 50 %, about 2 minutes left (fenêtre.jpg)");
  EXPECT_EQ(BarLine(update, 20), "training [#########");
  EXPECT_THAT(BarLine({"x", 7, std::nullopt, ""}, 80), HasSubstr("100 %"));
}

std::string Contents(std::FILE* file) {
  std::rewind(file);
  std::string text;
  for (int c = 0; (c = std::fgetc(file)) != EOF;) text += static_cast<char>(c);
  std::fclose(file);
  return text;
}

TEST(Screen, JsonIsOneObjectALine) {
  std::FILE* out = std::tmpfile();
  std::FILE* err = std::tmpfile();
  Screen screen(ScreenMode::kJson, out, err);
  screen.Show({"training", 0, std::nullopt, ""});
  screen.Show({"training", 1, 2.5, "a\nb"});
  screen.ShowError({ErrorCode::kDisk, "The disk is full.", "room", "Free some space."});
  EXPECT_EQ(Contents(out),
            "{\"type\":\"progress\",\"stage\":\"training\",\"fraction\":0.0,\"seconds_left\":null,"
            "\"note\":\"\"}\n"
            "{\"type\":\"progress\",\"stage\":\"training\",\"fraction\":1.0,\"seconds_left\":2.5,"
            "\"note\":\"a\\nb\"}\n"
            "{\"type\":\"error\",\"code\":5,\"message\":\"The disk is full.\",\"where\":\"room\","
            "\"hint\":\"Free some space.\"}\n");
  EXPECT_EQ(Contents(err), "ajar: room: The disk is full. Free some space.\n");
}

TEST(Screen, QuietSaysErrorsOnly) {
  std::FILE* out = std::tmpfile();
  std::FILE* err = std::tmpfile();
  Screen screen(ScreenMode::kQuiet, out, err);
  screen.Show({"training", 0.5, 1, ""});
  screen.ShowError({ErrorCode::kInput, "No.", "", ""});
  EXPECT_EQ(Contents(out), "");
  EXPECT_EQ(Contents(err), "ajar: No.\n");
}

Error ErrorOf(std::vector<const char*> words) {
  words.insert(words.begin(), "ajar");
  Screen screen(ScreenMode::kQuiet);
  try {
    RunCommandLine(static_cast<int>(words.size()), words.data(), nullptr, &screen);
  } catch (const Error& error) {
    return error;
  }
  return {ErrorCode::kCancelled, "no error", "", ""};
}

TEST(CommandLine, WrongUsageIsSaidInASentence) {
  EXPECT_EQ(ErrorOf({}).code(), ErrorCode::kUsage);
  EXPECT_EQ(ErrorOf({"bild"}).code(), ErrorCode::kUsage);
  EXPECT_THAT(ErrorOf({"build", "photos"}).what(),
              AllOf(HasSubstr("--output"), HasSubstr("See: ajar build --help")));
  EXPECT_THAT(ErrorOf({"build", "-o", "r", "--time", "soon"}).what(), StartsWith("--time"));
  EXPECT_EQ(ErrorOf({"build", "-o", "r", "--until", "dawn"}).code(), ErrorCode::kUsage);
  EXPECT_EQ(ErrorOf({"build", "-o", "r", "--threads", "0"}).code(), ErrorCode::kUsage);
  EXPECT_EQ(ErrorOf({"export", "r", "-o", "x", "--format", "obj"}).code(), ErrorCode::kUsage);
}

TEST(CommandLine, EveryVerbHasHelpWithAnExample) {
  for (const char* verb : {"build", "view", "demo", "render", "info", "export"}) {
    std::vector<const char*> words = {"ajar", verb, "--help"};
    Screen screen(ScreenMode::kQuiet);
    ::testing::internal::CaptureStdout();
    EXPECT_EQ(RunCommandLine(3, words.data(), nullptr, &screen), 0);
    EXPECT_THAT(::testing::internal::GetCapturedStdout(),
                HasSubstr(std::string("Example:\n  ajar ") + verb));
  }
}

}  // namespace
}  // namespace ajar::cli
