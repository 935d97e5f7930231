# What every target of the project is compiled with.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

set(NARADA_SANITIZE "" CACHE STRING "Comma-separated sanitizers, e.g. address,undefined or thread")
option(NARADA_COVERAGE "Instrument for gcov" OFF)
option(NARADA_PRECOMPILE "Precompile the standard library's headers and the JSON library's" OFF)

add_library(narada_options INTERFACE)
find_package(Threads REQUIRED)
target_link_libraries(narada_options INTERFACE Threads::Threads)
target_compile_options(narada_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
# Where it optimizes, g++ 12 sees uninitialized members in moved std::variants (its bug 105562 and kin)
# and copies out of bounds in short std::strings (105329, 105651) where there are none. The builds that
# do not optimize keep these warnings.
if(CMAKE_BUILD_TYPE STREQUAL RelWithDebInfo OR NARADA_SANITIZE MATCHES thread)
  target_compile_options(narada_options INTERFACE -Wno-maybe-uninitialized -Wno-restrict
    -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
endif()
target_include_directories(narada_options INTERFACE ${CMAKE_SOURCE_DIR})
if(NARADA_SANITIZE)
  target_compile_options(narada_options INTERFACE -fsanitize=${NARADA_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(narada_options INTERFACE -fsanitize=${NARADA_SANITIZE})
  if(NARADA_SANITIZE MATCHES undefined)
    target_compile_options(narada_options INTERFACE -fno-sanitize-recover=undefined)
    # The headers of Pistache and Connector/C++ are used across uninstrumented libraries whose
    # type information is not ours to check.
    target_compile_options(narada_options INTERFACE -fno-sanitize=vptr)
    target_link_options(narada_options INTERFACE -fno-sanitize=vptr)
  endif()
endif()
if(NARADA_COVERAGE)
  target_compile_options(narada_options INTERFACE --coverage -fprofile-abs-path)
  target_link_options(narada_options INTERFACE --coverage)
endif()

# A target whose sources the headers of cmake/precompiled.h are put in front of. The dev build goes
# without, so that a missing #include is seen.
if(NARADA_PRECOMPILE)
  add_library(narada_precompiled STATIC ${CMAKE_SOURCE_DIR}/cmake/precompiled.cpp)
  target_link_libraries(narada_precompiled PRIVATE narada_options)
  # GLib's flags bring them for some targets; precompiled headers want the same macros everywhere.
  target_compile_definitions(narada_options INTERFACE _LARGEFILE64_SOURCE _REENTRANT)
  target_precompile_headers(narada_precompiled PRIVATE ${CMAKE_SOURCE_DIR}/cmake/precompiled.h)
endif()
function(narada_precompile target)
  if(NARADA_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM narada_precompiled)
  endif()
endfunction()

# narada_library(NAME [LINKS…]): the folder's sources as a static library.
function(narada_library name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*/*.cpp)
  add_library(${name} STATIC ${sources})
  target_link_libraries(${name} PUBLIC narada_options ${ARGN})
  narada_precompile(${name})
endfunction()
