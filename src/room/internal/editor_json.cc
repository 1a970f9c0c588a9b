#include "room/internal/editor_json.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

#include "room/internal/jobs.h"

namespace ajar::room {
namespace {

using serve::Question;

constexpr size_t kMostJsonBytes = size_t{5} << 20;

}  // namespace

serve::Answer JsonAnswer(const Json& json, int status) {
  serve::Answer answer;
  answer.status = status;
  answer.body = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  return answer;
}

serve::Answer NoContent() {
  serve::Answer answer;
  answer.status = 204;
  return answer;
}

serve::Answer Refusal(int status, const std::string& message) {
  return JsonAnswer({{"error", {{"message", message}, {"where", ""}, {"hint", ""}}}}, status);
}

serve::Answer NothingThere() { return Refusal(404, "There is nothing at this address."); }
serve::Answer WrongMethod() { return Refusal(405, "This cannot be done here."); }

// A refusal as its error says; violations are listed apart, too.
serve::Answer FromError(const Error& error) {
  int status = 422;
  if (error.code() == ErrorCode::kDisk) status = 507;
  if (error.code() == ErrorCode::kBusy) status = 423;
  if (error.code() == ErrorCode::kMemory || error.code() == ErrorCode::kTool) status = 500;
  Json json = {{"error", ErrorJson(error)}};
  Json violations = Json::array();
  for (size_t begin = 0; begin < error.message().size();) {
    const size_t end = std::min(error.message().find('\n', begin), error.message().size());
    std::string line = error.message().substr(begin, end - begin);
    line.erase(0, line.find_first_not_of(' '));
    if (begin > 0 || end == error.message().size()) violations.push_back(line);
    begin = end + 1;
  }
  json["violations"] = std::move(violations);
  return JsonAnswer(json, status);
}

std::string HeaderOf(const Question& question, const std::string& name) {
  const auto found = question.headers.find(name);
  return found == question.headers.end() ? std::string() : found->second;
}

Json BodyOf(const Question& question) {
  if (!HeaderOf(question, "content-type").starts_with("application/json")) {
    throw BadBody{415, "This is understood as JSON only."};
  }
  if (question.body.size() > kMostJsonBytes)
    throw BadBody{413, "This is more than any room needs."};
  Json json;
  try {
    json = ParseJson(question.body, "");
  } catch (const Error& error) {
    throw BadBody{400, error.message()};
  }
  if (!json.is_object()) throw BadBody{400, "An object in curly brackets was expected."};
  return json;
}

std::string TextIn(const Json& body, const char* key) {
  const auto found = body.find(key);
  if (found == body.end() || !found->is_string()) {
    throw BadBody{400, std::string("\"") + key + "\" must be text."};
  }
  return found->get<std::string>();
}

double NumberIn(const Json& body, const char* key, double min, double max) {
  const auto found = body.find(key);
  if (found == body.end() || !found->is_number() || !(found->get<double>() >= min) ||
      !(found->get<double>() <= max)) {
    throw BadBody{400, std::string("\"") + key + "\" must be a number in its bounds."};
  }
  return found->get<double>();
}

// A revision is said always: 0 would mean whatever is newest.
int64_t RevisionIn(const Json& body, const char* key) {
  return static_cast<int64_t>(NumberIn(body, key, 1, 1e12));
}

std::vector<double> NumbersIn(const Json& body, const char* key, size_t count) {
  const auto found = body.find(key);
  std::vector<double> numbers;
  if (found != body.end() && found->is_array()) {
    for (const Json& number : *found) {
      if (number.is_number() && std::abs(number.get<double>()) <= 1e5) {
        numbers.push_back(number.get<double>());
      }
    }
  }
  if (numbers.size() != count || found->size() != count) {
    throw BadBody{400,
                  std::string("\"") + key + "\" must be " + std::to_string(count) + " numbers."};
  }
  return numbers;
}

Eigen::Vector3d PointIn(const Json& body, const char* key) {
  const auto numbers = NumbersIn(body, key, 3);
  return {numbers[0], numbers[1], numbers[2]};
}

Json CuesJson(const std::vector<Cue>& cues) {
  Json json = Json::array();
  for (const Cue& cue : cues) {
    json.push_back({{"from", cue.from_s}, {"to", cue.to_s}, {"text", cue.text}});
  }
  return json;
}

std::vector<Cue> CuesIn(const Json& body) {
  const auto found = body.find("cues");
  if (found == body.end() || !found->is_array()) throw BadBody{400, "\"cues\" must be a list."};
  std::vector<Cue> cues;
  for (const Json& value : *found) {
    if (!value.is_object()) throw BadBody{400, "A caption must be an object."};
    cues.push_back({NumberIn(value, "from", 0, kLongestRecording_s),
                    NumberIn(value, "to", 0, kLongestRecording_s), TextIn(value, "text")});
  }
  return cues;
}

std::string LanguageIn(const Json& body) {
  const std::string language = TextIn(body, "language");
  const bool plain = !language.empty() && language.size() <= 35 &&
                     std::ranges::all_of(language, [](unsigned char c) {
                       return std::isalnum(c) != 0 || c == '-';
                     });
  if (!plain) throw BadBody{400, "\"language\" must be a language tag."};
  return language;
}

// The rest of `name` after `prefix`, or nothing.
std::optional<std::string> After(const std::string& name, const std::string& prefix) {
  if (!name.starts_with(prefix)) return std::nullopt;
  return name.substr(prefix.size());
}

std::optional<int64_t> WholeNumber(const std::string& text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Json UploadJson(const Upload& upload) {
  return {{"id", upload.id},
          {"name", upload.name},
          {"bytes", upload.bytes},
          {"offset", upload.offset},
          {"pieces", PiecesJson(upload)}};
}

}  // namespace ajar::room
