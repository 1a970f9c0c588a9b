# Compiler flags shared by every target of ours.
add_library(ajar_flags INTERFACE)
target_compile_options(ajar_flags INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # False alarms of g++ 12 on std::string and std::vector (GCC bug 105329 and its kin).
  target_compile_options(ajar_flags INTERFACE -Wno-restrict -Wno-alloc-size-larger-than)
endif()
if(AJAR_WERROR)
  target_compile_options(ajar_flags INTERFACE -Werror)
endif()
target_include_directories(ajar_flags INTERFACE "${PROJECT_SOURCE_DIR}/src")

# The same bits for any number of threads and on every run: no reassociation by the compiler.
target_compile_options(ajar_flags INTERFACE -ffp-contract=off)

if(AJAR_SANITIZE)
  target_compile_options(ajar_flags INTERFACE
    "$<$<NOT:$<BOOL:$<TARGET_PROPERTY:AJAR_UNSANITIZED>>>:-fsanitize=${AJAR_SANITIZE};-fno-omit-frame-pointer;-fno-sanitize-recover=all>")
  target_link_options(ajar_flags INTERFACE -fsanitize=${AJAR_SANITIZE})
endif()
if(AJAR_SCALAR)
  # Highway's own switch: leave only its portable scalar target.
  target_compile_definitions(ajar_flags INTERFACE HWY_COMPILE_ONLY_SCALAR)
endif()

# For what spends no time to speak of, tests among it; as the sanitizer builds have it anyway.
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  set(AJAR_QUICKLY -O1)
endif()
