#include "base/parallel.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/check.h"

namespace ajar {
namespace {

thread_local bool inside_loop = false;

int AvailableProcessors() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof(set), &set) == 0) {
    return std::clamp(CPU_COUNT(&set), 1, 256);
  }
  return std::clamp<int>(static_cast<int>(std::thread::hardware_concurrency()), 1, 256);
}

// A fixed set of workers; one loop at a time; chunks are handed out by an atomic counter.
class Pool {
 public:
  explicit Pool(int threads) {
    for (int i = 1; i < threads; ++i) workers_.emplace_back([this] { Work(); });
  }

  ~Pool() {
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    for (std::thread& worker : workers_) worker.join();
  }

  int threads() const { return static_cast<int>(workers_.size()) + 1; }

  void Run(size_t chunks, const std::function<void(size_t)>& run_chunk) {
    std::lock_guard one_loop_at_a_time(loop_mutex_);
    {
      std::lock_guard lock(mutex_);
      run_chunk_ = &run_chunk;
      chunks_ = chunks;
      next_.store(0, std::memory_order_relaxed);
      error_ = nullptr;
      active_ = static_cast<int>(workers_.size());
      ++generation_;
    }
    wake_.notify_all();
    inside_loop = true;
    TakeChunks();
    inside_loop = false;
    std::unique_lock lock(mutex_);
    done_.wait(lock, [this] { return active_ == 0; });
    if (error_) std::rethrow_exception(error_);
  }

 private:
  void TakeChunks() {
    for (;;) {
      const size_t chunk = next_.fetch_add(1, std::memory_order_relaxed);
      if (chunk >= chunks_) return;
      try {
        (*run_chunk_)(chunk);
      } catch (...) {
        std::lock_guard lock(mutex_);
        if (!error_) error_ = std::current_exception();
        next_.store(chunks_, std::memory_order_relaxed);
      }
    }
  }

  void Work() {
    inside_loop = true;
    uint64_t seen = 0;
    for (;;) {
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [&] { return stopping_ || generation_ != seen; });
        if (stopping_) return;
        seen = generation_;
      }
      TakeChunks();
      std::lock_guard lock(mutex_);
      if (--active_ == 0) done_.notify_one();
    }
  }

  std::vector<std::thread> workers_;
  std::mutex loop_mutex_, mutex_;
  std::condition_variable wake_, done_;
  const std::function<void(size_t)>* run_chunk_ = nullptr;
  size_t chunks_ = 0;
  std::atomic<size_t> next_{0};
  std::exception_ptr error_;
  int active_ = 0;
  uint64_t generation_ = 0;
  bool stopping_ = false;
};

std::mutex pool_mutex;
std::unique_ptr<Pool> pool;

Pool& ThePool() {
  std::lock_guard lock(pool_mutex);
  if (!pool) pool = std::make_unique<Pool>(AvailableProcessors());
  return *pool;
}

}  // namespace

void SetThreadCount(int threads) {
  AJAR_CHECK_GE(threads, 1);
  AJAR_CHECK_LE(threads, 256);
  std::lock_guard lock(pool_mutex);
  if (!pool || pool->threads() != threads) pool = std::make_unique<Pool>(threads);
}

int ThreadCount() { return ThePool().threads(); }

void ParallelForChunks(size_t count, size_t chunk_size,
                       const std::function<void(size_t, size_t, size_t)>& body) {
  AJAR_CHECK_GT(chunk_size, 0u);
  const size_t chunks = ChunkCount(count, chunk_size);
  const auto run = [&](size_t chunk) {
    body(chunk, chunk * chunk_size, std::min(count, (chunk + 1) * chunk_size));
  };
  if (inside_loop || chunks <= 1) {
    for (size_t chunk = 0; chunk < chunks; ++chunk) run(chunk);
    return;
  }
  ThePool().Run(chunks, run);
}

void ParallelFor(size_t count, size_t chunk_size, const std::function<void(size_t)>& body) {
  ParallelForChunks(count, chunk_size, [&](size_t, size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) body(i);
  });
}

}  // namespace ajar
