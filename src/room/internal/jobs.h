// Work that takes longer than a request, asked after until it is done.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/progress.h"
#include "room/internal/json.h"

namespace ajar::room {

// {"message", "where", "hint"} of an error.
Json ErrorJson(const Error& error);

// Thread-safe. At its end all work is cancelled and waited for.
class Jobs {
 public:
  ~Jobs();
  // What is asked for while the same is being done.
  enum class Meanwhile {
    kSame,      // is that
    kOnceMore,  // has it done once more before it ends: what it reads may have changed
  };
  // Begins it, unless the same runs, of the same kind and `of` the same: then that one's id is
  // given. What `work` gives is the result; what it raises, the error.
  std::string Start(const std::string& kind, const std::string& of, Meanwhile meanwhile,
                    std::function<Json(const Progress&)> work);
  // As the protocol has it; nothing where there is none.
  std::optional<Json> Show(const std::string& id) const;
  std::vector<Json> ShowAll() const;  // in short
  bool Cancel(const std::string& id);

 private:
  struct Job {
    std::string kind, of, state = "running", stage;
    double fraction = 0;
    bool again = false;  // to be done once more
    Json result, error;
    std::atomic<bool> cancelled = false;
    std::thread thread;
  };
  void Run(Job* job, const std::function<Json(const Progress&)>& work);

  mutable std::mutex mutex_;
  std::map<int64_t, std::unique_ptr<Job>> jobs_;
  int64_t last_ = 0;
};

}  // namespace ajar::room
