#include "base/progress.h"

#include "base/error.h"

namespace ajar {

void Progress::ThrowIfCancelled() const {
  if (cancelled()) {
    Fail(ErrorCode::kCancelled, "Stopped as asked.", {},
         "Run the same command again and it goes on from here.");
  }
}

}  // namespace ajar
