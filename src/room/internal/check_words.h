// What was found of photographs, in sentences: English, or Spanish for a language that begins with
// "es". Photographs are numbered from 1 as the plan has them; no thing in the room is named.
#pragma once

#include <string>
#include <vector>

#include "check/check.h"

namespace ajar::room {

class CheckWords {
 public:
  CheckWords(const check::Findings& findings, const std::string& language);

  struct Texts;
  const Texts& texts() const { return texts_; }

  // "photo 14", "photo 14 (IMG_0014.jpg)"
  std::string Photo(size_t index) const;
  std::string PhotoWithName(size_t index) const;

  std::string Verdict() const;               // a heading
  std::vector<std::string> Reasons() const;  // why, and what to do, a sentence or two each
  // "the wall to the right of photo 14 (B on the plan)"
  std::string Wall(const check::Wall& wall) const;
  std::string Of(const check::Wall& wall) const;   // how well it is seen, a sentence
  std::string NextHeading() const;                 // "Take these next"; milder where it is enough
  std::string Of(const check::Next& next) const;   // a sentence
  std::string Why(const check::Next& next) const;  // a sentence, or nothing
  // What is to be said of single photographs, a sentence each: spoilt, repeated, joining nothing.
  std::vector<std::string> Remarks() const;
  // Of one photograph, a few words; nothing when all is well.
  std::string Remark(size_t index) const;

 private:
  std::vector<size_t> Those(bool (*is)(const check::Photograph&)) const;
  std::string List(const std::vector<size_t>& photographs) const;

  const check::Findings& findings_;
  const Texts& texts_;
};

// The page's and the text's own words.
struct CheckWords::Texts {
  const char *language, *page_title, *photo, *enough, *not_yet, *too_few, *placed;
  const char *few_photographs, *only_so_many, *no_wall, *elsewhere, *nothing_placed, *one_spot,
      *few_placed, *many_not_placed, *pieces, *one_side, *wall, *middle;
  const char *sides[4], *parts[7];
  const char *plain_wall, *on_plan, *wall_is_enough, *wall_is_not;
  const char *moves[4], *far_moves[4], *from_where, *turns[8], *join, *why_wall, *why_join;
  const char *blurred, *too_dark, *blown_out, *repeats, *bare, *joins_nothing, *nearly;
  const char *all_blurred, *all_dark, *all_burnt;
  const char *next, *if_there_is_time, *nothing_next, *plan, *plan_words, *of_photographs,
      *as_it_is, *like_this, *left_out, *floor, *and_word, *and_more, *page_at, *legend_enough,
      *legend_lacks, *legend_photo, *legend_next, *legend_square, *how_to, *walls;
};

// With a capital at its beginning.
std::string Capital(std::string text);

// `pattern` with {0}, {1} ... replaced.
std::string Filled(const std::string& pattern, const std::vector<std::string>& with);

}  // namespace ajar::room
