# ajar_module(NAME name
#             SOURCES a.cc b.cc ...       explicit, no globbing
#             DEPS base scene ...         modules of ours, public
#             PUBLIC_LIBS Eigen3::Eigen   third party seen in public headers
#             LIBS PNG::PNG ...           third party private to the module
#             LIGHT                       spends no time to speak of: compiled quickly rather than well
#             NUMERIC                     reads no bytes from outside: left out of sanitizer builds
#                                         that AJAR_SANITIZE_READERS restricts to those that do; taken
#                                         from the build in AJAR_NUMERIC_FROM, if one is named
#             TESTS a_test.cc ...         built into one GoogleTest program, <name>_test,
#                                         which the target unit_tests builds
function(ajar_module)
  cmake_parse_arguments(M "LIGHT;NUMERIC" "NAME" "SOURCES;DEPS;PUBLIC_LIBS;LIBS;TESTS;TEST_LIBS" ${ARGN})
  set(target ajar_${M_NAME})
  list(TRANSFORM M_DEPS PREPEND ajar_)
  if(M_NUMERIC AND AJAR_SANITIZE AND AJAR_SANITIZE_READERS AND AJAR_NUMERIC_FROM)
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE
      "${AJAR_NUMERIC_FROM}/src/${M_NAME}/lib${target}.a" ajar_flags ${M_DEPS} ${M_PUBLIC_LIBS} ${M_LIBS})
    return()
  endif()
  add_library(${target} STATIC ${M_SOURCES})
  target_link_libraries(${target} PUBLIC ajar_flags ${M_DEPS} ${M_PUBLIC_LIBS} PRIVATE ${M_LIBS})
  if(M_NUMERIC AND AJAR_SANITIZE AND AJAR_SANITIZE_READERS)
    set_property(TARGET ${target} PROPERTY AJAR_UNSANITIZED ON)
    return()
  endif()
  if(M_LIGHT)
    target_compile_options(${target} PRIVATE ${AJAR_QUICKLY})
  endif()
  if(AJAR_TESTS AND M_TESTS)
    set(test ${M_NAME}_test)
    add_executable(${test} ${M_TESTS})
    target_link_libraries(${test} PRIVATE ${target} GTest::gmock_main ${M_TEST_LIBS} ${M_LIBS})
    target_compile_options(${test} PRIVATE ${AJAR_QUICKLY})
    target_compile_definitions(${test} PRIVATE
      AJAR_TEST_DATA="${CMAKE_CURRENT_SOURCE_DIR}/testdata")
    add_test(NAME ${test} COMMAND ${test})
    set_tests_properties(${test} PROPERTIES LABELS unit)
    if(NOT TARGET unit_tests)
      add_custom_target(unit_tests)
    endif()
    add_dependencies(unit_tests ${test})
  endif()
endfunction()
