// Parallel loops over chunks that depend on the data only, never on the number of threads:
// with sums kept per chunk and added in chunk order, results have the same bits for any
// number of threads.
#pragma once

#include <cstddef>
#include <functional>

namespace ajar {

// The number of threads used from now on, in [1, 256]. Call from the main thread while no loop
// runs. The default is the number of processors this process may use.
void SetThreadCount(int threads);
int ThreadCount();

// Calls body(chunk, begin, end) for every chunk of at most `chunk_size` consecutive indices of
// [0, count); chunk k covers [k * chunk_size, min(count, (k + 1) * chunk_size)). Chunks run in
// any order on any thread, each once. Returns when all are done; the first exception thrown by
// a body is rethrown here (later chunks are then skipped). A loop inside a loop runs serially
// on the thread that meets it.
void ParallelForChunks(size_t count, size_t chunk_size,
                       const std::function<void(size_t chunk, size_t begin, size_t end)>& body);

inline size_t ChunkCount(size_t count, size_t chunk_size) {
  return (count + chunk_size - 1) / chunk_size;
}

// ParallelForChunks with the index alone.
void ParallelFor(size_t count, size_t chunk_size, const std::function<void(size_t index)>& body);

}  // namespace ajar
