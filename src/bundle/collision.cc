#include "bundle/collision.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/error.h"

namespace ajar::bundle {
namespace {

using Json = nlohmann::ordered_json;
using space::CollisionMesh;

constexpr uint32_t kMagic = 0x46546C67, kJsonChunk = 0x4E4F534A, kBinaryChunk = 0x004E4942;
constexpr uint32_t kVersion = 2;
constexpr int kFloat = 5126, kUint16 = 5123, kUint32 = 5125;
constexpr size_t kMostBytes = 16u << 20, kMostJson = 1u << 20;
constexpr size_t kHeader = 12, kChunkHeader = 8;

struct Part {
  const char* name;
  std::vector<uint32_t> CollisionMesh::*triangles;
};
constexpr std::array<Part, 4> kParts = {{{"floor", &CollisionMesh::floor},
                                         {"obstacles", &CollisionMesh::obstacles},
                                         {"walls", &CollisionMesh::walls},
                                         {"unknown", &CollisionMesh::unknown}}};

void Put32(uint32_t value, std::vector<uint8_t>* out) {
  for (int k = 0; k < 4; ++k) out->push_back(static_cast<uint8_t>(value >> (8 * k)));
}

uint32_t Get32(std::span<const uint8_t> bytes, size_t at) {
  uint32_t value = 0;
  for (size_t k = 0; k < 4; ++k) value |= static_cast<uint32_t>(bytes[at + k]) << (8 * k);
  return value;
}

void PutFloat(float value, std::vector<uint8_t>* out) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  Put32(bits, out);
}

void PutChunk(uint32_t type, std::vector<uint8_t> data, uint8_t padding, std::vector<uint8_t>* out) {
  data.resize((data.size() + 3) / 4 * 4, padding);
  Put32(static_cast<uint32_t>(data.size()), out);
  Put32(type, out);
  out->insert(out->end(), data.begin(), data.end());
}

// One positions accessor, then one of indices for each part that has any.
Json Describe(const CollisionMesh& mesh, bool wide, std::vector<uint8_t>* binary) {
  Json json = {{"asset", {{"version", "2.0"}, {"generator", "ajar"}}}};
  if (mesh.empty()) return json;
  Eigen::Vector3f low = mesh.positions[0], high = low;
  for (const Eigen::Vector3f& p : mesh.positions) {
    low = low.cwiseMin(p), high = high.cwiseMax(p);
    for (int k = 0; k < 3; ++k) PutFloat(p[k], binary);
  }
  json["accessors"] = Json::array({{{"bufferView", 0},
                                    {"componentType", kFloat},
                                    {"count", mesh.positions.size()},
                                    {"type", "VEC3"},
                                    {"min", {low[0], low[1], low[2]}},
                                    {"max", {high[0], high[1], high[2]}}}});
  json["bufferViews"] =
      Json::array({{{"buffer", 0}, {"byteOffset", 0}, {"byteLength", binary->size()}, {"target", 34962}}});
  json["nodes"] = json["meshes"] = Json::array();
  Json scene_nodes = Json::array();
  for (const Part& part : kParts) {
    const std::vector<uint32_t>& triangles = mesh.*part.triangles;
    if (triangles.empty()) continue;
    const size_t begin = binary->size(), accessor = json["accessors"].size();
    for (const uint32_t index : triangles) {
      if (wide) {
        Put32(index, binary);
      } else {
        binary->push_back(static_cast<uint8_t>(index));
        binary->push_back(static_cast<uint8_t>(index >> 8));
      }
    }
    json["bufferViews"].push_back({{"buffer", 0},
                                   {"byteOffset", begin},
                                   {"byteLength", binary->size() - begin},
                                   {"target", 34963}});
    binary->resize((binary->size() + 3) / 4 * 4, 0);
    json["accessors"].push_back({{"bufferView", accessor},
                                 {"componentType", wide ? kUint32 : kUint16},
                                 {"count", triangles.size()},
                                 {"type", "SCALAR"}});
    scene_nodes.push_back(json["nodes"].size());
    json["nodes"].push_back({{"name", part.name}, {"mesh", json["meshes"].size()}});
    json["meshes"].push_back(
        {{"name", part.name},
         {"primitives",
          Json::array({{{"attributes", {{"POSITION", 0}}}, {"indices", accessor}, {"mode", 4}}})}});
  }
  json["scenes"] = Json::array({{{"nodes", scene_nodes}}});
  json["scene"] = 0;
  json["buffers"] = Json::array({{{"byteLength", binary->size()}}});
  return json;
}

[[noreturn]] void FailBroken(const std::string& what, const std::string& where) {
  Fail(ErrorCode::kInput, "This is not a collision mesh as Ajar writes it: " + what + ".", where,
       "Make the site anew with: ajar build -o ROOM");
}

class Reader {
 public:
  Reader(std::span<const uint8_t> bytes, const std::string& where) : where_(where) {
    if (bytes.size() > kMostBytes) FailBroken("it is too large", where_);
    if (bytes.size() < kHeader + kChunkHeader || Get32(bytes, 0) != kMagic) {
      FailBroken("it is no binary glTF", where_);
    }
    if (Get32(bytes, 4) != kVersion) FailBroken("its version is not 2", where_);
    if (Get32(bytes, 8) != bytes.size()) FailBroken("it is cut off or has bytes to spare", where_);
    size_t at = kHeader;
    const auto text = Chunk(bytes, kJsonChunk, &at);
    if (text.size() > kMostJson) FailBroken("its description is too large", where_);
    int depth = 0;
    const auto shallow = [&](int d, Json::parse_event_t, Json&) {
      depth = std::max(depth, d);
      return depth < 20;
    };
    json_ = Json::parse(text.begin(), text.end(), shallow, /*allow_exceptions=*/false);
    if (!json_.is_object()) FailBroken("its description is no JSON object", where_);
    if (at < bytes.size()) binary_ = Chunk(bytes, kBinaryChunk, &at);
    if (at != bytes.size()) FailBroken("it has bytes to spare", where_);
  }

