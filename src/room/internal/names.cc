#include "room/internal/names.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <map>
#include <set>

#include "base/error.h"
#include "base/files.h"

namespace ajar::room {
namespace {

using KeyFunction = std::string (*)(const std::string&);

std::string FileName(const std::string& name) { return Path(name).filename().string(); }
std::string WithoutEnding(const std::string& name) {
  return Path(name).replace_extension().string();
}
std::string BareFileName(const std::string& name) { return Path(name).stem().string(); }
std::string Whole(const std::string& name) { return Path(name).lexically_normal().string(); }

constexpr size_t kAmbiguous = ~size_t{0};

// Keys that only one of the unmatched indices has.
std::map<std::string, size_t> UniqueKeys(const std::vector<std::string>& names,
                                         const std::vector<bool>& taken, KeyFunction key) {
  std::map<std::string, size_t> index_of;
  for (size_t i = 0; i < names.size(); ++i) {
    if (taken[i]) continue;
    const auto [place, is_new] = index_of.try_emplace(key(names[i]), i);
    if (!is_new) place->second = kAmbiguous;
  }
  std::erase_if(index_of, [](const auto& entry) { return entry.second == kAmbiguous; });
  return index_of;
}

}  // namespace

std::vector<std::optional<size_t>> MatchNames(const std::vector<std::string>& names,
                                              const std::vector<std::string>& photos) {
  std::vector<std::optional<size_t>> found(names.size());
  std::vector<bool> name_taken(names.size()), photo_taken(photos.size());
  for (const KeyFunction key : std::array{&Whole, &WithoutEnding, &FileName, &BareFileName}) {
    const std::map<std::string, size_t> of_names = UniqueKeys(names, name_taken, key);
    for (const auto& [text, photo] : UniqueKeys(photos, photo_taken, key)) {
      const auto match = of_names.find(text);
      if (match == of_names.end()) continue;
      found[match->second] = photo;
      name_taken[match->second] = true;
      photo_taken[photo] = true;
    }
  }
  return found;
}

const PosedImage* ImageNamed(const Reconstruction& reconstruction, const std::string& name) {
  std::vector<const PosedImage*> images;
  std::vector<std::string> names;
  for (const auto& [id, image] : reconstruction.images) {
    images.push_back(&image);
    names.push_back(image.name);
  }
  const std::optional<size_t> match = MatchNames({name}, names).front();
  return match ? images[*match] : nullptr;
}

std::string ListOfNames(const std::vector<std::string>& names, size_t at_most) {
  std::string list;
  const size_t shown = names.size() > at_most ? at_most : names.size();
  for (size_t i = 0; i < shown; ++i) {
    const bool last = i + 1 == names.size();
    list += (i == 0 ? "" : last ? " and " : ", ") + names[i];
  }
  if (shown < names.size()) list += " and " + std::to_string(names.size() - shown) + " more";
  return list;
}

std::vector<std::string> SplitAtCommas(const std::string& text) {
  std::vector<std::string> parts;
  for (size_t start = 0; start <= text.size();) {
    const size_t end = std::min(text.find(',', start), text.size());
    const std::string part = text.substr(start, end - start);
    const size_t first = part.find_first_not_of(" \t");
    if (first != std::string::npos) {
      parts.push_back(part.substr(first, part.find_last_not_of(" \t") - first + 1));
    }
    start = end + 1;
  }
  return parts;
}

std::vector<size_t> SelectHoldOut(const std::string& text, const std::vector<std::string>& photos) {
  std::set<size_t> chosen;
  const std::vector<std::string> parts = SplitAtCommas(text);
  if (parts.empty() && !text.empty()) {
    Fail(ErrorCode::kUsage, "This names no photograph.", "--hold-out " + text);
  }
  size_t every = 0;
  const bool is_number = parts.size() == 1 &&
                         std::ranges::all_of(parts[0], [](char c) { return c >= '0' && c <= '9'; });
  // A photograph may be called "8": its name wins over the number.
  const bool is_name = is_number && std::ranges::find(photos, parts[0]) != photos.end();
  if (is_number && !is_name) {
    const std::string& digits = parts[0];
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), every);
    if (result.ec != std::errc() || every < 2) {
      Fail(ErrorCode::kUsage, "Every how many-th photograph to hold out must be 2 or more.",
           "--hold-out " + text);
    }
    for (size_t i = 0; i < photos.size(); i += every) chosen.insert(i);
  } else {
    const std::vector<std::optional<size_t>> matches = MatchNames(parts, photos);
    std::vector<std::string> unknown;
    for (size_t i = 0; i < parts.size(); ++i) {
      if (matches[i])
        chosen.insert(*matches[i]);
      else
        unknown.push_back(parts[i]);
    }
    if (!unknown.empty()) {
      Fail(ErrorCode::kUsage,
           "There is no photograph, or more than one, of the name " + ListOfNames(unknown) + ".",
           "--hold-out");
    }
  }
  if (!chosen.empty() && chosen.size() >= photos.size()) {
    Fail(ErrorCode::kUsage, "Holding out every photograph leaves nothing to learn from.",
         "--hold-out " + text);
  }
  return {chosen.begin(), chosen.end()};
}

}  // namespace ajar::room
