#include "room/internal/captions.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <optional>

#include "base/error.h"

namespace ajar::room {
namespace {

constexpr size_t kMostCueBytes = 4000, kMostCueBytesWritten = 24'000;  // with tags and entities
constexpr double kParagraphPause_s = 2;

[[noreturn]] void FailAt(size_t line, const std::string& what, const std::string& where) {
  Fail(ErrorCode::kInput, "Line " + std::to_string(line + 1) + " of the captions " + what, where);
}

// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
bool IsUtf8(const std::string& text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  for (size_t i = 0; i < text.size();) {
    const unsigned char first = byte(i);
    const size_t length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if ((first >= 0x80 && first < 0xc2) || first > 0xf4 || i + length > text.size()) return false;
    for (size_t k = 1; k < length; ++k) {
      if ((byte(i + k) & 0xc0) != 0x80) return false;
    }
    if (first == 0xe0 && byte(i + 1) < 0xa0) return false;
    if (first == 0xed && byte(i + 1) > 0x9f) return false;
    if (first == 0xf0 && byte(i + 1) < 0x90) return false;
    if (first == 0xf4 && byte(i + 1) > 0x8f) return false;
    i += length;
  }
  return true;
}

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines(1);
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' || text[i] == '\n') {
      if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
      lines.emplace_back();
    } else {
      lines.back() += text[i];
    }
  }
  return lines;
}

std::string Stripped(const std::string& text) {
  const size_t begin = text.find_first_not_of(" \t\n");
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\n") - begin + 1);
}

// "01:02:03.456", "02:03.456", with a comma instead of the point as SubRip has it. Nothing for
// anything else.
std::optional<double> ParseTime(const std::string& text) {
  std::array<int64_t, 3> parts = {0, 0, 0};
  size_t count = 0, at = 0;
  const auto number = [&](size_t least, size_t most) -> std::optional<int64_t> {
    const size_t begin = at;
    while (at < text.size() && std::isdigit(static_cast<unsigned char>(text[at]))) ++at;
    if (at - begin < least || at - begin > most) return std::nullopt;
    int64_t value = 0;
    std::from_chars(text.data() + begin, text.data() + at, value);
    return value;
  };
  for (;;) {
    const auto part = number(count == 0 ? 1 : 2, count == 0 ? 4 : 2);
    if (!part || count == 3) return std::nullopt;
    parts[count++] = *part;
    if (at >= text.size() || text[at] != ':') break;
    ++at;
  }
  if (count < 2 || at >= text.size() || (text[at] != '.' && text[at] != ',')) return std::nullopt;
  ++at;
  const auto thousandths = number(3, 3);
  if (!thousandths || at != text.size()) return std::nullopt;
  const int64_t hours = count == 3 ? parts[0] : 0;
  const int64_t minutes = parts[count - 2], seconds = parts[count - 1];
  if (minutes > 59 || seconds > 59) return std::nullopt;
  return static_cast<double>(hours * 3600 + minutes * 60 + seconds) +
         static_cast<double>(*thousandths) / 1000;
}

// "from --> to settings".
std::optional<Span> ParseTimes(const std::string& line) {
  const size_t arrow = line.find("-->");
  if (arrow == std::string::npos) return std::nullopt;
  const std::string after = Stripped(line.substr(arrow + 3));
  const auto from = ParseTime(Stripped(line.substr(0, arrow)));
  const auto to = ParseTime(after.substr(0, after.find_first_of(" \t")));
  if (!from || !to) return std::nullopt;
  return Span{*from, *to};
}

// Who speaks, by WebVTT's voice tag, is said in words; other tags are left out.
std::string WithoutTags(const std::string& text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : ' ';
    const bool tag =
        text[i] == '<' && (std::isalnum(static_cast<unsigned char>(next)) || next == '/');
    const size_t end = tag ? text.find('>', i) : std::string::npos;
    if (end != std::string::npos) {
      const size_t name = text.find_first_of(" \t", i);
      const bool voice = text.compare(i, 2, "<v") == 0 && (text[i + 2] == '.' || name == i + 2);
      if (voice && name < end) {
        const std::string speaker = Stripped(text.substr(name, end - name));
        if (!speaker.empty()) plain += speaker + ": ";
      }
      i = end;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

std::string WithoutEntities(const std::string& text) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kNames = {
      {{"&lt;", "<"},
       {"&gt;", ">"},
       {"&nbsp;", " "},
       {"&lrm;", ""},
       {"&rlm;", ""},
       {"&amp;", "&"}}};
  std::string plain;
  for (size_t i = 0; i < text.size();) {
    const auto* found = std::ranges::find_if(kNames, [&](const auto& name) {
      return text.compare(i, name.first.size(), name.first) == 0;
    });
    if (found == kNames.end()) {
      plain += text[i++];
    } else {
      plain += found->second;
      i += found->first.size();
    }
  }
  return plain;
}

std::string CueText(const std::string& lines) {
  const std::string plain = WithoutEntities(WithoutTags(lines));
  std::string text, line;
  for (const char c : plain + "\n") {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      if (const std::string whole = Stripped(line); !whole.empty()) {
        text += (text.empty() ? "" : "\n") + whole;
      }
      line.clear();
    } else if (byte >= 0x20 && byte != 0x7f) {
      line += c;
    } else if (c == '\t') {
      line += ' ';
    }
  }
  return text;
}

