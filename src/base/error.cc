#include "base/error.h"

#include <cerrno>
#include <cstring>
#include <utility>

namespace ajar {
namespace {

std::string Compose(const std::string& message, const std::string& where,
                    const std::string& hint) {
  std::string full;
  if (!where.empty()) full += where + ": ";
  full += message;
  if (!hint.empty()) full += " " + hint;
  return full;
}

}  // namespace

Error::Error(ErrorCode code, std::string message, std::string where, std::string hint)
    : code_(code),
      message_(std::move(message)),
      where_(std::move(where)),
      hint_(std::move(hint)),
      full_(Compose(message_, where_, hint_)) {}

void Fail(ErrorCode code, std::string message, std::string where, std::string hint) {
  throw Error(code, std::move(message), std::move(where), std::move(hint));
}

void FailErrno(int error_number, std::string_view doing, std::string where) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      Fail(ErrorCode::kDisk, "Could not " + std::string(doing) + ": the disk is full.",
           std::move(where), "Free some space and run the same command again; nothing was lost.");
    case EROFS:
    case EIO:
    case EFBIG:
      Fail(ErrorCode::kDisk,
           "Could not " + std::string(doing) + ": " + std::strerror(error_number) + ".",
           std::move(where));
    case EACCES:
    case EPERM:
      Fail(ErrorCode::kInput, "Could not " + std::string(doing) + ": this is not allowed here.",
           std::move(where), "Choose another place, or ask whoever looks after this computer.");
    default:
      Fail(ErrorCode::kInput,
           "Could not " + std::string(doing) + ": " + std::strerror(error_number) + ".",
           std::move(where));
  }
}

}  // namespace ajar
