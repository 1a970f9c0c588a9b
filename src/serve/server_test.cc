#include "serve/server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/files.h"

namespace ajar::serve {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
namespace fs = std::filesystem;

constexpr char kSecret[] = "0123456789abcdef";

// The whole answer to raw bytes sent to the port, until the server closes the connection.
std::string Talk(int port, const std::string& bytes) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    ::close(fd);
    return "no connection";
  }
  size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t n = ::send(fd, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) break;
    sent += static_cast<size_t>(n);
  }
  std::string answer;
  char buffer[4096];
  for (ssize_t n; (n = ::recv(fd, buffer, sizeof(buffer), 0)) > 0;) {
    answer.append(buffer, static_cast<size_t>(n));
  }
  ::close(fd);
  return answer;
}

class ServerTest : public ::testing::Test {
 protected:
  ServerTest() {
    const Path site = folder_.path() / "site";
    MakeFolder(site / "splats");
    WriteFileAtomic(site / "index.html", "<h1>A room</h1>");
    WriteFileAtomic(site / "visit.json", "{}");
    WriteFileAtomic(site / "splats/means_l.webp", "0123456789");
    WriteFileAtomic(site / "empty.css", "");
    WriteFileAtomic(site / ".hidden", "not for visitors");
    WriteFileAtomic(folder_.path() / "private.txt", "PRIVATE");
    fs::create_symlink("../private.txt", site / "link.txt");
    fs::create_directory_symlink("..", site / "up");
    ::mkfifo((site / "pipe").c_str(), 0600);
    server_ = std::make_unique<Server>(ServerOptions{site, 0, kSecret});
    thread_ = std::thread([this] { server_->Run(); });
  }
  ~ServerTest() override {
    server_->Stop();
    thread_.join();
  }

  std::string Host() const { return "127.0.0.1:" + std::to_string(server_->port()); }
  std::string Raw(const std::string& bytes) const { return Talk(server_->port(), bytes); }
  std::string Get(const std::string& name, const std::string& headers = "",
                  const std::string& method = "GET") const {
    return Raw(method + " /" + kSecret + "/" + name + " HTTP/1.1\r\nHost: " + Host() + "\r\n" +
               headers + "\r\n");
  }

  TempFolder folder_;
  std::unique_ptr<Server> server_;
  std::thread thread_;
};

TEST_F(ServerTest, GivesTheLinkAndThePage) {
  EXPECT_EQ(server_->url(), "http://" + Host() + "/" + kSecret + "/");
  const std::string answer = Get("");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(answer, HasSubstr("Content-Type: text/html; charset=utf-8\r\n"));
  EXPECT_THAT(answer, HasSubstr("<h1>A room</h1>"));
}

TEST_F(ServerTest, SendsStrictHeadersWithEveryAnswer) {
  for (const std::string& answer :
       {Get(""), Get("missing"), Raw("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n"),
        Raw("nonsense\r\n\r\n")}) {
    EXPECT_THAT(answer, HasSubstr("Content-Security-Policy: default-src 'none'; ")) << answer;
    EXPECT_THAT(answer, HasSubstr("X-Content-Type-Options: nosniff\r\n"));
    EXPECT_THAT(answer, HasSubstr("Referrer-Policy: no-referrer\r\n"));
    EXPECT_THAT(answer, HasSubstr("Cross-Origin-Resource-Policy: same-origin\r\n"));
    EXPECT_THAT(answer, HasSubstr("Cross-Origin-Opener-Policy: same-origin\r\n"));
    EXPECT_THAT(answer, HasSubstr("Cache-Control: no-store\r\n"));
    EXPECT_THAT(answer, Not(HasSubstr("Access-Control-Allow-Origin")));
  }
}

