// Little-endian numbers in and out of byte arrays, with the place in the file for messages.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/error.h"

namespace ajar::bundle::internal {

static_assert(std::endian::native == std::endian::little);

class ByteWriter {
 public:
  template <class T>
  void Put(T value) {
    static_assert(std::is_arithmetic_v<T>);
    const auto* from = reinterpret_cast<const uint8_t*>(&value);
    bytes_.insert(bytes_.end(), from, from + sizeof(value));
  }
  void PutText(std::string_view text) { bytes_.insert(bytes_.end(), text.begin(), text.end()); }
  std::vector<uint8_t> Take() { return std::move(bytes_); }

 private:
  std::vector<uint8_t> bytes_;
};

class ByteReader {
 public:
  ByteReader(std::span<const uint8_t> bytes, std::string name)
      : bytes_(bytes), name_(std::move(name)) {}

  template <class T>
  T Get() {
    static_assert(std::is_arithmetic_v<T>);
    if (left() < sizeof(T)) FailHere("The file is cut off");
    T value;
    std::memcpy(&value, bytes_.data() + at_, sizeof(T));
    at_ += sizeof(T);
    return value;
  }
  std::string GetZeroTerminated(size_t longest) {
    std::string text;
    for (char c = Get<char>(); c != '\0'; c = Get<char>()) {
      text += c;
      if (text.size() > longest) {
        FailHere("A name is longer than " + std::to_string(longest) + " bytes");
      }
    }
    return text;
  }
  // A count of things of at least `bytes_each`: refused when the file cannot hold so many.
  uint64_t GetCount(uint64_t bytes_each) {
    const auto count = Get<uint64_t>();
    if (count > left() / bytes_each) {
      FailHere("The file is cut off: it announces " + std::to_string(count) +
               " entries and has room for " + std::to_string(left() / bytes_each));
    }
    return count;
  }
  void ExpectEnd() const {
    if (left() > 0) FailHere(std::to_string(left()) + " bytes follow the end of the data");
  }
  size_t left() const { return bytes_.size() - at_; }

  [[noreturn]] void FailHere(const std::string& what) const {
    Fail(ErrorCode::kInput, what + " (at byte " + std::to_string(at_) + ").", name_);
  }

 private:
  std::span<const uint8_t> bytes_;
  std::string name_;
  size_t at_ = 0;
};

}  // namespace ajar::bundle::internal
