// The instruction sets that this machine has and the kernels are compiled for, and a way to make
// the kernels use one of them.
#pragma once

#include <string>
#include <vector>

namespace ajar::bench {

// Best first: AVX3 (AVX-512), AVX2, SSE4, SSSE3, SCALAR on x86.
std::vector<std::string> InstructionSets();
// From now on, until another is named. Not while a loop runs in parallel. False when there is no
// such set here.
bool UseInstructionSet(const std::string& name);

}  // namespace ajar::bench
