#include "serve/server.h"

#include <httplib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <condition_variable>
#include <mutex>

#include "base/error.h"
#include "base/hash.h"
#include "serve/internal/request_path.h"
#include "serve/internal/site_file.h"

namespace ajar::serve {
namespace {

// Nothing from another host, no script or style inside the page. The engine sorts splats in a
// worker that it makes from a blob; the page reads sound through 'self' only.
constexpr char kContentSecurityPolicy[] =
    "default-src 'none'; script-src 'self'; worker-src 'self' blob:; "
    "style-src 'self'; img-src 'self' blob: data:; media-src 'self'; connect-src 'self' blob:; "
    "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
constexpr char kPermissionsPolicy[] =
    "accelerometer=(self), gyroscope=(self), magnetometer=(self), xr-spatial-tracking=(self), "
    "fullscreen=(self), autoplay=(), camera=(), display-capture=(), geolocation=(), "
    "midi=(), payment=(), usb=(), microphone=";

constexpr size_t kThreads = 8;
constexpr size_t kMaxBodyBytes = 1024;  // nobody has reason to send us one
constexpr int kReadTimeout_s = 5;
constexpr int kWriteTimeout_s = 10;

httplib::Headers DefaultHeaders(bool microphone) {
  return {
      {"Content-Security-Policy", kContentSecurityPolicy},
      {"Permissions-Policy", std::string(kPermissionsPolicy) + (microphone ? "(self)" : "()")},
      {"X-Content-Type-Options", "nosniff"},
      {"Referrer-Policy", "no-referrer"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cache-Control", "no-store"},
  };
}

bool IsUrlSafe(const std::string& text) {
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_'; });
}

void Refuse(httplib::Response& response, int status, const std::string& sentence) {
  response.status = status;
  response.set_content(sentence + "\n", "text/plain; charset=utf-8");
}

bool IsReading(const httplib::Request& request) {
  return request.method == "GET" || request.method == "HEAD";
}

std::string InSmallLetters(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// Only a page of this very server, or a person who typed the link, may ask.
bool ComesFromHere(const httplib::Request& request, int port) {
  if (request.get_header_value_count("Host") != 1) return false;
  const std::string host = request.get_header_value("Host");
  const std::string suffix = ":" + std::to_string(port);
  if (host != "127.0.0.1" + suffix && host != "localhost" + suffix) return false;
  const size_t origins = request.get_header_value_count("Origin");
  if (origins > 1) return false;
  if (origins == 1 && request.get_header_value("Origin") != "http://" + host) return false;
  // "same-site" is another port of this computer: another program's page.
  const size_t sites = request.get_header_value_count("Sec-Fetch-Site");
  if (sites > 1) return false;
  if (sites == 0) return true;
  const std::string site = request.get_header_value("Sec-Fetch-Site");
  return site == "same-origin" || site == "none";
}

}  // namespace

struct Server::Impl {
  ServerOptions options;
  std::string url;
  int port = 0;
  httplib::Server http;

  // http.stop() may be called once, and only while http runs.
  std::mutex mutex;
  std::condition_variable changed;
  bool stopped = false;
  bool running = false;
  int listener = -1;  // closed by http once it has run

  std::shared_ptr<SiteFile> Open(const std::string& name) const;
  // What it asks for where it may; otherwise the response says why not.
  std::optional<RequestPath> Admitted(const httplib::Request& request,
                                      httplib::Response& response) const;
  // The response to what needs no body; false: the body is to be read, and then comes Ask.
  bool AnswerWithoutBody(httplib::Request& request, httplib::Response& response) const;
  void AnswerWithFile(const std::string& name, const httplib::Request& request,
                      const std::string& range, httplib::Response& response) const;
  // Reads the body of a request that was admitted.
  void Take(const httplib::Request& request, httplib::Response& response,
            const httplib::ContentReader& reader) const;
  // False: there is no answer to it.
  bool Ask(const httplib::Request& request, const std::string& name, std::string body,
           const std::string& range, httplib::Response& response) const;
  std::shared_ptr<SiteFile> Compressed(std::shared_ptr<SiteFile> plain, const std::string& name,
                                       const httplib::Request& request,
                                       httplib::Response& response) const;
  void SendFile(const std::shared_ptr<SiteFile>& file, const std::string& type,
                const std::string& range_header, httplib::Response& response) const;
};

std::shared_ptr<SiteFile> Server::Impl::Open(const std::string& name) const {
  const size_t slash = name.find('/');
  const auto found = options.within.find(name.substr(0, slash));
  if (slash == std::string::npos || found == options.within.end()) {
    return SiteFile::Open(options.folder, name);
  }
  return SiteFile::Open(found->second, name.substr(slash + 1));
}

std::optional<RequestPath> Server::Impl::Admitted(const httplib::Request& request,
                                                  httplib::Response& response) const {
  if (!ComesFromHere(request, port)) {
    Refuse(response, 403, "This page can only be opened from its own link.");
    return std::nullopt;
  }
  auto path = ParseRequestPath(request.target);
  if (!path || !SameSecret(path->secret, options.secret)) {
    Refuse(response, 404, "There is nothing at this address.");
    return std::nullopt;
  }
  if (IsReading(request)) return path;
  const bool changing =
      request.method == "POST" || request.method == "PUT" || request.method == "DELETE";
  if (!options.answer || !changing) {
    response.set_header("Allow", options.answer ? "GET, HEAD, POST, PUT, DELETE" : "GET, HEAD");
    Refuse(response, 405, "Pages can be read here, nothing else.");
    return std::nullopt;
  }
  // A header that no link, form or other page can send.
  const std::string bearer = request.get_header_value("Authorization");
  if (!SameSecret(bearer, "Bearer " + options.secret)) {
    Refuse(response, 401, "Changes are made from the page at this link alone.");
    return std::nullopt;
  }
  return path;
}

bool Server::Impl::AnswerWithoutBody(httplib::Request& request, httplib::Response& response) const {
  // The library would cut every answer by the request's ranges without checking them against
  // its length; SendFile does it instead.
  request.ranges.clear();
  const std::string range = request.get_header_value_count("Range") == 1
                                ? request.get_header_value("Range")
                                : std::string();
  const auto path = Admitted(request, response);
  if (!path) return true;
  if (!IsReading(request) && request.method != "DELETE") {
    if (request.get_header_value_count("Content-Length") != 1) {
      Refuse(response, 411, "The length of what is sent must be said.");
      return true;
    }
    // Before anything of it is read.
    const uint64_t length = request.get_header_value<uint64_t>("Content-Length");
    if (length <= options.max_body_bytes) return false;
    Refuse(response, 413, "This is more than can be taken at once.");
    return true;
  }
  if (!path->complete) {
    response.set_header("Location", "/" + options.secret + "/");
    Refuse(response, 308, "The page is one slash further.");
    return true;
  }
  const std::string name = path->name.empty() ? options.index : path->name;
  if (options.answer && Ask(request, name, {}, range, response)) return true;
  if (!IsReading(request)) {
    Refuse(response, 404, "There is nothing at this address.");
    return true;
  }
  AnswerWithFile(name, request, range, response);
  return true;
}

void Server::Impl::AnswerWithFile(const std::string& name, const httplib::Request& request,
                                  const std::string& range, httplib::Response& response) const {
  auto file = Open(name);
  if (!file) return Refuse(response, 404, "There is no such file.");
  if (range.empty()) file = Compressed(std::move(file), name, request, response);
  SendFile(file, ContentType(name), range, response);
}

bool Server::Impl::Ask(const httplib::Request& request, const std::string& name, std::string body,
                       const std::string& range, httplib::Response& response) const {
  Question question{request.method, name, {}, std::move(body)};
  for (const auto& [header, value] : request.headers)
    question.headers[InSmallLetters(header)] = value;
  std::optional<Answer> answer = options.answer(question);
  if (!answer) return false;
  for (const auto& [header, value] : answer->headers) response.set_header(header, value);
  if (answer->file) {
    const auto file = SiteFile::Open(answer->file->folder, answer->file->name);
    if (file) {
      SendFile(file, ContentType(answer->file->name), range, response);
    } else {
      Refuse(response, 404, "There is no such file.");
    }
    return true;
  }
  response.status = answer->status;
  if (answer->status != 204 && answer->status != 304)
    response.set_content(answer->body, answer->type);
  return true;
}

void Server::Impl::Take(const httplib::Request& request, httplib::Response& response,
                        const httplib::ContentReader& reader) const {
  if (request.is_multipart_form_data()) {
    return Refuse(response, 415, "Forms are not understood here.");
  }
  std::string body;
  const bool whole = reader([&](const char* bytes, size_t count) {
    if (body.size() + count > options.max_body_bytes) return false;
    body.append(bytes, count);
    return true;
  });
  if (!whole) return Refuse(response, 400, "Not all of it arrived.");
  const auto path = ParseRequestPath(request.target);
  if (!path || !Ask(request, path->name, std::move(body), {}, response)) {
    Refuse(response, 404, "There is nothing at this address.");
  }
}

// What lies beside the file with .br or .gz after its name, where the browser takes that and it is
// not older than the file: somebody may have changed that by hand.
std::shared_ptr<SiteFile> Server::Impl::Compressed(std::shared_ptr<SiteFile> plain,
                                                   const std::string& name,
                                                   const httplib::Request& request,
                                                   httplib::Response& response) const {
  const std::string accepted = request.get_header_value("Accept-Encoding");
  for (const auto& [coding, ending] : {std::pair("br", ".br"), std::pair("gzip", ".gz")}) {
    auto smaller = Open(name + ending);
    if (!smaller || smaller->changed_ns() < plain->changed_ns()) continue;
    // Of two answers to one address a cache must know what they depend on.
    if (response.get_header_value_count("Vary") == 0) {
      response.set_header("Vary", "Accept-Encoding");
    }
    if (!AcceptsCoding(accepted, coding)) continue;
    response.set_header("Content-Encoding", coding);
    return smaller;
  }
  return plain;
}

void Server::Impl::SendFile(const std::shared_ptr<SiteFile>& file, const std::string& type,
                            const std::string& range_header, httplib::Response& response) const {
  response.set_header("Accept-Ranges", "bytes");
  response.status = 200;
  const std::string total = std::to_string(file->size());
  ByteRange range{0, file->size()};
  if (!range_header.empty()) {
    const RangeKind kind = ParseRange(range_header, file->size(), range);
    if (kind == RangeKind::kUnsatisfiable) {
      response.set_header("Content-Range", "bytes */" + total);
      return Refuse(response, 416, "The file is shorter than that.");
    }
    if (kind == RangeKind::kPart) {
      response.status = 206;
      response.set_header("Content-Range", "bytes " + std::to_string(range.begin) + "-" +
                                               std::to_string(range.begin + range.size - 1) + "/" +
                                               total);
    }
  }
  if (range.size == 0) return response.set_content(std::string(), type);
  response.set_content_provider(
      range.size, type, [file, range](size_t offset, size_t length, httplib::DataSink& sink) {
        char buffer[65536];
        const size_t wanted = std::min(length, sizeof(buffer));
        const size_t got = file->Read(range.begin + offset, buffer, wanted);
        return got > 0 && sink.write(buffer, got);  // false: the file shrank; the answer is cut
      });
}

Server::Server(const ServerOptions& options) : impl_(std::make_unique<Impl>()) {
  Impl& impl = *impl_;
  impl.options = options;
  if (impl.options.secret.empty()) impl.options.secret = RandomHex(16);
  if (!IsUrlSafe(impl.options.secret)) {
    Fail(ErrorCode::kInput, "The secret in the link may have letters, digits, - and _ only.");
  }
  std::error_code error;
  impl.options.folder = std::filesystem::canonical(options.folder, error);
  if (error || !std::filesystem::is_directory(impl.options.folder, error)) {
    Fail(ErrorCode::kInput, "There is no folder to show.", options.folder.string());
  }

  httplib::Server& http = impl.http;
  http.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  http.set_keep_alive_max_count(1);  // one request a connection: idle ones hold no thread
  http.set_read_timeout(kReadTimeout_s);
  http.set_write_timeout(kWriteTimeout_s);
  http.set_payload_max_length(std::max(kMaxBodyBytes, impl.options.max_body_bytes));
  http.set_default_headers(DefaultHeaders(options.microphone));
  http.set_expect_100_continue_handler(
      [](const httplib::Request&, httplib::Response&) { return 417; });
  http.set_pre_routing_handler([&impl](const httplib::Request& request,
                                       httplib::Response& response) {
    try {
      // The library made it as a plain object; see Answer for why it is changed.
      const bool done = impl.AnswerWithoutBody(const_cast<httplib::Request&>(request), response);
      if (!done) return httplib::Server::HandlerResponse::Unhandled;
    } catch (const std::exception&) {
      Refuse(response, 500, "Something went wrong while reading the file.");
    }
    return httplib::Server::HandlerResponse::Handled;
  });
  if (impl.options.answer) {
    const auto take = [&impl](const httplib::Request& request, httplib::Response& response,
                              const httplib::ContentReader& reader) {
      try {
        impl.Take(request, response, reader);
      } catch (const std::exception&) {
        Refuse(response, 500, "Something went wrong while doing this.");
      }
    };
    http.Post("/.*", take);
    http.Put("/.*", take);
  }
  http.set_error_handler([](const httplib::Request&, httplib::Response& response) {
    if (!response.body.empty()) return;
    Refuse(response, response.status, "This request was not understood.");
  });
  // Not the library's own options: with SO_REUSEPORT two programs would share a port.
  http.set_socket_options([&impl](socket_t socket) {
    const int yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    impl.listener = socket;
  });

  constexpr char kHost[] = "127.0.0.1";
  if (options.port == 0) {
    impl.port = http.bind_to_any_port(kHost);
    if (impl.port <= 0) Fail(ErrorCode::kInput, "No free port was found on this computer.");
  } else {
    if (options.port < 1 || options.port > 65535 || !http.bind_to_port(kHost, options.port)) {
      Fail(ErrorCode::kInput, "Port " + std::to_string(options.port) + " is taken or not allowed.",
           "", "Choose another one, or none to have a free one picked.");
    }
    impl.port = options.port;
  }
  impl.url = "http://127.0.0.1:" + std::to_string(impl.port) + "/" + impl.options.secret + "/";
}

Server::~Server() {
  Stop();
  std::unique_lock lock(impl_->mutex);
  impl_->changed.wait(lock, [this] { return !impl_->running; });
  if (impl_->listener >= 0) ::close(impl_->listener);
}

const std::string& Server::url() const { return impl_->url; }
int Server::port() const { return impl_->port; }

void Server::Run() {
  {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->stopped) return;
    impl_->running = true;
    impl_->listener = -1;
  }
  impl_->http.listen_after_bind();
  const std::lock_guard lock(impl_->mutex);
  impl_->stopped = true;
  impl_->running = false;
  impl_->changed.notify_all();
}

void Server::Stop() {
  std::unique_lock lock(impl_->mutex);
  if (impl_->stopped) return;
  impl_->stopped = true;
  // Run() may be on its way into the library.
  while (impl_->running && !impl_->http.is_running()) {
    impl_->changed.wait_for(lock, std::chrono::milliseconds(1));
  }
  if (impl_->running) impl_->http.stop();
}

}  // namespace ajar::serve