bool IsBlank(const std::string& line) { return line.find_first_not_of(" \t") == std::string::npos; }

std::string TimeText(double seconds) {
  const int64_t ms = std::llround(seconds * 1000);
  char text[32];
  std::snprintf(text, sizeof(text), "%02lld:%02lld:%02lld.%03lld",
                static_cast<long long>(ms / 3'600'000), static_cast<long long>(ms / 60'000 % 60),
                static_cast<long long>(ms / 1000 % 60), static_cast<long long>(ms % 1000));
  return text;
}

}  // namespace

std::vector<Cue> ReadCaptions(std::string text, const std::string& where,
                              std::vector<std::string>* notes) {
  if (text.size() > kMostCaptionBytes) {
    Fail(ErrorCode::kInput, "The captions are larger than 2 MiB.", where);
  }
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
  if (!IsUtf8(text) || text.find('\0') != std::string::npos) {
    Fail(ErrorCode::kInput, "The captions are not text in UTF-8.", where,
         "Save them as UTF-8 in the program that they were written with.");
  }
  const std::vector<std::string> lines = LinesOf(text);
  const bool vtt = lines[0].starts_with("WEBVTT") &&
                   (lines[0].size() == 6 || lines[0][6] == ' ' || lines[0][6] == '\t');
  size_t at = 0;
  if (vtt) {
    while (at < lines.size() && !IsBlank(lines[at])) ++at;
  }
  std::vector<Cue> cues;
  size_t wordless = 0;
  while (at < lines.size()) {
    if (IsBlank(lines[at])) {
      ++at;
      continue;
    }
    size_t end = at;
    while (end < lines.size() && !IsBlank(lines[end])) ++end;
    const bool aside = vtt && (lines[at].starts_with("NOTE") || lines[at].starts_with("STYLE") ||
                               lines[at].starts_with("REGION"));
    if (aside && lines[at].find("-->") == std::string::npos) {
      at = end;
      continue;
    }
    // A name or number may stand before the times.
    const size_t times_at = lines[at].find("-->") == std::string::npos ? at + 1 : at;
    const auto times = times_at < end ? ParseTimes(lines[times_at]) : std::nullopt;
    if (!times) {
      if (cues.empty() && !vtt) {
        Fail(ErrorCode::kInput, "This is neither WebVTT nor SRT.", where,
             "WebVTT begins with the line WEBVTT; plain text can be spread over the recording.");
      }
      FailAt(std::min(times_at, end - 1), "should be times, as 00:01.500 --> 00:04.000.", where);
    }
    if (!(times->second > times->first)) FailAt(times_at, "ends before it begins.", where);
    if (times->second > kLongestRecording_s) FailAt(times_at, "lies beyond a day.", where);
    std::string said;
    for (size_t i = times_at + 1; i < end; ++i) {
      if (lines[i].find("-->") != std::string::npos) {
        FailAt(i, "has times within words; an empty line is missing before it.", where);
      }
      said += lines[i] + "\n";
      if (said.size() > kMostCueBytesWritten)
        FailAt(i, "belongs to more than anybody says at once.", where);
    }
    said = CueText(said);
    if (said.size() > kMostCueBytes) {
      FailAt(times_at, "has more words than anybody says at once.", where);
    }
    if (said.empty()) {
      ++wordless;
    } else {
      cues.push_back({times->first, times->second, said});
    }
    if (cues.size() > kMostCues) {
      Fail(ErrorCode::kInput, "There are more than 20,000 captions.", where);
    }
    at = end;
  }
  if (!vtt && cues.empty() && wordless == 0) {
    Fail(ErrorCode::kInput, "There are no captions in this file.", where);
  }
  std::ranges::stable_sort(cues, {}, &Cue::from_s);
  if (notes && wordless > 0) {
    notes->push_back(std::to_string(wordless) + " captions without words were left out.");
  }
  return cues;
}

std::string FormatCaptions(const std::vector<Cue>& cues) {
  std::string text = "WEBVTT\n";
  for (const Cue& cue : cues) {
    text += "\n" + TimeText(cue.from_s) + " --> " + TimeText(cue.to_s) + "\n";
    for (const char c : cue.text) {
      if (c == '&')
        text += "&amp;";
      else if (c == '<')
        text += "&lt;";
      else if (c == '>')
        text += "&gt;";
      else
        text += c;
    }
    text += "\n";
  }
  return text;
}

std::vector<Cue> Trimmed(const std::vector<Cue>& cues, double from_s, double to_s) {
  constexpr double kShortest_s = 0.05;
  std::vector<Cue> kept;
  for (const Cue& cue : cues) {
    const double from = std::max(cue.from_s, from_s), to = std::min(cue.to_s, to_s);
    if (to - from >= kShortest_s) kept.push_back({from - from_s, to - from_s, cue.text});
  }
  return kept;
}

std::vector<std::string> Paragraphs(const std::vector<Cue>& cues) {
  std::vector<std::string> paragraphs;
  double end = -kLongestRecording_s;
  for (const Cue& cue : cues) {
    std::string said = cue.text;
    std::ranges::replace(said, '\n', ' ');
    if (cue.from_s - end > kParagraphPause_s) {
      paragraphs.push_back(said);
    } else {
      paragraphs.back() += " " + said;
    }
    end = cue.to_s;
  }
  return paragraphs;
}

}  // namespace ajar::room
