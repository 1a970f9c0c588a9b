// The protocol's JSON: what a request says, and how it is answered (docs/edit-protocol.md).
#pragma once

#include <Eigen/Core>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "room/internal/captions.h"
#include "room/internal/json.h"
#include "room/internal/uploads.h"
#include "serve/server.h"

namespace ajar::room {

// A request's body that is no JSON, too much of it, or not of the form that was expected; raised by
// BodyOf and by what reads from a body.
struct BadBody {
  int status;
  std::string message;
};

// Answers.
serve::Answer JsonAnswer(const Json& json, int status = 200);
serve::Answer NoContent();
serve::Answer Refusal(int status, const std::string& message);
serve::Answer NothingThere();
serve::Answer WrongMethod();
// A refusal as its error says; violations are listed apart, too.
serve::Answer FromError(const Error& error);

// By its name in small letters; empty where it is not there.
std::string HeaderOf(const serve::Question& question, const std::string& name);
// An object.
Json BodyOf(const serve::Question& question);
std::string TextIn(const Json& body, const char* key);
double NumberIn(const Json& body, const char* key, double min, double max);
// A revision is said always: 0 would mean whatever is newest.
int64_t RevisionIn(const Json& body, const char* key = "revision");
std::vector<double> NumbersIn(const Json& body, const char* key, size_t count);
Eigen::Vector3d PointIn(const Json& body, const char* key);

Json CuesJson(const std::vector<Cue>& cues);
std::vector<Cue> CuesIn(const Json& body);
std::string LanguageIn(const Json& body);
// The rest of `name` after `prefix`, or nothing.
std::optional<std::string> After(const std::string& name, const std::string& prefix);
std::optional<int64_t> WholeNumber(const std::string& text);
Json UploadJson(const Upload& upload);

}  // namespace ajar::room
