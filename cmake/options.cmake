# What every target of the project is compiled with.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

set(NARADA_SANITIZE "" CACHE STRING "Comma-separated sanitizers, e.g. address,undefined or thread")
option(NARADA_COVERAGE "Instrument for gcov" OFF)
option(NARADA_UNITY "Compile each library in few, large translation units" OFF)

add_library(narada_options INTERFACE)
target_compile_options(narada_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
# g++ 12 sees uninitialized members in moved std::variants where there are none (its bug 105562 and kin);
# it does so only when it optimizes.
target_compile_options(narada_options INTERFACE $<$<CONFIG:RelWithDebInfo>:-Wno-maybe-uninitialized>)
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

# narada_library(NAME [LINKS…]): the folder's sources as a static library.
function(narada_library name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*/*.cpp)
  if(sources)
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PUBLIC narada_options ${ARGN})
    if(NARADA_UNITY)
      set_target_properties(${name} PROPERTIES UNITY_BUILD ON)
    endif()
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE narada_options ${ARGN})
  endif()
endfunction()