TEST_F(ServerTest, KnowsTheTypes) {
  EXPECT_THAT(Get("visit.json"), HasSubstr("Content-Type: application/json; charset=utf-8\r\n"));
  EXPECT_THAT(Get("splats/means_l.webp"), HasSubstr("Content-Type: image/webp\r\n"));
  EXPECT_THAT(Get("empty.css"), HasSubstr("Content-Type: text/css; charset=utf-8\r\n"));
  EXPECT_THAT(Get("empty.css"), HasSubstr("Content-Length: 0\r\n"));
}

TEST_F(ServerTest, AnswersHeadWithoutABody) {
  const std::string answer = Get("splats/means_l.webp", "", "HEAD");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(answer, HasSubstr("Content-Length: 10\r\n"));
  EXPECT_THAT(answer, ::testing::EndsWith("\r\n\r\n"));
}

TEST_F(ServerTest, SendsPartsOfFiles) {
  const std::string part = Get("splats/means_l.webp", "Range: bytes=2-4\r\n");
  EXPECT_THAT(part, StartsWith("HTTP/1.1 206 "));
  EXPECT_THAT(part, HasSubstr("Content-Range: bytes 2-4/10\r\n"));
  EXPECT_THAT(part, HasSubstr("Content-Length: 3\r\n"));
  EXPECT_THAT(part, ::testing::EndsWith("\r\n\r\n234"));
  EXPECT_THAT(Get("splats/means_l.webp", "Range: bytes=-2\r\n"), ::testing::EndsWith("\r\n\r\n89"));
  EXPECT_THAT(Get("splats/means_l.webp", "Range: bytes=8-900\r\n"),
              ::testing::EndsWith("\r\n\r\n89"));
  const std::string beyond = Get("splats/means_l.webp", "Range: bytes=10-\r\n");
  EXPECT_THAT(beyond, StartsWith("HTTP/1.1 416 "));
  EXPECT_THAT(beyond, HasSubstr("Content-Range: bytes */10\r\n"));
  EXPECT_THAT(Get("splats/means_l.webp", "Range: bytes=0-1,4-5\r\n"), StartsWith("HTTP/1.1 200 "));
}

TEST_F(ServerTest, SendsWhatIsCompressedToThoseWhoTakeIt) {
  const Path site = folder_.path() / "site";
  WriteFileAtomic(site / "visit.json.gz", "as gzip");
  EXPECT_THAT(Get("visit.json", "Accept-Encoding: br, gzip\r\n"),
              HasSubstr("Content-Encoding: gzip\r\n"));
  WriteFileAtomic(site / "visit.json.br", "as brotli");
  const std::string answer = Get("visit.json", "Accept-Encoding: gzip, br\r\n");
  EXPECT_THAT(answer, HasSubstr("Content-Encoding: br\r\n"));
  EXPECT_THAT(answer, HasSubstr("Content-Type: application/json; charset=utf-8\r\n"));
  EXPECT_THAT(answer, HasSubstr("Content-Length: 9\r\n"));
  EXPECT_THAT(answer, ::testing::EndsWith("\r\n\r\nas brotli"));
  EXPECT_THAT(Get("visit.json", "Accept-Encoding: gzip\r\n"),
              ::testing::EndsWith("\r\n\r\nas gzip"));
  for (const char* headers : {"", "Accept-Encoding: identity\r\n", "Accept-Encoding: br;q=0\r\n"}) {
    const std::string plain = Get("visit.json", headers);
    EXPECT_THAT(plain, HasSubstr("Vary: Accept-Encoding\r\n")) << headers;
    EXPECT_THAT(plain, Not(HasSubstr("Content-Encoding"))) << headers;
    EXPECT_THAT(plain, ::testing::EndsWith("\r\n\r\n{}")) << headers;
  }
  // Parts are parts of the file itself.
  EXPECT_THAT(Get("visit.json", "Accept-Encoding: br\r\nRange: bytes=1-1\r\n"),
              ::testing::EndsWith("\r\n\r\n}"));
  EXPECT_THAT(Get("empty.css", "Accept-Encoding: br\r\n"), Not(HasSubstr("Vary")));
}

