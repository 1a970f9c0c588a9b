#include "room/internal/json.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace ajar::room {
namespace {

// Copying and writing go down into a value by recursion, and looking for a key passes all others.
constexpr int kDeepest = 100;
constexpr size_t kMostKeys = 1000;

// Texts are shown to people: no control characters other than line ends and tabs.
bool IsPlainText(const std::string& text) {
  return std::ranges::all_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= 0x20 && byte != 0x7f) || c == '\n' || c == '\t' || c == '\r';
  });
}

}  // namespace

Json ParseJson(const std::string& text, const std::string& where) {
  std::vector<std::set<std::string>> keys;
  std::vector<std::string> violations;
  const auto watch = [&](int depth, Json::parse_event_t event, Json& parsed) {
    if (depth > kDeepest) {
      Fail(ErrorCode::kInput,
           "Brackets lie within brackets more than " + std::to_string(kDeepest) + " deep.", where);
    }
    if (event == Json::parse_event_t::object_start) keys.emplace_back();
    if (event == Json::parse_event_t::object_end) keys.pop_back();
    if (event == Json::parse_event_t::key) {
      const std::string& key = parsed.get_ref<const std::string&>();
      if (!keys.back().insert(key).second) {
        violations.push_back("The key \"" + key + "\" is written twice in the same place.");
      }
      if (keys.back().size() > kMostKeys) {
        Fail(ErrorCode::kInput, "One object has more than " + std::to_string(kMostKeys) + " keys.",
             where);
      }
    }
    return true;
  };
  Json value;
  try {
    value = Json::parse(text, watch);
  } catch (const Json::exception& error) {
    const auto* parse_error = dynamic_cast<const Json::parse_error*>(&error);
    const size_t end = parse_error ? std::min(parse_error->byte, text.size()) : 0;
    const auto stop = text.begin() + static_cast<std::ptrdiff_t>(end > 0 ? end - 1 : 0);
    const auto line = 1 + std::count(text.begin(), stop, '\n');
    const auto line_start = std::find(std::make_reverse_iterator(stop), text.rend(), '\n').base();
    Fail(ErrorCode::kInput,
         "This is not JSON: something is wrong at or just before line " + std::to_string(line) +
             ", column " + std::to_string(1 + (stop - line_start)) +
             " (often a comma, a quotation mark or a bracket that is missing or too many).",
         where);
  }
  FailOnViolations(violations, where);
  return value;
}

void FailOnViolations(const std::vector<std::string>& violations, const std::string& where) {
  if (violations.empty()) return;
  if (violations.size() == 1) Fail(ErrorCode::kInput, violations[0], where);
  std::string all = std::to_string(violations.size()) + " things need to be put right:";
  for (const std::string& violation : violations) all += "\n  " + violation;
  Fail(ErrorCode::kInput, all, where);
}

Json PointJson(const Eigen::Vector3d& v) { return Json::array({v.x(), v.y(), v.z()}); }

std::string Dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

ObjectReader::ObjectReader(const Json& value, std::string path,
                           std::vector<std::string>* violations)
    : path_(std::move(path)), violations_(violations) {
  if (value.is_object()) {
    object_ = &value;
  } else {
    violations_->push_back((path_.empty() ? "The document" : path_ + ":") +
                           std::string(" must be an object in curly brackets."));
  }
}

std::string ObjectReader::PathOf(const std::string& key) const {
  return path_.empty() ? key : path_ + "." + key;
}

void ObjectReader::Add(const std::string& key, const std::string& what) const {
  violations_->push_back(PathOf(key) + ": " + what);
}

const Json* ObjectReader::Value(const std::string& key) {
  asked_.insert(key);
  if (!object_) return nullptr;
  const auto found = object_->find(key);
  return found == object_->end() || found->is_null() ? nullptr : &*found;
}

const Json* ObjectReader::Object(const std::string& key) {
  const Json* value = Value(key);
  if (!value || value->is_object()) return value;
  Add(key, "must be an object in curly brackets.");
  return nullptr;
}

const Json* ObjectReader::Array(const std::string& key) {
  const Json* value = Value(key);
  if (!value || value->is_array()) return value;
  Add(key, "must be a list in square brackets.");
  return nullptr;
}

std::optional<std::string> ObjectReader::Text(const std::string& key) {
  const Json* value = Value(key);
  if (!value) return std::nullopt;
  if (!value->is_string()) {
    Add(key, "must be text in quotation marks.");
    return std::nullopt;
  }
  std::string text = value->get<std::string>();
  if (!IsPlainText(text)) Add(key, "holds a control character.");
  return text;
}

std::string ObjectReader::RequiredText(const std::string& key) {
  const bool missing = Value(key) == nullptr;
  const std::optional<std::string> text = Text(key);
  const bool blank = text && text->find_first_not_of(" \t\r\n") == std::string::npos;
  if (object_ && (missing || blank)) Add(key, "must be given and not be empty.");
  return text.value_or("");
}

std::vector<std::string> ObjectReader::Texts(const std::string& key) {
  std::vector<std::string> texts;
  const Json* array = Array(key);
  if (!array) return texts;
  for (size_t i = 0; i < array->size(); ++i) {
    const std::string place = key + "[" + std::to_string(i) + "]";
    if (!(*array)[i].is_string()) {
      Add(place, "must be text in quotation marks.");
      continue;
    }
    texts.push_back((*array)[i].get<std::string>());
    if (!IsPlainText(texts.back())) Add(place, "holds a control character.");
  }
  return texts;
}

std::optional<double> ObjectReader::Number(const std::string& key) {
  const Json* value = Value(key);
  if (!value) return std::nullopt;
  if (!value->is_number() || !std::isfinite(value->get<double>())) {
    Add(key, "must be a number.");
    return std::nullopt;
  }
  return value->get<double>();
}

std::optional<bool> ObjectReader::Flag(const std::string& key) {
  const Json* value = Value(key);
  if (!value) return std::nullopt;
  if (!value->is_boolean()) {
    Add(key, "must be true or false.");
    return std::nullopt;
  }
  return value->get<bool>();
}

std::optional<Eigen::Vector3d> ObjectReader::Point(const std::string& key, double limit) {
  const Json* value = Value(key);
  if (!value) return std::nullopt;
  const auto is_coordinate = [limit](const Json& x) {
    return x.is_number() && std::abs(x.get<double>()) <= limit;
  };
  if (!value->is_array() || value->size() != 3 || !std::ranges::all_of(*value, is_coordinate)) {
    Add(key, "must be three numbers in metres, [x, y, z].");
    return std::nullopt;
  }
  return Eigen::Vector3d((*value)[0].get<double>(), (*value)[1].get<double>(),
                         (*value)[2].get<double>());
}

Eigen::Vector3d ObjectReader::RequiredPoint(const std::string& key, double limit) {
  if (object_ && !Value(key)) Add(key, "must be given as three numbers in metres, [x, y, z].");
  return Point(key, limit).value_or(Eigen::Vector3d::Zero());
}

std::string ObjectReader::Rest(std::vector<std::string>* paths) const {
  if (!object_) return {};
  Json rest = Json::object();
  for (const auto& [key, value] : object_->items()) {
    if (asked_.contains(key)) continue;
    rest[key] = value;
    paths->push_back(PathOf(key));
  }
  return rest.empty() ? std::string() : rest.dump();
}

}  // namespace ajar::room
