// Reading JSON strictly: every violation is collected with its path, none is fatal by itself.
#pragma once

#include <Eigen/Core>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ajar::room {

using Json = nlohmann::ordered_json;

// Parses text as one JSON value; keys written twice in one object are violations, too.
// Errors: kInput naming line and column; kInput for brackets over 100 deep or an object of over
// 1000 keys.
Json ParseJson(const std::string& text, const std::string& where);

// Raises kInput with a line for each violation; does nothing when there are none.
void FailOnViolations(const std::vector<std::string>& violations, const std::string& where);

Json PointJson(const Eigen::Vector3d& v);

// Indented text with a newline at its end. Names of files may be any bytes: those that are not
// UTF-8 become U+FFFD.
std::string Dump(const Json& json);

// One object being read. Missing keys and null are the same for optional values.
class ObjectReader {
 public:
  // `path` is empty for the whole document. When `value` is no object, that is a violation and
  // every key is missing without further complaint.
  ObjectReader(const Json& value, std::string path, std::vector<std::string>* violations);

  std::string RequiredText(const std::string& key);  // more than spaces
  std::optional<std::string> Text(const std::string& key);
  std::vector<std::string> Texts(const std::string& key);  // absent: empty
  std::optional<double> Number(const std::string& key);
  std::optional<bool> Flag(const std::string& key);
  // Coordinates of at most `limit`; the default keeps points of a room near it.
  std::optional<Eigen::Vector3d> Point(const std::string& key, double limit = 1e4);
  Eigen::Vector3d RequiredPoint(const std::string& key, double limit = 1e4);
  // Null when absent.
  const Json* Value(const std::string& key);
  const Json* Object(const std::string& key);
  const Json* Array(const std::string& key);

  std::string PathOf(const std::string& key) const;
  void Add(const std::string& key, const std::string& what) const;

  // The keys that were never asked for, as the text of a JSON object; empty when there are none.
  // Their paths are appended to `paths`.
  std::string Rest(std::vector<std::string>* paths) const;

 private:
  const Json* object_ = nullptr;
  std::string path_;
  std::vector<std::string>* violations_;
  std::set<std::string> asked_;
};

}  // namespace ajar::room