TEST_F(ServerTest, SendsNothingCompressedThatIsOlderThanTheFile) {
  const Path site = folder_.path() / "site";
  WriteFileAtomic(site / "visit.json.br", "as it was");
  fs::last_write_time(site / "visit.json.br",
                      fs::last_write_time(site / "visit.json") - std::chrono::seconds(1));
  fs::create_symlink("../private.txt", site / "visit.json.gz");
  EXPECT_THAT(Get("visit.json", "Accept-Encoding: br, gzip\r\n"),
              ::testing::EndsWith("\r\n\r\n{}"));
}

TEST_F(ServerTest, SurvivesHostileRanges) {
  EXPECT_THAT(Get("visit.json", "Range: bytes=99999999999999999999999-\r\n"),
              ::testing::AnyOf(StartsWith("HTTP/1.1 416 "), StartsWith("HTTP/1.1 200 ")));
  std::string many = "Range: bytes=0-0";
  while (many.size() < 7000) many += ",0-0";
  EXPECT_THAT(Get("visit.json", many + "\r\n"), StartsWith("HTTP/1.1 "));
  EXPECT_THAT(Get("visit.json"), StartsWith("HTTP/1.1 200 "));
}

TEST_F(ServerTest, WantsTheSecret) {
  const std::string end = " HTTP/1.1\r\nHost: " + Host() + "\r\n\r\n";
  for (const char* target : {"/", "/index.html", "/visit.json", "/0123456789abcdee/visit.json",
                             "/0123456789abcde/visit.json", "/0123456789abcdef0/visit.json",
                             "//0123456789abcdef/visit.json"}) {
    const std::string answer = Raw(std::string("GET ") + target + end);
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 404 ")) << target;
    EXPECT_THAT(answer, Not(HasSubstr(kSecret)));
  }
  const std::string answer = Raw(std::string("GET /") + kSecret + end);
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 308 "));
  EXPECT_THAT(answer, HasSubstr(std::string("Location: /") + kSecret + "/\r\n"));
}

TEST_F(ServerTest, WantsToBeCalledByItsOwnName) {
  const std::string get = std::string("GET /") + kSecret + "/visit.json HTTP/1.1\r\n";
  const std::string port = std::to_string(server_->port());
  EXPECT_THAT(Raw(get + "Host: localhost:" + port + "\r\n\r\n"), StartsWith("HTTP/1.1 200 "));
  for (const std::string& host :
       {std::string(), std::string("Host: evil.example\r\n"), "Host: evil.example:" + port + "\r\n",
        std::string("Host: 127.0.0.1\r\n"), "Host: 127.0.0.1:" + port + "0\r\n",
        "Host: 127.0.0.1:" + port + "\r\nHost: evil.example\r\n"}) {
    EXPECT_THAT(Raw(get + host + "\r\n"), StartsWith("HTTP/1.1 403 ")) << host;
  }
}

