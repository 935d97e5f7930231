# Writes OUTPUT, a source file that defines all_migrations() from the list of .sql files FILES in the
# order of their numbers.
cmake_minimum_required(VERSION 3.25)

list(SORT FILES)

set(entries "")
set(versions "")
foreach(file IN LISTS FILES)
  get_filename_component(name ${file} NAME)
  if(NOT name MATCHES "^([0-9][0-9][0-9][0-9])_[a-z0-9_]+[.]sql$")
    message(FATAL_ERROR "${name}: a migration is named like 0001_what_it_does.sql")
  endif()
  set(digits ${CMAKE_MATCH_1})
  string(REGEX REPLACE "^0+" "" version ${digits})
  if(version STREQUAL "" OR version IN_LIST versions)
    message(FATAL_ERROR "${name}: the number is 0 or taken by another migration")
  endif()
  list(APPEND versions ${version})
  # Hexadecimal, because neither CMake nor a raw literal carries every character unchanged.
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" bytes "${hex}")
  # A line break after each \x0a keeps the lines of the literal as long as those of the file.
  string(REPLACE "\\x0a" "\\x0a\"\n        \"" bytes "${bytes}")
  string(APPEND entries "    {${version}, \"${name}\",\n        \"${bytes}\"},\n")
endforeach()

file(WRITE ${OUTPUT}
"#include \"sql/migrations.h\"

namespace narada::storage {

const std::vector<Migration>& all_migrations() {
  static const std::vector<Migration> migrations = {
${entries}  };
  return migrations;
}

}  // namespace narada::storage
")
