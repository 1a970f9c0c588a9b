// HTTP on the loopback address, for one person on this computer.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/files.h"

namespace ajar::serve {

struct ServerOptions {
  Path folder;           // static files; nothing outside it is ever served, links included
  int port = 0;          // 0: a random free one
  std::string secret;    // empty: 128 random bits
  // More folders, each served below its name and a slash instead of what `folder` may have there.
  std::map<std::string, Path> within = {};
};

// Serves GET and HEAD of files below the folder to requests that (1) name this very host and
// port in Host, (2) come from no other Origin, (3) know the secret: the link is
// http://127.0.0.1:PORT/SECRET/. Everything else gets a 4xx with a plain sentence. Responses
// carry a strict Content-Security-Policy (nothing from any other host), no-sniff, no-referrer,
// no-store, correct types, byte ranges (for sound). Where x.br or x.gz lies beside x, not older than
// it, whoever accepts that coding gets it.
class Server {
 public:
  explicit Server(const ServerOptions& options);  // binds; kInput when the port is taken
  ~Server();                                      // stops
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  const std::string& url() const;
  int port() const;
  void Run();   // serves until Stop() is called from another thread or a signal handler's pipe
  void Stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ajar::serve
