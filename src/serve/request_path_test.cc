#include "serve/internal/request_path.h"

#include <gtest/gtest.h>

#include <string>

namespace ajar::serve {
namespace {

TEST(RequestPathTest, TakesTheSecretAndTheNameApart) {
  const auto path = ParseRequestPath("/secret/splats/meta.json?v=1");
  ASSERT_TRUE(path);
  EXPECT_EQ(path->secret, "secret");
  EXPECT_EQ(path->name, "splats/meta.json");
  EXPECT_TRUE(path->complete);
}

TEST(RequestPathTest, KnowsTheFolderItself) {
  ASSERT_TRUE(ParseRequestPath("/secret/"));
  EXPECT_EQ(ParseRequestPath("/secret/")->name, "");
  EXPECT_TRUE(ParseRequestPath("/secret/")->complete);
  EXPECT_FALSE(ParseRequestPath("/secret")->complete);
}

TEST(RequestPathTest, DecodesNames) {
  const auto path = ParseRequestPath("/s/stories/Gro%C3%9Fmutter%20singt.opus");
  ASSERT_TRUE(path);
  EXPECT_EQ(path->name, "stories/Gro\xC3\x9Fmutter singt.opus");
}

TEST(RequestPathTest, RefusesWhatCouldLeaveTheFolder) {
  for (const char* target : {"",
                             "s/a",
                             "*",
                             "http://127.0.0.1/s/a",
                             "/s/../a",
                             "/s/a/../../b",
                             "/s/%2e%2e/a",
                             "/s/%2E%2e/%2e%2e/etc/passwd",
                             "/s/.hidden",
                             "/s/./a",
                             "/s//a",
                             "/s/a//b",
                             "/s/a/",
                             "/s/..%2f..%2fetc%2fpasswd",
                             "/s/a%2fb",
                             "/s/a%5c..%5cb",
                             "/s/a\\b",
                             "/s/a%00.html",
                             "/s/a%0d%0aX: y",
                             "/s/%",
                             "/s/%4",
                             "/s/%zz",
                             "/s/%7f"}) {
    EXPECT_FALSE(ParseRequestPath(target)) << target;
  }
  EXPECT_FALSE(ParseRequestPath("/s/" + std::string(2000, 'a')));
}

TEST(RequestPathTest, DecodesOnce) {
  const auto path = ParseRequestPath("/s/%252e%252e");
  ASSERT_TRUE(path);
  EXPECT_EQ(path->name, "%2e%2e");
}

TEST(SecretTest, OnlyTheSameOneIsTheSame) {
  EXPECT_TRUE(SameSecret("abc", "abc"));
  EXPECT_FALSE(SameSecret("abc", "abd"));
  EXPECT_FALSE(SameSecret("abc", "ab"));
  EXPECT_FALSE(SameSecret("", "a"));
}

TEST(RangeTest, FollowsTheRfc) {
  ByteRange range;
  EXPECT_EQ(ParseRange("bytes=2-4", 10, range), RangeKind::kPart);
  EXPECT_EQ(range.begin, 2u);
  EXPECT_EQ(range.size, 3u);
  EXPECT_EQ(ParseRange("bytes=7-", 10, range), RangeKind::kPart);
  EXPECT_EQ(range.begin, 7u);
  EXPECT_EQ(range.size, 3u);
  EXPECT_EQ(ParseRange("bytes=-4", 10, range), RangeKind::kPart);
  EXPECT_EQ(range.begin, 6u);
  EXPECT_EQ(range.size, 4u);
  EXPECT_EQ(ParseRange("bytes=-40", 10, range), RangeKind::kPart);
  EXPECT_EQ(range.size, 10u);
  EXPECT_EQ(ParseRange("bytes=3-99999999999999999999999999", 10, range), RangeKind::kPart);
  EXPECT_EQ(range.size, 7u);
}

TEST(RangeTest, SaysWhatCannotBeHad) {
  ByteRange range;
  for (const char* header :
       {"bytes=10-", "bytes=10-12", "bytes=99999999999999999999-", "bytes=-0"}) {
    EXPECT_EQ(ParseRange(header, 10, range), RangeKind::kUnsatisfiable) << header;
  }
  EXPECT_EQ(ParseRange("bytes=0-", 0, range), RangeKind::kUnsatisfiable);
  EXPECT_EQ(ParseRange("bytes=-1", 0, range), RangeKind::kUnsatisfiable);
}

TEST(RangeTest, IgnoresWhatMakesNoSense) {
  ByteRange range;
  for (const char* header :
       {"", "bytes", "bytes=", "bytes=-", "bytes=4-2", "bytes=a-b", "lines=1-2", "bytes=0-1,3-4",
        "bytes=+1-2", "bytes= 1-2", "bytes=--1"}) {
    EXPECT_EQ(ParseRange(header, 10, range), RangeKind::kWhole) << header;
    EXPECT_EQ(range.begin, 0u);
    EXPECT_EQ(range.size, 10u);
  }
}

TEST(AcceptsCoding, ReadsTheHeader) {
  for (const char* header :
       {"br", "gzip, deflate, br", "gzip;q=0.5,BR ; Q=0.001", "*", "br;q=1.0"}) {
    EXPECT_TRUE(AcceptsCoding(header, "br")) << header;
  }
  for (const char* header : {"", "gzip", "br;q=0", "br; q=0.000", "brx", "*;q=0", "*, br;q=0",
                             ",,;", "br;level=3", "br;q=much", "identity"}) {
    EXPECT_FALSE(AcceptsCoding(header, "br")) << header;
  }
}

}  // namespace
}  // namespace ajar::serve
