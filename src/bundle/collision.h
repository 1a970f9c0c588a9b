// What a walking visitor bumps into, as binary glTF 2.0 (Khronos, ISO/IEC 12113:2022): one buffer,
// a node and a mesh for each of "floor", "obstacles", "walls" and "unknown" that has triangles,
// sharing their positions; no materials. docs/site-format.md says what the parts mean.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "space/mesh.h"

namespace ajar::bundle {

std::vector<uint8_t> EncodeCollision(const space::CollisionMesh& mesh);

// Reads what EncodeCollision writes; other nodes are passed over. Errors: kInput for anything that
// is broken, over 16 MiB or not finite. `where` is the file's name for messages.
space::CollisionMesh DecodeCollision(std::span<const uint8_t> bytes, const std::string& where);

}  // namespace ajar::bundle
