#include "train/internal/checkpoint.h"

#include <cstring>
#include <type_traits>
#include <utility>

#include "base/error.h"
#include "base/hash.h"

namespace ajar::train::internal {
namespace {

constexpr char kMagic[] = "ajar checkpoint 2\n";
constexpr uint64_t kMaxBytes = 8ull << 30;
constexpr uint64_t kMaxSplats = 20'000'000;

class Writer {
 public:
  template <class T>
  void Put(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    Bytes(&value, sizeof(value));
  }
  template <class V>
  void Array(const V& values) {
    Put<uint64_t>(values.size());
    Bytes(values.data(), values.size() * sizeof(values[0]));
  }
  void Bytes(const void* from, size_t count) {
    const auto* bytes = static_cast<const uint8_t*>(from);
    bytes_.insert(bytes_.end(), bytes, bytes + count);
  }
  std::vector<uint8_t>& bytes() { return bytes_; }

 private:
  std::vector<uint8_t> bytes_;
};

// Every read says whether there was enough; a short file is no checkpoint.
class Reader {
 public:
  Reader(const uint8_t* bytes, size_t count) : at_(bytes), left_(count) {}
  template <class T>
  bool Get(T* value) {
    return Bytes(value, sizeof(*value));
  }
  template <class V>
  bool Array(V* values) {
    uint64_t count = 0;
    if (!Get(&count) || count > left_ / sizeof((*values)[0])) return false;
    values->resize(count);
    return Bytes(values->data(), count * sizeof((*values)[0]));
  }
  bool Bytes(void* to, size_t count) {
    if (count > left_) return false;
    if (count > 0) std::memcpy(to, at_, count);
    at_ += count;
    left_ -= count;
    return true;
  }
  bool done() const { return left_ == 0; }

