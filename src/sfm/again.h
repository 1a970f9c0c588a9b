// Places a set of photographs that grows: only what is new is looked at and compared.
#pragma once

#include <functional>
#include <memory>

#include "sfm/reconstruct.h"

namespace ajar::sfm {

namespace internal {
struct Kept;
}

// What was found of photographs, told by their bytes: about 2 MB for each of 2000 details. Of one
// kind of options.
class Memory {
 public:
  Memory();
  ~Memory();
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  internal::Kept& kept() { return *kept_; }

 private:
  std::unique_ptr<internal::Kept> kept_;
};

// Gets each picture that is looked at, at the options' size, once and from any thread.
using OnPicture = std::function<void(const photo::Photo& photo, const Image8& picture)>;

// As Reconstruct, but that nothing could be placed is a result: its reconstruction is empty.
// With another history behind them, the same photographs may come to lie a hair elsewhere: trials
// are drawn in another order. Errors: kInput, kCancelled.
Result ReconstructAgain(const photo::PhotoSet& photos, const Options& options, Memory* memory,
                        const OnPicture& on_picture, const Progress& progress);

}  // namespace ajar::sfm
