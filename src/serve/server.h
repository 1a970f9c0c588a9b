// HTTP on the loopback address, for one person on this computer.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/files.h"

namespace ajar::serve {

// What a request asks, once it is known to come from the person at this computer.
struct Question {
  std::string method;  // GET, HEAD, POST, PUT, DELETE
  std::string name;    // decoded, without the secret, as ParseRequestPath gives it
  std::map<std::string, std::string>
      headers;  // by their names in small letters; the last of several
  std::string body;
};
struct Answer {
  int status = 200;
  std::string type = "application/json; charset=utf-8", body;
  std::map<std::string, std::string> headers;
  // Instead of a body: a file, with byte ranges. 404 where it is not there.
  struct File {
    Path folder;
    std::string name;  // relative, below the folder; links are not followed
  };
  std::optional<File> file;
};

struct ServerOptions {
  Path folder;         // static files; nothing outside it is ever served, links included
  int port = 0;        // 0: a random free one
  std::string secret;  // empty: 128 random bits
  // More folders, each served below its name and a slash instead of what `folder` may have there.
  std::map<std::string, Path> within = {};
  std::string index = "index.html";  // what the link itself leads to
  // Where it is set, whoever has the secret may also change things: it is asked first, and files
  // are what it has no answer to. POST, PUT and DELETE reach it only with "Authorization: Bearer
  // SECRET". It is called by several threads; what it raises is answered with 500.
  std::function<std::optional<Answer>(const Question&)> answer = {};
  size_t max_body_bytes = 0;  // of what it is asked; longer ones are refused unread
  bool microphone = false;    // the page may ask for it
};

// Serves GET and HEAD of files below the folder, and answers what `answer` does, to requests that
// (1) name this very host and port in Host, (2) come from no other Origin, (3) know the secret: the
// link is http://127.0.0.1:PORT/SECRET/. Everything else gets a 4xx with a plain sentence.
// Responses carry a strict Content-Security-Policy (nothing from any other host), no-sniff,
// no-referrer, no-store, correct types, byte ranges (for sound). Where x.br or x.gz lies beside x,
// not older than it, whoever accepts that coding gets it.
class Server {
 public:
  explicit Server(const ServerOptions& options);  // binds; kInput when the port is taken
  ~Server();                                      // stops
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  const std::string& url() const;
  int port() const;
  void Run();  // serves until Stop() is called from another thread or a signal handler's pipe
  void Stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ajar::serve