 private:
  const uint8_t* at_;
  size_t left_;
};

// Planes are the bulk of a checkpoint and are written from where they are.
void AddPlanes(const splat::SplatPlanes& planes, std::vector<std::span<const uint8_t>>* pieces) {
  for (int p = 0; p < planes.planes(); ++p) {
    pieces->emplace_back(reinterpret_cast<const uint8_t*>(planes.plane(p)),
                         planes.count() * sizeof(float));
  }
}

bool GetPlanes(Reader& in, splat::SplatPlanes* planes) {
  for (int p = 0; p < planes->planes(); ++p) {
    if (!in.Bytes(planes->plane(p), planes->count() * sizeof(float))) return false;
  }
  return true;
}

}  // namespace

std::string InputHash(const TrainInput& input, const Options& options) {
  Options copy = options;
  copy.checkpoint_s = 0;  // how often it is kept does not change what is kept
  Writer text;
  const std::string fields = Canonical(Fields(copy));
  text.Bytes(fields.data(), fields.size());
  text.Put(input.scene_extent);
  for (const TrainPhoto& photo : input.photos) {
    text.Bytes(photo.name.data(), photo.name.size());
    text.Array(photo.picture.data);
    text.Put(photo.picture.width);
    text.Array(photo.camera.params);
    text.Bytes(photo.cam_from_world.rotation.coeffs().data(), 4 * sizeof(double));
    text.Bytes(photo.cam_from_world.translation.data(), 3 * sizeof(double));
    const std::string so_far = Sha256Hex(text.bytes());
    text.bytes().assign(so_far.begin(), so_far.end());
  }
  text.Array(input.points);
  text.Array(input.point_colours);
  text.Array(input.point_normals);
  return Sha256Hex(text.bytes());
}

void WriteCheckpoint(const Path& file, const State& state, const std::string& input_hash) {
  Writer out;
  out.Bytes(kMagic, sizeof(kMagic));
  out.Bytes(input_hash.data(), input_hash.size());
  out.Put(state.iteration);
  out.Put(state.seconds);
  out.Put(state.progress);
  out.Put(state.loss);
  out.Put<uint64_t>(state.initial_count);
  out.Put(state.random);
  out.Array(state.order);
  out.Put(state.next_in_order);
  out.Put<uint64_t>(state.schedule.size());
  for (const ScheduleEvent& event : state.schedule) {
    out.Put(event.iteration);
    out.Array(event.kind);
    out.Put(event.value);
  }
  out.Put<uint64_t>(state.exposures.size());
  for (const ExposureState& e : state.exposures) {
    for (const Exposure* part : {&e.value, &e.m, &e.v}) {
      out.Bytes(part->gain.data(), 3 * sizeof(float));
      out.Bytes(part->offset.data(), 3 * sizeof(float));
    }
    out.Put(e.steps);
  }
  out.Put(state.vignette);
  out.Array(state.poses);
  const Model& model = state.model;
  out.Put<uint64_t>(model.count());
  out.Put<int32_t>(model.splats.sh_degree());
  Writer rest;
  rest.Array(model.pull);
  rest.Array(model.seen);
  std::vector<std::span<const uint8_t>> pieces{out.bytes()};
  for (const splat::SplatPlanes* planes : {&model.splats, &model.m, &model.v}) {
    AddPlanes(*planes, &pieces);
  }
  pieces.emplace_back(rest.bytes());
  const std::string hash = Sha256Hex(pieces);
  pieces.emplace_back(reinterpret_cast<const uint8_t*>(hash.data()), hash.size());
  WriteFileAtomic(file, pieces);
}

std::optional<State> ReadCheckpoint(const Path& file, const std::string& input_hash) {
  if (!std::filesystem::exists(file)) return std::nullopt;
  std::vector<uint8_t> bytes;
  try {
    bytes = ReadFile(file, kMaxBytes);
  } catch (const Error&) {
    return std::nullopt;  // as good as none: training starts again
  }
  constexpr size_t kHash = 64;
  if (bytes.size() < sizeof(kMagic) + 2 * kHash) return std::nullopt;
  const size_t body = bytes.size() - kHash;
  const std::string stored(bytes.begin() + static_cast<ptrdiff_t>(body), bytes.end());
  if (Sha256Hex(std::span(bytes.data(), body)) != stored) return std::nullopt;
  if (std::memcmp(bytes.data(), kMagic, sizeof(kMagic)) != 0) return std::nullopt;
  if (std::string(bytes.begin() + sizeof(kMagic), bytes.begin() + sizeof(kMagic) + kHash) !=
      input_hash) {
    return std::nullopt;
  }
  Reader in(bytes.data() + sizeof(kMagic) + kHash, body - sizeof(kMagic) - kHash);
  State state;
  uint64_t initial = 0, events = 0, exposures = 0, count = 0;
  int32_t degree = 0;
  bool ok = in.Get(&state.iteration) && in.Get(&state.seconds) && in.Get(&state.progress) &&
            in.Get(&state.loss) && in.Get(&initial) && in.Get(&state.random) &&
            in.Array(&state.order) && in.Get(&state.next_in_order) && in.Get(&events);
  state.initial_count = initial;
  for (uint64_t i = 0; ok && i < events; ++i) {
    ScheduleEvent event;
    ok = in.Get(&event.iteration) && in.Array(&event.kind) && in.Get(&event.value);
    state.schedule.push_back(std::move(event));
  }
  ok = ok && in.Get(&exposures);
  for (uint64_t i = 0; ok && i < exposures; ++i) {
    ExposureState e;
    for (Exposure* part : {&e.value, &e.m, &e.v}) {
      ok = ok && in.Bytes(part->gain.data(), 3 * sizeof(float)) &&
           in.Bytes(part->offset.data(), 3 * sizeof(float));
    }
    ok = ok && in.Get(&e.steps);
    state.exposures.push_back(e);
  }
  ok = ok && in.Get(&state.vignette) && in.Array(&state.poses) &&
       state.poses.size() == exposures && in.Get(&count) && in.Get(&degree) && count > 0 && count <= kMaxSplats &&
       degree >= 0 && degree <= kMaxShDegree;
  if (!ok) return std::nullopt;
  Model& model = state.model;
  model = Model(splat::SplatPlanes(count, degree));
  ok = GetPlanes(in, &model.splats) && GetPlanes(in, &model.m) && GetPlanes(in, &model.v) &&
       in.Array(&model.pull) && in.Array(&model.seen) && in.done() && model.pull.size() == count && model.seen.size() == count;
  if (!ok) return std::nullopt;
  return state;
}

}  // namespace ajar::train::internal
