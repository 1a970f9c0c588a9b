// Checks for our own bugs: print the condition, the values and the place, then abort.
// Never for anything that comes from outside the program; that is Fail() in error.h.
#pragma once

#include <sstream>
#include <string>

namespace ajar::internal {

[[noreturn]] void CheckFailed(const char* file, int line, const char* condition,
                              const std::string& values);

template <class A, class B>
std::string CheckValues(const A& a, const B& b) {
  std::ostringstream out;
  out << a << " vs. " << b;
  return out.str();
}

}  // namespace ajar::internal

#define AJAR_CHECK(condition) \
  ((condition) ? (void)0 : ::ajar::internal::CheckFailed(__FILE__, __LINE__, #condition, {}))

#define AJAR_CHECK_OP(a, op, b)                                                    \
  (((a)op(b)) ? (void)0                                                            \
              : ::ajar::internal::CheckFailed(__FILE__, __LINE__, #a " " #op " " #b, \
                                              ::ajar::internal::CheckValues((a), (b))))
#define AJAR_CHECK_EQ(a, b) AJAR_CHECK_OP(a, ==, b)
#define AJAR_CHECK_NE(a, b) AJAR_CHECK_OP(a, !=, b)
#define AJAR_CHECK_LT(a, b) AJAR_CHECK_OP(a, <, b)
#define AJAR_CHECK_LE(a, b) AJAR_CHECK_OP(a, <=, b)
#define AJAR_CHECK_GT(a, b) AJAR_CHECK_OP(a, >, b)
#define AJAR_CHECK_GE(a, b) AJAR_CHECK_OP(a, >=, b)
