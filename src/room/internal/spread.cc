// Plain text over a recording, by its pauses.
#include <algorithm>
#include <cmath>

#include "room/internal/captions.h"

namespace ajar::room {
namespace {

constexpr size_t kLongestCue = 90;  // letters
constexpr double kLongestPauseThatCounts_s = 1.5;

size_t Letters(const std::string& text) {
  return static_cast<size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

// Sentences; lines always end one.
std::vector<std::string> SentencesOf(const std::string& text) {
  std::vector<std::string> sentences(1);
  const auto end = [&] {
    if (!sentences.back().empty()) sentences.emplace_back();
  };
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool space = text[i] == ' ' || text[i] == '\t';
    std::string& sentence = sentences.back();
    if (text[i] == '\n' || text[i] == '\r') {
      end();
    } else if (space) {
      const char last = sentence.empty() ? ' ' : sentence.back();
      if (last == '.' || last == '!' || last == '?')
        end();
      else if (last != ' ')
        sentence += ' ';
    } else if (byte >= 0x20 && byte != 0x7f) {
      sentence += text[i];
    }
  }
  for (std::string& sentence : sentences) {
    while (!sentence.empty() && sentence.back() == ' ') sentence.pop_back();
  }
  std::erase_if(sentences, [](const std::string& s) { return s.empty(); });
  return sentences;
}

// Parts of a sentence that is too long to be read at once, as even as words and commas let them be.
void AddParts(const std::string& sentence, std::vector<std::string>* parts) {
  const size_t letters = Letters(sentence);
  const size_t count = (letters + kLongestCue - 1) / kLongestCue;
  std::string part;
  size_t done = 0, made = 1;
  for (size_t begin = 0; begin < sentence.size();) {
    const size_t space = std::min(sentence.find(' ', begin), sentence.size());
    const std::string word = sentence.substr(begin, space - begin);
    part += (part.empty() ? "" : " ") + word;
    done += Letters(word) + 1;
    const bool comma = word.back() == ',' || word.back() == ';' || word.back() == ':';
    const double share = static_cast<double>(done * count) / static_cast<double>(letters);
    if (made < count && share >= static_cast<double>(made) - (comma ? 0.25 : 0)) {
      parts->push_back(std::exchange(part, {}));
      ++made;
    }
    begin = space + 1;
  }
  if (!part.empty()) parts->push_back(part);
}

struct Pause {
  double at_s;  // of speech before it
  Span span;
};

}  // namespace

std::vector<Cue> SpreadOverPauses(const std::string& text, const std::vector<Span>& silences,
                                  double seconds) {
  std::vector<std::string> parts;
  for (const std::string& sentence : SentencesOf(text)) AddParts(sentence, &parts);
  if (parts.empty() || !(seconds > 0)) return {};

  // Where nobody speaks takes no time in what follows.
  std::vector<Pause> pauses;
  double first_s = 0, last_s = seconds, speech_s = 0, at = 0;
  for (const Span& silence : silences) {
    const double from = std::clamp(silence.first, at, seconds);
    const double to = std::clamp(silence.second, from, seconds);
    speech_s += from - at;
    if (from <= 0)
      first_s = to;
    else if (to >= seconds)
      last_s = from;
    else
      pauses.push_back({speech_s, {from, to}});
    at = to;
  }
  speech_s += seconds - at;
  if (!(speech_s > 0)) return SpreadOverPauses(text, {}, seconds);
  const auto time_of = [&](double speech, bool before_pause) {
    double time = first_s + speech;
    for (const Pause& pause : pauses) {
      const bool passed = before_pause ? pause.at_s < speech : pause.at_s <= speech;
      if (passed) time += pause.span.second - pause.span.first;
    }
    return std::clamp(time, first_s, last_s);
  };

  double letters_left = 0;
  for (const std::string& part : parts) letters_left += static_cast<double>(Letters(part)) + 1;
  std::vector<Cue> cues;
  double begin = 0;  // in seconds of speech
  for (size_t i = 0; i < parts.size(); ++i) {
    const double letters = static_cast<double>(Letters(parts[i])) + 1;
    const double length = (speech_s - begin) * letters / letters_left;
    letters_left -= letters;
    double end = i + 1 == parts.size() ? speech_s : begin + length;
    double best = std::max(0.6, 0.4 * length);  // how far a pause may be, less how long it is
    for (const Pause& pause : pauses) {
      if (i + 1 == parts.size() || pause.at_s <= begin + 0.2 * length) continue;
      const double cost =
          std::abs(pause.at_s - (begin + length)) -
          0.5 * std::min(pause.span.second - pause.span.first, kLongestPauseThatCounts_s);
      if (cost < best) best = cost, end = pause.at_s;
    }
    const double from = time_of(begin, false), to = time_of(end, true);
    cues.push_back({from, std::max(to, from + 0.05), parts[i]});
    begin = end;
  }
  return cues;
}

}  // namespace ajar::room
