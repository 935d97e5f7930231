# Tests that are not doctest binaries: scripts that read files, start programs or drive a browser.
find_program(PYTHON3 python3 REQUIRED)
find_program(NODE node REQUIRED)

add_test(NAME include-order COMMAND ${CMAKE_SOURCE_DIR}/tools/check-includes)
add_test(NAME include-order-control
  COMMAND ${PYTHON3} ${CMAKE_SOURCE_DIR}/tests/scripts/check_includes_test.py ${CMAKE_SOURCE_DIR}/tools/check-includes)
set_tests_properties(include-order include-order-control PROPERTIES LABELS scripts TIMEOUT 60)