TEST_F(ServerTest, RefusesOtherPages) {
  EXPECT_THAT(Get("visit.json", "Origin: http://" + Host() + "\r\n"), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(Get("visit.json", "Sec-Fetch-Site: same-origin\r\n"), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(Get("visit.json", "Sec-Fetch-Site: none\r\n"), StartsWith("HTTP/1.1 200 "));
  for (const char* header :
       {"Origin: http://evil.example\r\n", "Origin: null\r\n", "Origin: http://127.0.0.1:1\r\n",
        "Sec-Fetch-Site: cross-site\r\n", "Sec-Fetch-Site: same-site\r\n"}) {
    EXPECT_THAT(Get("visit.json", header), StartsWith("HTTP/1.1 403 ")) << header;
  }
}

TEST_F(ServerTest, ReadsOnly) {
  for (const char* method : {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"}) {
    const std::string answer = Get("visit.json", "Content-Length: 0\r\n", method);
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 4")) << method;
  }
  EXPECT_THAT(Get("visit.json", "", "POST"), HasSubstr("Allow: GET, HEAD\r\n"));
}

TEST_F(ServerTest, NeverLeavesTheFolder) {
  for (const char* name :
       {"../private.txt", "%2e%2e/private.txt", "..%2fprivate.txt", "..%5cprivate.txt",
        "splats/../../private.txt", "link.txt", "up/private.txt", "up/site/visit.json", ".hidden",
        "pipe", "splats", "splats/", "visit.json/", "visit.json%00.webp",
        "%c0%ae%c0%ae/private.txt", "/etc/passwd", "//etc/passwd"}) {
    const std::string answer = Get(name);
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 404 ")) << name;
    EXPECT_THAT(answer, Not(HasSubstr("PRIVATE"))) << name;
  }
}

TEST_F(ServerTest, ShrugsAtNonsense) {
  for (const std::string& bytes :
       {std::string("\r\n\r\n"), std::string("GET\r\n\r\n"), std::string(1, '\0') + "\r\n\r\n",
        "GET " + std::string(9000, 'a') + " HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nX: " + std::string(9000, 'a') + "\r\n\r\n",
        std::string("GET / HTTP/9.9\r\n\r\n")}) {
    const std::string answer = Raw(bytes);
    EXPECT_THAT(answer, Not(StartsWith("HTTP/1.1 2")));
  }
  // A second request hidden in a body is not answered.
  const std::string hidden =
      std::string("GET /") + kSecret + "/visit.json HTTP/1.1\r\nHost: " + Host() + "\r\n\r\n";
  const std::string answer =
      Get("index.html", "Content-Length: " + std::to_string(hidden.size()) + "\r\n\r\n" + hidden,
          "POST");
  EXPECT_THAT(answer, Not(HasSubstr("HTTP/1.1 200")));
  EXPECT_THAT(Get("visit.json"), StartsWith("HTTP/1.1 200 "));
}

TEST_F(ServerTest, AnswersManyAtOnce) {
  std::vector<std::thread> visitors;
  std::atomic<int> good = 0;
  for (int i = 0; i < 24; ++i) {
    visitors.emplace_back([&] { good += Get("visit.json").starts_with("HTTP/1.1 200 "); });
  }
  for (std::thread& visitor : visitors) visitor.join();
  EXPECT_EQ(good, 24);
}

TEST_F(ServerTest, SaysWhenThePortIsTaken) {
  try {
    Server second(ServerOptions{folder_.path() / "site", server_->port(), ""});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInput);
    EXPECT_THAT(error.what(), HasSubstr(std::to_string(server_->port())));
  }
}

TEST(ServerLifeTest, MakesItsOwnSecret) {
  const TempFolder folder;
  const Server a(ServerOptions{folder.path(), 0, ""}), b(ServerOptions{folder.path(), 0, ""});
  EXPECT_NE(a.url(), b.url());
  EXPECT_EQ(a.url().size(),
            std::string("http://127.0.0.1:/").size() + std::to_string(a.port()).size() + 33);
}

TEST(ServerLifeTest, RefusesAFolderThatIsNotThereAndABadSecret) {
  const TempFolder folder;
  EXPECT_THROW(Server(ServerOptions{folder.path() / "missing", 0, ""}), Error);
  EXPECT_THROW(Server(ServerOptions{folder.path(), 0, "a/b"}), Error);
  EXPECT_THROW(Server(ServerOptions{folder.path(), 70000, ""}), Error);
}

TEST(ServerLifeTest, StopsBeforeDuringAndNever) {
  const TempFolder folder;
  const ServerOptions options{folder.path(), 0, ""};
  { Server never(options); }
  {
    Server before(options);
    before.Stop();
    before.Run();  // returns at once
  }
  for (int i = 0; i < 20; ++i) {
    Server during(options);
    std::thread thread([&] { during.Run(); });
    during.Stop();
    during.Stop();
    thread.join();
  }
}

}  // namespace
}  // namespace ajar::serve