  CollisionMesh Read() const {
    CollisionMesh mesh;
    for (const Json& node : List("nodes")) {
      const Json* name = Find(node, "name");
      if (!name || !name->is_string()) continue;
      for (const Part& part : kParts) {
        if (name->get_ref<const std::string&>() != part.name) continue;
        ReadPart(At("meshes", Number(node, "mesh")), &(mesh.*part.triangles), &mesh);
      }
    }
    return mesh;
  }

 private:
  std::span<const uint8_t> Chunk(std::span<const uint8_t> bytes, uint32_t type, size_t* at) const {
    if (bytes.size() - *at < kChunkHeader) FailBroken("it is cut off", where_);
    const uint32_t length = Get32(bytes, *at);
    if (Get32(bytes, *at + 4) != type || length > bytes.size() - *at - kChunkHeader) {
      FailBroken("its chunks are not as they should be", where_);
    }
    const auto chunk = bytes.subspan(*at + kChunkHeader, length);
    *at += kChunkHeader + length;
    return chunk;
  }

  static const Json* Find(const Json& json, const char* key) {
    if (!json.is_object()) return nullptr;
    const auto found = json.find(key);
    return found == json.end() ? nullptr : &*found;
  }
  const Json& List(const char* key) const {
    static const Json kNone = Json::array();
    const Json* list = Find(json_, key);
    return list && list->is_array() ? *list : kNone;
  }
  uint64_t Number(const Json& json, const char* key) const {
    const Json* value = Find(json, key);
    if (!value || !value->is_number_unsigned()) FailBroken(std::string(key) + " is no number", where_);
    return value->get<uint64_t>();
  }
  const Json& At(const char* key, uint64_t index) const {
    const Json& list = List(key);
    if (index >= list.size()) FailBroken(std::string("there is no such entry in ") + key, where_);
    return list[static_cast<size_t>(index)];
  }

  struct Values {
    std::span<const uint8_t> bytes;
    size_t count;
    uint64_t type;
  };
  Values Accessor(uint64_t index, size_t components) const {
    const Json& accessor = At("accessors", index);
    const Json& view = At("bufferViews", Number(accessor, "bufferView"));
    const uint64_t count = Number(accessor, "count"), type = Number(accessor, "componentType");
    const uint64_t size = type == kUint16 ? 2 : 4;
    const uint64_t offset = Number(view, "byteOffset"), length = Number(view, "byteLength");
    if (offset > binary_.size() || length > binary_.size() - offset || offset % size != 0 ||
        count > length / (size * components)) {
      FailBroken("an entry leads outside of it", where_);
    }
    return {binary_.subspan(static_cast<size_t>(offset), static_cast<size_t>(length)),
            static_cast<size_t>(count), type};
  }

  void ReadPart(const Json& part, std::vector<uint32_t>* triangles, CollisionMesh* mesh) const {
    const Json* primitives = Find(part, "primitives");
    if (!primitives || !primitives->is_array() || primitives->size() != 1) {
      FailBroken("a part has not one piece", where_);
    }
    const Json* attributes = Find((*primitives)[0], "attributes");
    if (!attributes) FailBroken("a part has no positions", where_);
    if (mesh->positions.empty()) {
      const Values values = Accessor(Number(*attributes, "POSITION"), 3);
      if (values.type != kFloat) FailBroken("positions are no floats", where_);
      for (size_t i = 0; i < values.count; ++i) {
        Eigen::Vector3f p;
        for (size_t k = 0; k < 3; ++k) {
          const uint32_t bits = Get32(values.bytes, 4 * (3 * i + k));
          std::memcpy(&p[static_cast<int>(k)], &bits, sizeof(bits));
        }
        if (!p.allFinite()) FailBroken("a position is not finite", where_);
        mesh->positions.push_back(p);
      }
    }
    const Values values = Accessor(Number((*primitives)[0], "indices"), 1);
    if (values.count % 3 != 0 || (values.type != kUint16 && values.type != kUint32)) {
      FailBroken("a part has broken triangles", where_);
    }
    triangles->clear();
    for (size_t i = 0; i < values.count; ++i) {
      const uint32_t index = values.type == kUint32
                                 ? Get32(values.bytes, 4 * i)
                                 : static_cast<uint32_t>(values.bytes[2 * i] |
                                                         values.bytes[2 * i + 1] << 8);
      if (index >= mesh->positions.size()) FailBroken("a triangle has no such corner", where_);
      triangles->push_back(index);
    }
  }

  std::string where_;
  Json json_;
  std::span<const uint8_t> binary_;
};

}  // namespace

std::vector<uint8_t> EncodeCollision(const CollisionMesh& mesh) {
  std::vector<uint8_t> binary, chunks, out;
  const Json json = Describe(mesh, mesh.positions.size() > 65535, &binary);
  const std::string text = json.dump();
  PutChunk(kJsonChunk, {text.begin(), text.end()}, ' ', &chunks);
  if (!binary.empty()) PutChunk(kBinaryChunk, std::move(binary), 0, &chunks);
  Put32(kMagic, &out);
  Put32(kVersion, &out);
  Put32(static_cast<uint32_t>(kHeader + chunks.size()), &out);
  out.insert(out.end(), chunks.begin(), chunks.end());
  return out;
}

CollisionMesh DecodeCollision(std::span<const uint8_t> bytes, const std::string& where) {
  return Reader(bytes, where).Read();
}

}  // namespace ajar::bundle
